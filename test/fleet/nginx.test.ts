import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BALANCERS, balancedCluster, LAST, OPTION, SERVERS, VERSIONS, type BalancedCluster } from './balanced';
import { startFleet, type Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';

describe.skipIf(fleetSkipReason() !== undefined)(
  'a fixed address that two machines carry with nginx and keepalived',
  () => {
    let fleet: Fleet;
    let balanced: BalancedCluster;

    beforeAll(async () => {
      fleet = await startFleet({
        hosts: [
          ...[...SERVERS, 'server-4', 'agent-1'].map((name) => ({ name })),
          ...BALANCERS.map((name) => ({ name, packages: true })),
        ],
        k3sVersions: VERSIONS,
      });
      balanced = balancedCluster(fleet, 'nginx');
    });

    afterAll(async () => {
      await fleet?.stop();
      expect(await fleet?.leftovers()).toEqual([]);
    });

    it('is installed from packages', async () => {
      const done = await balanced.apply({});
      expect(done.filter((id) => id.includes('lb-1'))).toEqual([
        'install-packages:lb-1',
        'write-balancer:lb-1:nginx',
        'write-balancer:lb-1:keepalived',
      ]);
      expect((await balanced.carrier()).name).toBe('lb-1');
    });

    it('costs no request when servers are restarted, because each is taken out first', async () => {
      const report = await balanced.meanwhile(() => balanced.apply({ options: OPTION }));
      expect(report.failed).toEqual([]);
      expect(report.requests).toBeGreaterThan(100);
    });

    it('costs no request when the cluster is upgraded', async () => {
      const report = await balanced.meanwhile(() => balanced.apply(LAST));
      expect(report.failed).toEqual([]);
    });

    it('costs no request when a server leaves the file and is stopped after the run', async () => {
      const leaving = fleet.host('server-4');
      await balanced.apply({ ...LAST, servers: [...SERVERS, leaving.name] });
      const report = await balanced.meanwhile(async (client) => {
        await balanced.apply(LAST);
        await leaving.mustExec('systemctl stop k3s');
        await client.answered(20);
      });
      expect(report.failed).toEqual([]);
      await leaving.mustExec('systemctl start k3s');
    });

    it('costs less than a second when nginx is stopped on the machine that has the address', async () => {
      const holder = await balanced.carrier();
      const report = await balanced.meanwhile(async (client) => {
        await holder.mustExec('systemctl stop nginx');
        await until('the other machine has the address', 10_000, async () => {
          const found = await balanced.carriers();
          return found.length === 1 && found[0] !== holder ? true : undefined;
        });
        await client.answered(10);
      });
      expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(1000);
      await balanced.apply(LAST);
    });

    it('notices a server that falls silent only by the connections that fail: they are late, not lost', async () => {
      const next = await leastConnected(await balanced.carrier());
      const report = await balanced.meanwhile(async (client) => {
        await next.powerOff();
        await client.answered(30);
      });
      expect(report.failed).toEqual([]);
      expect(report.slowestMs, JSON.stringify(report)).toBeGreaterThan(1500);
    });

    /** The server that nginx gives the next connection: each of them may have some that last. */
    const leastConnected = async (holder: FleetHost): Promise<FleetHost> => {
      const counted = await Promise.all(
        SERVERS.map(async (name) => {
          const host = fleet.host(name);
          const shown = await holder.mustExec('ss -Htn state established dst "$1" dport = :6443', {
            args: [host.address],
          });
          return { host, connections: shown.split('\n').length };
        }),
      );
      return counted.reduce((least, one) => (one.connections < least.connections ? one : least)).host;
    };
  },
);

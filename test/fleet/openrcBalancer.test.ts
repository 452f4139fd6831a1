import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BALANCERS, balancedCluster, LAST, OPTION, SERVERS, VERSIONS, type BalancedCluster } from './balanced';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';

describe.skipIf(fleetSkipReason() !== undefined)('HAProxy and keepalived where OpenRC runs one of both', () => {
  let fleet: Fleet;
  let balanced: BalancedCluster;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [
        ...[...SERVERS, 'agent-1'].map((name) => ({ name })),
        ...BALANCERS.map((name) => ({ name, packages: true, ...(name === 'lb-1' ? { init: 'openrc' as const } : {}) })),
      ],
      k3sVersions: VERSIONS,
    });
    balanced = balancedCluster(fleet, 'haproxy');
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(fleet?.leftovers()).toEqual([]);
  });

  it('are installed, started, and start with the host', async () => {
    await balanced.apply({});
    expect((await balanced.carrier()).name).toBe('lb-1');
    const enabled = await fleet.host('lb-1').mustExec('rc-update show default');
    expect(enabled).toMatch(/haproxy[^]*keepalived/);
  });

  it('cost no request when three servers get another option, one after another', async () => {
    const report = await balanced.meanwhile(() => balanced.apply({ options: OPTION }));
    expect(report.failed).toEqual([]);
    expect(report.requests).toBeGreaterThan(100);
  });

  it('take a new configuration without cutting a connection', async () => {
    const before = await fleet.host('lb-1').mustExec('cat /run/keepalived.pid');
    const report = await balanced.meanwhile(() => balanced.apply({ ...LAST, servers: SERVERS.slice(0, 3) }));
    expect(report.failed).toEqual([]);
    expect(await fleet.host('lb-1').mustExec('cat /run/keepalived.pid')).toBe(before);
  });

  it('give the address away when HAProxy is killed, and the next run starts it again', async () => {
    const report = await balanced.meanwhile(async (client) => {
      await fleet.host('lb-1').mustExec('pkill -9 haproxy');
      await until('the other machine has the address', 10_000, async () => {
        const found = await balanced.carriers();
        return found.length === 1 && found[0]?.name === 'lb-2' ? true : undefined;
      });
      await client.answered(10);
    });
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(3000);
    const done = await balanced.apply(LAST);
    expect(done.filter((id) => !id.startsWith('await'))).toEqual(['write-balancer:lb-1:haproxy']);
    expect(await fleet.host('lb-1').mustExec('rc-service haproxy status; cat /var/lib/k3s-ha/balancer-down')).toMatch(
      /0\n$/,
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceBalancerConfig } from '../../src/core/remote/balancerConfig';
import { target } from '../../src/engine/hosts/targets';
import { BALANCERS, balancedCluster, OPTION, SERVERS, VERSIONS, type BalancedCluster } from './balanced';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';

const HAPROXY_CONFIG = '/etc/haproxy/haproxy.cfg';

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
      // As patient as etcd of K3s: a busy machine is no reason for an election, which answers 500.
      doubleSettings: { peer_timeout: 2, silence: 5 },
    });
    balanced = balancedCluster(fleet, 'haproxy');
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
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
    const lb = fleet.host('lb-1');
    const before = await lb.mustExec('cat /run/haproxy.pid');
    const text = await lb.mustExec('cat /etc/haproxy/haproxy.cfg');
    const report = await balanced.meanwhile(() =>
      balanced.withEngine({ options: OPTION }, async (engine) => {
        const machine = engine.cluster.loadBalancer?.nodes[0];
        if (machine === undefined) throw new Error('the cluster has no load balancer');
        const replace = (config: string): Promise<{ readonly kind: string }> =>
          engine.hosts.run(target(machine), replaceBalancerConfig('haproxy', HAPROXY_CONFIG, '0644', config));
        expect(await replace(`${text}# more\n`)).toMatchObject({ kind: 'done' });
        expect(await replace('global\n  nonsense\n')).toMatchObject({
          kind: 'failed',
          problem: { code: 'balancer-config-refused' },
        });
      }),
    );
    expect(report.failed).toEqual([]);
    expect(await lb.mustExec('cat /run/haproxy.pid')).not.toBe(before);
    expect(await lb.mustExec('cat /etc/haproxy/haproxy.cfg')).toBe(`${text}# more\n`);
    expect((await balanced.carrier()).name).toBe('lb-1');
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
    const done = await balanced.apply({ options: OPTION });
    expect(done.filter((id) => !id.startsWith('await'))).toEqual(['write-balancer:lb-1:haproxy']);
    expect(await fleet.host('lb-1').mustExec('rc-service haproxy status; cat /var/lib/k3s-ha/balancer-down')).toMatch(
      /0\n$/,
    );
  });

  it('make way for nginx, and nothing of HAProxy is left', async () => {
    const done = await balancedCluster(fleet, 'nginx').apply({ options: OPTION });
    expect(done.filter((id) => id.includes(':lb-1'))).toEqual([
      'remove-balancer:lb-1',
      'install-packages:lb-1',
      'write-balancer:lb-1:nginx',
      'write-balancer:lb-1:keepalived',
    ]);
    const left = await fleet.host('lb-1').mustExec('rc-update show default; ls /etc/haproxy; pgrep -l haproxy; exit 0');
    expect(left).toMatch(/keepalived[^]*nginx/);
    expect(left).not.toContain('haproxy');
    await balanced.carrier();
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/clock';
import { LONGEST_GAP_MS } from '../../src/core/drill/drillReport';
import { drillText } from '../../src/core/drill/drillText';
import { replaceBalancerConfig } from '../../src/core/remote/balancerConfig';
import { openDrillWatch } from '../../src/engine/drill/drillWatch';
import { reportFrom } from '../../src/engine/drill/reportFrom';
import type { DrillIntent } from '../../src/engine/operations/drill';
import { operationById } from '../../src/engine/operations/registry';
import { target } from '../../src/engine/hosts/targets';
import { BALANCERS, balancedCluster, LAST, OPTION, SECRETS, SERVERS, VERSIONS, type BalancedCluster } from './balanced';
import { expectNodes } from './byHand';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';

/** Stands above the example of a report that is made here. */
const EXAMPLE_NOTE =
  '> Made by `UPDATE_EXAMPLES=1 npm run test:fleet -- haproxy -t "installed|drilled"` on six hosts in namespaces of one machine. HAProxy, keepalived, systemd, SSH and the network are real; K3s is a test double, so nothing here tells how long a real K3s takes, and it has no pods.\n';

const NAME = 'a fixed address that two machines carry with HAProxy and keepalived';

describe.skipIf(fleetSkipReason() !== undefined)(NAME, () => {
  let fleet: Fleet;
  let balanced: BalancedCluster;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [
        ...[...SERVERS, 'agent-1'].map((name) => ({ name })),
        ...BALANCERS.map((name) => ({ name, packages: true })),
      ],
      k3sVersions: VERSIONS,
    });
    balanced = balancedCluster(fleet, 'haproxy');
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('is installed from packages before the agent registers through it', async () => {
    const done = await balanced.apply({});
    expect(done.filter((id) => id.includes('lb-'))).toEqual([
      'install-packages:lb-1',
      'write-balancer:lb-1:haproxy',
      'write-balancer:lb-1:keepalived',
      'install-packages:lb-2',
      'write-balancer:lb-2:haproxy',
      'write-balancer:lb-2:keepalived',
    ]);
    const kubeconfig = await balanced.kubeconfig();
    expect(kubeconfig).toContain(`https://${fleet.address(100)}:6443`);
    await expectNodes(fleet, kubeconfig, Object.fromEntries([...SERVERS, 'agent-1'].map((name) => [name, 'Ready'])));
    expect((await balanced.carrier()).name).toBe('lb-1');
  });

  it('lets nobody but root speak to HAProxy, and shows its state on loopback only', async () => {
    const lb = fleet.host('lb-1');
    expect(await lb.mustExec('stat -c "%a %U" /run/haproxy-k3s-ha.sock')).toBe('600 root\n');
    expect(await lb.mustExec("ss -lntH | awk '{print $4}' | grep -E ':(6443|8404)$' | sort")).toBe(
      '0.0.0.0:6443\n127.0.0.1:8404\n',
    );
  });

  it('is drilled: a server, the machine that has the address and the network of a server go and come back', async () => {
    const holder = await balanced.carrier();
    const parts = ['k3s:server-2', `balancer:${holder.name}`, 'link:server-3'];
    const made = await balanced.withEngine({}, async (engine) => {
      const wanted = { operation: operationById('drill'), intent: { parts, seconds: 6 } satisfies DrillIntent };
      const prepared = await engine.plan(wanted);
      expect(prepared.plan.problems).toEqual([]);
      const endpoint = { kubeconfig: await balanced.kubeconfig() };
      const opened = await openDrillWatch(engine.cluster, endpoint, { api: engine.api, clock: systemClock });
      if (!opened.ok) throw new Error(opened.error.message);
      const report = await engine.run(prepared, undefined, opened.value);
      const drilled = reportFrom(prepared, report, opened.value, Date.now());
      await opened.value.close();
      expect(report.problems).toEqual([]);
      return drilled;
    });
    expect(made.parts.map(({ part, seen }) => `${part} ${seen?.back}`)).toEqual(parts.map((part) => `${part} true`));
    const [server, balancer, link] = made.parts.map(({ seen }) => seen);
    expect(server?.quorum).toEqual({ alive: 2, members: 3 });
    expect(link?.quorum).toEqual({ alive: 2, members: 3 });
    expect(balancer?.quorum).toEqual({ alive: 3, members: 3 });
    for (const seen of [server, balancer, link]) {
      expect(seen?.api.asked).toBeGreaterThan(30);
      expect(seen?.api.longestMs).toBeLessThan(LONGEST_GAP_MS);
    }
    // Nothing is left on the machines but what says that it is over.
    for (const name of ['server-2', 'server-3', holder.name])
      expect(await fleet.host(name).mustExec('ls /var/lib/k3s-ha | grep -x "drill" || echo none')).toBe('none\n');
    expect(await fleet.host('server-3').mustExec('nft list tables 2>/dev/null | grep drill || echo none')).toBe(
      'none\n',
    );
    if (process.env['UPDATE_EXAMPLES'] !== undefined) {
      const examples = join(import.meta.dirname, '../../docs/examples');
      mkdirSync(examples, { recursive: true });
      writeFileSync(join(examples, 'drill.md'), `${EXAMPLE_NOTE}\n${drillText(made)}`);
      writeFileSync(join(examples, 'drill.json'), `${JSON.stringify(made, undefined, 2)}\n`);
    }
  });

  it('costs no request when three servers get another option, one after another', async () => {
    let done: string[] = [];
    const report = await balanced.meanwhile(async () => {
      done = await balanced.apply({ options: OPTION });
    });
    expect(done.filter((id) => id.endsWith(':server-2'))).toEqual([
      'put-aside:server-2',
      'write-config:server-2',
      'take-out:server-2',
      'restart:server-2',
      'put-back:server-2',
      'put-in:server-2',
    ]);
    expect(report.failed).toEqual([]);
    expect(report.requests).toBeGreaterThan(100);
  });

  it('costs no request when the cluster is upgraded', async () => {
    const report = await balanced.meanwhile(() => balanced.apply(LAST));
    expect(report.failed).toEqual([]);
    expect(report.requests).toBeGreaterThan(100);
  });

  it('costs less than a second when HAProxy is stopped on the machine that has the address', async () => {
    const holder = await balanced.carrier();
    const report = await balanced.meanwhile(async (client) => {
      await holder.mustExec('systemctl stop haproxy');
      await until('the other machine has the address', 10_000, async () => {
        const found = await balanced.carriers();
        return found.length === 1 && found[0] !== holder ? true : undefined;
      });
      await client.answered(10);
    });
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(1000);
  });

  it('is started again by the next run, and the address stays where it is', async () => {
    const holder = await balanced.carrier();
    const report = await balanced.meanwhile(async () => {
      const done = await balanced.apply(LAST);
      expect(done.filter((id) => !id.startsWith('await'))).toEqual([
        expect.stringMatching(/^write-balancer:lb-\d:haproxy$/),
      ]);
    });
    expect(report.failed).toEqual([]);
    expect((await balanced.carrier()).name).toBe(holder.name);
  });

  it('costs less than three seconds when the machine that has the address dies', async () => {
    const holder = await balanced.carrier();
    const report = await balanced.meanwhile(async (client) => {
      await holder.powerOff();
      await balanced.carrier();
      await client.answered(10);
    });
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(3000);
    await balanced.withEngine(LAST, async (engine) => {
      const { plan } = await engine.plan();
      expect(plan.problems).toEqual([]);
      expect(plan.steps).toEqual([]);
      expect(plan.notes.join()).toContain(`${holder.name} does not answer and is left out`);
    });
    await holder.powerOn();
  });

  it('gives a server back that was taken out by a run which was cut off', async () => {
    await fleet
      .host('lb-2')
      .mustExec(
        'until [ -S /run/haproxy-k3s-ha.sock ]; do sleep 0.1; done; echo "set server k3s-servers/server-3 state drain" | socat - UNIX-CONNECT:/run/haproxy-k3s-ha.sock',
      );
    expect((await balanced.apply(LAST)).filter((id) => !id.startsWith('await'))).toEqual(['put-in:server-3']);
  });

  it('is refused a port that another program has, and keeps the old one when that shows only at the reload', async () => {
    const lb = fleet.host('lb-2');
    await lb.mustExec(
      'systemd-run --unit=squatter --quiet python3 -m http.server 7443; until ss -lnt | grep -q :7443; do sleep 0.1; done',
    );
    const before = await lb.mustExec('cat /etc/haproxy/haproxy.cfg');
    await balanced.withEngine({ ...LAST, port: 7443 }, async (engine) => {
      const { plan } = await engine.plan();
      expect(plan.problems).toMatchObject([{ code: 'port-in-use', host: 'lb-2' }]);
      const machine = engine.cluster.loadBalancer?.nodes[1];
      if (machine === undefined) throw new Error('the cluster has no second load balancer');
      const text = before.replace('bind *:6443', 'bind *:7443');
      const outcome = await engine.hosts.run(
        target(machine),
        replaceBalancerConfig('haproxy', '/etc/haproxy/haproxy.cfg', '0644', text),
      );
      expect(outcome).toMatchObject({
        kind: 'failed',
        problem: { code: 'balancer-not-started', why: expect.stringContaining('cannot bind socket') as string },
      });
      const refused = await engine.hosts.run(
        target(machine),
        replaceBalancerConfig('haproxy', '/etc/haproxy/haproxy.cfg', '0644', 'global\n  nonsense\n'),
      );
      expect(refused).toMatchObject({
        kind: 'failed',
        problem: {
          code: 'balancer-config-refused',
          why: expect.stringContaining("unknown keyword 'nonsense'") as string,
        },
      });
    });
    expect(await lb.mustExec('cat /etc/haproxy/haproxy.cfg')).toBe(before);
    expect(await lb.mustExec('ss -lntH | grep -c 0.0.0.0:6443')).not.toBe('0\n');
    await lb.mustExec('systemctl stop squatter');
    expect((await balanced.apply(LAST)).filter((id) => !id.startsWith('await'))).toEqual([]);
  });

  it('speaks VRRP with a password when the file has one, which no plan, event or log shows', async () => {
    const secret = { ...LAST, balancer: '  vrrp: { password: "${secret:vrrp}" }\n' };
    await balanced.withEngine(secret, async (engine) => {
      const prepared = await engine.plan();
      expect(prepared.plan.problems).toEqual([]);
      const report = await engine.run(prepared);
      expect(report.problems).toEqual([]);
      for (const text of [JSON.stringify(prepared.plan), engine.told.join('\n'), engine.journal()])
        expect(text).not.toContain(SECRETS.vrrp);
    });
    const config = await fleet
      .host('lb-2')
      .mustExec('stat -c %a /etc/keepalived/keepalived.conf; cat /etc/keepalived/keepalived.conf');
    expect(config).toMatch(/^600\n/);
    expect(config).toContain(`auth_pass ${SECRETS.vrrp}`);
    const holder = await balanced.carrier();
    const report = await balanced.meanwhile(async (client) => {
      await holder.powerOff();
      await balanced.carrier();
      await client.answered(10);
    });
    // Version 2 of VRRP counts in whole seconds: three that are missed, and what the next one takes.
    expect(report.longestGapMs, JSON.stringify(report)).toBeLessThan(3500);
    await holder.powerOn();
  });

  it('is replaced by nginx on the same machines, and nothing of HAProxy is left there', async () => {
    const done = await balancedCluster(fleet, 'nginx').apply(LAST);
    expect(done.filter((id) => id.endsWith('lb-1') || id.includes(':lb-1:'))).toEqual([
      'remove-balancer:lb-1',
      'install-packages:lb-1',
      'write-balancer:lb-1:nginx',
      'write-balancer:lb-1:keepalived',
    ]);
    const lb = fleet.host('lb-1');
    expect(await lb.mustExec('command -v haproxy socat || ls /etc/systemd/system | grep haproxy || echo none')).toBe(
      'none\n',
    );
    expect(await lb.mustExec('cat /var/lib/k3s-ha/balancer-packages')).toBe('keepalived\nlibnginx-mod-stream\nnginx\n');
    const report = await balanced.meanwhile((client) => client.answered(20));
    expect(report.failed).toEqual([]);
  });

  it('is refused at an address that a stranger has, whose firewall lets no ping through', async () => {
    const stranger = fleet.address(77);
    await fleet
      .host('agent-1')
      .mustExec('iptables -A INPUT -p icmp -j DROP; ip addr add "$1/32" dev lo', { args: [stranger] });
    await balanced.withEngine({ ...LAST, address: stranger, agents: [] }, async (engine) => {
      const { plan } = await engine.plan();
      expect(plan.problems).toMatchObject([
        { code: 'balancer-address-in-use', message: `Another machine already answers at ${stranger}` },
      ]);
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodesOf } from '../../src/core/cluster/roles';
import { stopK3s } from '../../src/core/remote/stopK3s';
import { uninstallK3s } from '../../src/core/remote/uninstallK3s';
import { target } from '../../src/engine/hosts/targets';
import { operationById } from '../../src/engine/operations/registry';
import { BALANCERS, balancedCluster, SERVERS, type BalancedCluster, type Wanted } from './balanced';
import { expectNodes } from './byHand';
import type { FleetHost } from './driver/host';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';

const DATA = '/var/lib/rancher/k3s';
const PODS = '/var/lib/kubelet/pods/0b6c/volumes/kubernetes.io~nfs';

/** What of K3s is on a host, of places that only it uses. */
const TRACES = `for path in ${DATA}/agent ${DATA}/data ${DATA}/server /etc/rancher /run/k3s /etc/systemd/system/k3s.service /etc/systemd/system/k3s-agent.service /usr/local/bin/k3s /usr/local/bin/kubectl /usr/local/bin/k3s-uninstall.sh; do
  if [ -e "$path" ]; then echo "$path"; fi
done
systemctl list-unit-files --no-legend 'k3s*' || true`;

describe.skipIf(fleetSkipReason() !== undefined)('nodes that leave a cluster behind HAProxy and keepalived', () => {
  let fleet: Fleet;
  let balanced: BalancedCluster;
  let kubeconfig: string;
  const whole: Wanted = { servers: [...SERVERS, 'server-4'], agents: ['agent-1', 'agent-2'] };

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [
        ...['server-1', 'server-2', 'server-3', 'server-4', 'agent-1', 'agent-2'].map((name) => ({ name })),
        ...BALANCERS.map((name) => ({ name, packages: true })),
      ],
      k3sVersions: ['v1.36.2+k3s1'],
    });
    balanced = balancedCluster(fleet, 'haproxy');
    await balanced.apply(whole);
    kubeconfig = await balanced.kubeconfig();
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  /** Removes nodes of the whole file, and sees that nothing is left to do; gives the steps. */
  const remove = (...nodes: string[]): Promise<string[]> =>
    balanced.withEngine(whole, async (engine) => {
      const wanted = { operation: operationById('remove-node'), intent: { nodes } };
      const prepared = await engine.plan(wanted);
      expect(prepared.plan.problems).toEqual([]);
      const report = await engine.run(prepared);
      expect(report.problems).toEqual([]);
      expect((await engine.plan(wanted)).plan.steps).toEqual([]);
      return prepared.plan.steps.map(({ id }) => id);
    });

  const run = <T>(host: string, command: ReturnType<typeof stopK3s | typeof uninstallK3s>): Promise<T> =>
    balanced.withEngine(whole, async (engine) => {
      const machine = nodesOf(engine.cluster).find(({ id }) => id === host);
      if (machine === undefined) throw new Error(`no ${host}`);
      return (await engine.hosts.run(target(machine), command as never)) as T;
    });

  /** Processes that look like containers of K3s: a shim that runs its program, and a child. */
  const startPod = (host: FleetHost): Promise<string> =>
    host.mustExec(
      `mkdir -p ${DATA}/data/abc/bin && cp /bin/sleep ${DATA}/data/abc/bin/containerd-shim-runc-v2
systemd-run --unit=pod --quiet --property=KillMode=process ${DATA}/data/abc/bin/containerd-shim-runc-v2 3600
until pgrep -f '[c]ontainerd-shim-runc-v2 3600' >/dev/null; do sleep 0.1; done`,
    );

  it('never delete what lies behind a volume that is still mounted, and name it with its pod', async () => {
    const agent = fleet.host('agent-2');
    await startPod(agent);
    // A share that a process outside of pods keeps busy, which the stop cannot unmount.
    await agent.mustExec(
      `mkdir -p /srv/share "${PODS}/my data" /var/log/pods/shop_db-0_0b6c
echo precious > /srv/share/file
mount --bind /srv/share "${PODS}/my data"
systemd-run --unit=busy --quiet --property="WorkingDirectory=${PODS}/my data" sleep 3600
until [ "$(systemctl is-active busy)" = active ]; do sleep 0.1; done`,
    );
    expect(await run('agent-2', stopK3s(DATA))).toMatchObject({ kind: 'done', value: 'stopped' });
    expect(await agent.mustExec("pgrep -f '[c]ontainerd-shim-runc-v2 3600' || echo none")).toBe('none\n');
    expect(await agent.mustExec('systemctl is-enabled k3s-agent || true')).toBe('disabled\n');
    expect(await run('agent-2', uninstallK3s(DATA, false))).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'volumes-mounted',
        details: [expect.stringContaining('my data from ')],
      },
    });
    const { problem } = await run<{ problem: { details: string[] } }>('agent-2', uninstallK3s(DATA, false));
    expect(problem.details[0]).toContain(', of pod shop/db-0');
    expect(await agent.mustExec(`cat /srv/share/file; test -x /usr/local/bin/k3s && echo there`)).toBe(
      'precious\nthere\n',
    );
    // Once nobody keeps it busy, it is unmounted and what is behind it stays.
    await agent.mustExec('systemctl stop busy');
    expect(await remove('agent-2')).toEqual(expect.arrayContaining(['uninstall-k3s:agent-2']));
    expect(await agent.mustExec(`cat /srv/share/file; ${TRACES}`)).toBe('precious\n');
  });

  it('cost no request behind HAProxy, and keep volumes of local-path, and snapshots with their token', async () => {
    const server = fleet.host('server-4');
    await server.mustExec(
      `mkdir -p ${DATA}/storage/pvc-1 ${DATA}/server/db/snapshots
echo data > ${DATA}/storage/pvc-1/file
echo snapshot > ${DATA}/server/db/snapshots/on-demand-1`,
    );
    const report = await balanced.meanwhile(async () => {
      const done = await remove('server-4');
      expect(done.slice(0, 4)).toEqual([
        'take-out:server-4',
        'cordon:server-4:server-4',
        'drain:server-4:server-4',
        'stop-k3s:server-4',
      ]);
      expect(done.slice(-2)).toEqual(['write-balancer:lb-1:haproxy', 'write-balancer:lb-2:haproxy']);
    });
    expect(report.failed).toEqual([]);
    expect(report.requests).toBeGreaterThan(50);
    expect(await server.mustExec(TRACES)).toBe('');
    expect(
      await server.mustExec(
        `cat ${DATA}/storage/pvc-1/file /var/lib/k3s-ha/kept/snapshots/on-demand-1; stat -c %a /var/lib/k3s-ha/kept /var/lib/k3s-ha/kept/token`,
      ),
    ).toBe('data\nsnapshot\n700\n600\n');
    for (const name of BALANCERS)
      expect(await fleet.host(name).mustExec('cat /etc/haproxy/haproxy.cfg')).not.toContain('server-4');
    await expectNodes(fleet, kubeconfig, Object.fromEntries([...SERVERS, 'agent-1'].map((name) => [name, 'Ready'])));
  });

  it('cost no request when the first server goes', async () => {
    const report = await balanced.meanwhile(() => remove('server-1'));
    expect(report.failed).toEqual([]);
    expect(report.requests).toBeGreaterThan(50);
    expect(await fleet.host('server-1').mustExec(TRACES)).toBe('');
    await expectNodes(
      fleet,
      kubeconfig,
      Object.fromEntries(['server-2', 'server-3', 'agent-1'].map((name) => [name, 'Ready'])),
    );
  });

  it('are refused when etcd would lose its quorum, and come back under their names', async () => {
    await balanced.withEngine(whole, async (engine) => {
      const wanted = { operation: operationById('remove-node'), intent: { nodes: ['server-3'] } };
      expect((await engine.plan(wanted)).plan.problems).toMatchObject([
        { code: 'removal-would-break-cluster', host: 'server-3' },
      ]);
    });
    await balanced.apply({ servers: SERVERS });
    await expectNodes(fleet, kubeconfig, Object.fromEntries([...SERVERS, 'agent-1'].map((name) => [name, 'Ready'])));
  });

  it('are all reset, with the load balancer and the fixed address', async () => {
    await balanced.withEngine({ servers: SERVERS }, async (engine) => {
      const wanted = { operation: operationById('reset-cluster'), intent: {} };
      const prepared = await engine.plan(wanted);
      expect(prepared.plan.problems).toEqual([]);
      expect((await engine.run(prepared)).problems).toEqual([]);
      expect((await engine.plan(wanted)).plan.steps).toEqual([]);
    });
    for (const name of [...SERVERS, 'agent-1']) expect(await fleet.host(name).mustExec(TRACES)).toBe('');
    for (const name of BALANCERS) {
      const left = 'command -v haproxy keepalived socat; ls /etc/systemd/system | grep -E "haproxy|keepalived"';
      expect(await fleet.host(name).mustExec(`${left}; ip -o addr | grep -c ' ${fleet.address(100)}/' || true`)).toBe(
        '0\n',
      );
    }
  });
});

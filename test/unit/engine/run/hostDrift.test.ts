import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { differencesOf, hasDrifted, type HostDrift } from '../../../../src/core/health/hostDrift';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { lookForDrift } from '../../../../src/engine/run/hostDrift';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, TOKEN } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';
import { nodesText } from '../../../support/scriptedHosts';
import { apiNode } from '../../health/nodes';

/** What was seen and what the file says, by machine. */
function told(drift: HostDrift): readonly string[] {
  return differencesOf(drift).map(({ machine, seen, says }) => `${machine}: ${seen} | ${says}`);
}

async function look(
  cluster: Cluster,
  facts: Map<string, HostFacts>,
  first?: ScriptedCluster['first'],
): Promise<HostDrift> {
  const them = scriptedCluster(cluster, facts);
  if (first !== undefined) them.first = first;
  const drift = await lookForDrift(await them.plan(cluster), them.hosts);
  expect(them.changes(), 'a look changes nothing').toEqual([]);
  return drift;
}

function change(facts: Map<string, HostFacts>, id: string, more: (seen: HostFacts) => Partial<HostFacts>): void {
  const seen = facts.get(id) as HostFacts;
  facts.set(id, { ...seen, ...more(seen) });
}

describe('what is not as the file says', () => {
  it('is nothing where all is as written', async () => {
    const drift = await look(clusterOf(), provisionedFacts(clusterOf()));
    expect(hasDrifted(drift)).toBe(false);
    expect(drift).toMatchObject({ unseen: [], strangers: [], problems: [] });
    expect(drift.machines).toHaveLength(5);
  });

  it('is also who answers as default/kubernetes: the set of the servers, and nobody else', async () => {
    const cluster = clusterOf();
    const announcing = (...addresses: string[]): Promise<HostDrift> =>
      look(cluster, provisionedFacts(cluster), (_host, script) =>
        script === 'cluster-marks'
          ? { stdout: addresses.map((address) => `endpoint ${address}\n`).join('') }
          : undefined,
      );
    const own = cluster.servers.map(({ address }) => address);
    expect(hasDrifted(await announcing(...own))).toBe(false);
    // All servers announce the address of a load balancer instead of their own.
    expect(told(await announcing('10.77.0.100'))).toEqual([
      expect.stringMatching(
        /^server-1: The Endpoints default\/kubernetes are not the servers: .*10\.77\.0\.100 belongs to no server.* missing \| each server announces its own address/,
      ),
    ]);
    expect(told(await announcing(...own.slice(1)))).toEqual([expect.stringContaining('server-1 is missing')]);
    // Nobody could be asked, or the server does not tell.
    expect(hasDrifted(await announcing())).toBe(false);
  });

  it('is also a plan of system-upgrade-controller that puts another release back (N12)', async () => {
    const cluster = clusterOf();
    const marks = (pods: number): string =>
      `endpoint 10.0.0.11\nendpoint 10.0.0.12\nendpoint 10.0.0.13\nplan|up/k3s|v1.30.0+k3s1|||\nworkload|up/system-upgrade-controller|${pods}||\nworkload|kube-system/kured|3||\n`;
    const seen = (pods: number): Promise<HostDrift> =>
      look(cluster, provisionedFacts(cluster), (_host, script) =>
        script === 'cluster-marks' ? { stdout: marks(pods) } : undefined,
      );
    expect(told(await seen(1))).toEqual([
      expect.stringMatching(
        /^server-1: The plan up\/k3s of system-upgrade-controller keeps nodes at v1\.30\.0\+k3s1.* \| the file says v1\./,
      ),
    ]);
    expect(hasDrifted(await seen(0))).toBe(false);
  });

  it('is told option by option, with the lines of the file, and without secrets', async () => {
    const facts = provisionedFacts(clusterOf());
    change(facts, 'server-2', ({ config }) => ({
      config: `${config}write-kubeconfig-mode: "0644"\nkubelet-arg:\n  - max-pods=200\netcd-s3-secret-key: hunter2\n`,
    }));
    const drift = await look(clusterOf({ serverConfig: { 'write-kubeconfig-mode': '0640', debug: true } }), facts);
    expect(told(drift).filter((line) => line.startsWith('server-2'))).toEqual([
      'server-2: write-kubeconfig-mode is 0644 | the file says 0640',
      'server-2: debug is not set | the file says true',
      'server-2: kubelet-arg is max-pods=200 | the file does not have it',
      'server-2: etcd-s3-secret-key has another value | the file does not have it',
    ]);
    expect(told(drift)).toContain('server-1: write-kubeconfig-mode is not set | the file says 0640');
    expect(JSON.stringify(drift)).not.toMatch(new RegExp(`hunter2|${TOKEN}`));
    const [first] = drift.machines.find(({ id }) => id === 'server-2')?.differences ?? [];
    expect(first?.files[0]).toMatchObject({
      path: '/etc/rancher/k3s/config.yaml',
      before: expect.stringContaining('write-kubeconfig-mode: "0644"'),
      after: expect.stringContaining('write-kubeconfig-mode: "0640"'),
    });
  });

  it('also where something keeps a plan from being made', async () => {
    const facts = provisionedFacts(clusterOf({ serverConfig: { 'cluster-cidr': '10.99.0.0/16' } }));
    const drift = await look(clusterOf(), facts);
    expect(told(drift)).toContain('server-1: cluster-cidr is 10.99.0.0/16 | the file does not have it');
    expect(drift.problems.map(({ code }) => code)).toContain('immutable-changed');
  });

  it('names another release, what is not there, what is stopped, and what could not be seen', async () => {
    const facts = provisionedFacts(clusterOf());
    change(facts, 'server-1', () => ({ k3sVersion: 'v1.35.7+k3s1' }));
    change(facts, 'agent-1', () => ({ k3sVersion: undefined, units: {} }) as unknown as Partial<HostFacts>);
    change(facts, 'server-3', ({ units }) => ({
      units: { k3s: { ...(units.k3s as NonNullable<typeof units.k3s>), active: 'failed' } },
    }));
    const drift = await look(clusterOf(), facts, (host, script) =>
      script === 'probe' && host === 'agent-2' ? 'cut off' : undefined,
    );
    expect(told(drift)).toEqual([
      'server-1: K3s is v1.35.7+k3s1 | the file says v1.36.3+k3s1',
      'server-3: K3s is failed | the file wants it to run',
      'agent-1: K3s is not installed | the file has it as an agent',
    ]);
    expect(drift.unseen.map(({ id, problem }) => [id, problem.code])).toEqual([['agent-2', 'connection-lost']]);
  });

  it('is a drop-in of others, which no plan changes', async () => {
    const facts = provisionedFacts(clusterOf());
    change(facts, 'agent-1', () => ({
      dropIns: new Map([['/etc/rancher/k3s/config.yaml.d/90.yaml', 'node-label: [a=b]\nlog: /var/log/k3s\n']]),
    }));
    expect(told(await look(clusterOf(), facts))).toEqual([
      'agent-1: /etc/rancher/k3s/config.yaml.d/90.yaml sets node-label to a=b | the file does not have it',
      'agent-1: /etc/rancher/k3s/config.yaml.d/90.yaml sets log to /var/log/k3s | the file does not have it',
    ]);
  });
});

describe('labels, taints and nodes of the running cluster', () => {
  const marked = (nodes: Readonly<Record<string, object>>) =>
    clusterOf({
      servers: 1,
      agents: 1,
      serverConfig: { 'node-label': ['disk=ssd', 'tier=front'], 'node-taint': ['gpu=yes:NoSchedule'], ...nodes },
    });
  const nodes =
    (labels: Record<string, string>, taints: readonly object[]): ScriptedCluster['first'] =>
    (_host, script) =>
      script === 'nodes'
        ? {
            stdout: nodesText(
              { ...(apiNode({ name: 'server-1', ip: '10.0.0.11', labels }) as object), spec: { taints } },
              apiNode({ name: 'agent-1', ip: '10.0.1.11' }),
              apiNode({ name: 'by-hand', ip: '10.0.1.99' }),
            ),
          }
        : undefined;

  it('are held against the file, which Provision gives back', async () => {
    const cluster = marked({});
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    them.first = nodes({ disk: 'hdd', 'added.by/others': 'x' }, [{ key: 'own', effect: 'NoExecute' }]);
    const prepared = await them.plan(cluster);
    const drift = await lookForDrift(prepared, them.hosts);
    expect(told(drift)).toEqual([
      'server-1: the Node has the node-label disk=hdd | the file says disk=ssd',
      'server-1: the Node lacks the node-label tier | the file says tier=front',
      'server-1: the Node lacks the node-taint gpu:NoSchedule | the file says gpu=yes:NoSchedule',
    ]);
    expect(drift.strangers).toEqual([{ name: 'by-hand', role: 'agent', address: '10.0.1.99' }]);
    const step = prepared.plan.steps.find(({ kind }) => kind === 'mark-node');
    expect(step?.input).toMatchObject({ labels: ['disk=ssd', 'tier=front'], taints: ['gpu=yes:NoSchedule'] });
  });

  it('are no difference where the Node has them', async () => {
    const cluster = marked({});
    const there = nodes({ disk: 'ssd', tier: 'front' }, [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }]);
    expect(told(await look(cluster, provisionedFacts(cluster), there))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../../src/core/cluster/cluster';
import type { FileFacts } from '../../../../src/core/facts/fileFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { Plan } from '../../../../src/core/plan/plan';
import { problem } from '../../../../src/core/base/problem';
import { planText } from '../../../../src/core/plan/planText';
import { clusterOf } from '../../../support/cluster';
import { balancedCluster, balancedFacts, freshBalancer, withFreshBalancers } from '../../../support/balancers';
import { contentFor, freshFacts, planFor, provisionedFacts } from '../../../support/plans';

const PLACE = '/var/lib/rancher/k3s/server/manifests/kube-vip.yaml';

function vipCluster(more: Partial<NonNullable<Cluster['loadBalancer']>> = {}): Cluster {
  const cluster = clusterOf();
  return { ...cluster, loadBalancer: { address: '10.0.0.100', port: 6443, type: 'kube-vip', nodes: [], ...more } };
}

const cluster = vipCluster();

function planOf(wanted: Cluster, facts: Map<string, HostFacts>): Plan {
  return planFor(wanted, facts, { desired: contentFor(wanted) });
}

/** Machines that run, with the manifest that an earlier run has laid down. */
function runningFacts(there: Partial<FileFacts> = {}): Map<string, HostFacts> {
  const desired = contentFor(cluster);
  return new Map(
    [...provisionedFacts(cluster)].map(([id, facts]) => {
      const files = desired.get(id)?.files ?? [];
      return [
        id,
        {
          ...facts,
          files: new Map(
            files.map(({ to, sha256, mode, input, text = '' }): [string, FileFacts] => [
              to,
              { kind: 'file', sha256, mode, owner: 'root:root', ids: '0:0', size: input.size, text, ...there },
            ]),
          ),
          placed: new Map(files.map(({ to, sha256 }) => [to, { sha256: [sha256], restart: false }])),
        },
      ];
    }),
  );
}

function stepIds(plan: Plan): string[] {
  return plan.steps.map(({ id }) => id);
}

function having(facts: Map<string, HostFacts>, id: string, address: string): Map<string, HostFacts> {
  const seen = facts.get(id) as HostFacts;
  return facts.set(id, { ...seen, addresses: [...seen.addresses, address] });
}

/** A machine of the load balancer that gets an answer from the address. */
function answering(seen: HostFacts): HostFacts {
  return { ...seen, balancer: { ...(seen.balancer ?? freshBalancer('')), addressAnswers: true } };
}

describe('the plan of a cluster whose servers carry the address', () => {
  it('lays the manifest on every server before it starts, and shows it', () => {
    const plan = planOf(cluster, freshFacts(cluster));
    expect(plan.problems).toEqual([]);
    const ids = stepIds(plan);
    for (const server of ['server-1', 'server-2', 'server-3']) {
      expect(ids).toContain(`place-file:${server}:${PLACE}`);
      expect(ids.indexOf(`place-file:${server}:${PLACE}`)).toBeLessThan(ids.indexOf(`start:${server}`));
    }
    expect(ids.filter((id) => id.startsWith('place-file:agent'))).toEqual([]);
    const text = planText(plan);
    expect(text).toContain('+ kind: DaemonSet');
    expect(text).toContain('ghcr.io/kube-vip/kube-vip:v1.0.4 among those of K3s');
  });

  it('lays nothing on a server without an API, and follows the folder of the data', () => {
    const [first, second, third] = cluster.servers as readonly [ClusterNode, ClusterNode, ClusterNode];
    const etcdOnly = { ...first, config: { ...first.config, 'disable-apiserver': true } };
    const elsewhere = { ...second, config: { ...second.config, 'data-dir': '/data/k3s' } };
    const desired = contentFor({ ...cluster, servers: [etcdOnly, elsewhere, third] });
    expect(desired.get('server-1')?.files).toEqual([]);
    expect(desired.get('server-2')?.files.map(({ to }) => to)).toEqual(['/data/k3s/server/manifests/kube-vip.yaml']);
  });

  it('has nothing to do, and nothing to say, when the manifest is there', () => {
    const plan = planOf(cluster, runningFacts());
    expect(stepIds(plan)).toEqual([]);
    expect(plan.notes.join('\n')).not.toContain('kube-vip');
  });

  it('brings another image to servers that run, and restarts none', () => {
    const image = 'registry.example.com/kube-vip/kube-vip:v1.0.4';
    const plan = planOf(vipCluster({ image }), runningFacts());
    expect(stepIds(plan).filter((id) => !id.startsWith('await-nodes'))).toEqual([
      ...['server-1', 'server-2', 'server-3'].map((id) => `place-file:${id}:${PLACE}`),
      'prove-address:server-1:10.0.0.100',
    ]);
    expect(planText(plan)).toContain(`+           image: "${image}"`);
  });

  it('goes from the cluster with its type: manifests first, then objects, then the address', () => {
    const plan = planOf(vipCluster({ type: 'external' }), runningFacts());
    expect(stepIds(plan)).toEqual([
      `remove-file:server-2:${PLACE}`,
      `remove-file:server-3:${PLACE}`,
      `delete-manifest:server-1:${PLACE}`,
      `remove-file:server-1:${PLACE}`,
      'release-address:server-1:10.0.0.100',
      'release-address:server-2:10.0.0.100',
      'release-address:server-3:10.0.0.100',
      'await-nodes:server-1',
    ]);
    const after = (id: string): readonly string[] => plan.steps.find((step) => step.id === id)?.after ?? [];
    expect(after(`delete-manifest:server-1:${PLACE}`)).toContain(`remove-file:server-3:${PLACE}`);
    expect(after('release-address:server-2:10.0.0.100')).toContain(`delete-manifest:server-1:${PLACE}`);
    expect(plan.notes).toContain('10.0.0.100 goes with kube-vip: from then on nothing that K3s HA runs answers there.');
  });

  it('goes with the address that its manifest has, whatever the file has now', () => {
    const { loadBalancer: _, ...without } = vipCluster();
    expect(stepIds(planOf(without, runningFacts()))).toContain('release-address:server-2:10.0.0.100');
    const other = stepIds(planOf(vipCluster({ address: '10.0.0.200' }), runningFacts()));
    expect(other.indexOf('release-address:server-2:10.0.0.100')).toBeGreaterThan(
      other.indexOf('prove-address:server-1:10.0.0.200'),
    );
  });

  it('asks a server that runs for the objects, and tells of one that would bring them back', () => {
    const facts = runningFacts();
    const first = facts.get('server-1') as HostFacts;
    facts.set('server-1', { ...first, units: {} });
    facts.delete('server-3');
    const wanted = vipCluster({ type: 'external' });
    const plan = planFor(wanted, facts, {
      desired: contentFor(wanted),
      unreachable: new Map([['server-3', problem('ssh-timeout', 'server-3 does not answer')]]),
    });
    expect(stepIds(plan)).toContain(`delete-manifest:server-2:${PLACE}`);
    expect(plan.notes.join('\n')).toContain(
      'server-3 does not answer: the manifest of kube-vip there would bring it back',
    );
  });

  it('is left where somebody has changed or written its manifest', () => {
    const wanted = vipCluster({ type: 'external' });
    expect(stepIds(planOf(wanted, runningFacts({ sha256: 'c'.repeat(64) })))).toEqual([]);
    const foreign = stepIds(planOf(wanted, runningFacts({ text: 'kind: DaemonSet\n' })));
    expect(foreign.filter((id) => id.startsWith('delete-manifest'))).toEqual([]);
  });

  it('gives its address to keepalived when the proxies are there and before that takes it', () => {
    const wanted = balancedCluster();
    const facts = withFreshBalancers(wanted, having(runningFacts(), 'server-2', '10.0.0.100'));
    facts.set('lb-1', answering(facts.get('lb-1') as HostFacts));
    const plan = planOf(wanted, facts);
    expect(plan.problems).toEqual([]);
    const ids = stepIds(plan);
    const at = (id: string): number => ids.indexOf(id);
    expect(at('write-balancer:lb-2:haproxy')).toBeGreaterThan(-1);
    expect(at('write-balancer:lb-2:haproxy')).toBeLessThan(at(`delete-manifest:server-1:${PLACE}`));
    const keepalived = plan.steps.find(({ id }) => id === 'write-balancer:lb-1:keepalived');
    expect(keepalived?.after).toContain('release-address:server-2:10.0.0.100');
    expect(plan.notes.join('\n')).toContain('10.0.0.100 passes from kube-vip to keepalived');
  });

  it('comes to the servers after keepalived has given the address up, and says for how long nobody has it', () => {
    const onServers = [1, 2].map((i) => ({ host: `10.0.0.1${i}`, name: `server-${i}` }));
    const before = balancedCluster({ balancers: onServers, more: { port: 8443 } });
    const facts = having(balancedFacts(before), 'server-1', '10.0.0.100');
    const plan = planOf(cluster, facts);
    expect(plan.problems).toEqual([]);
    expect(plan.notes.join('\n')).toContain('10.0.0.100 passes from keepalived on server-1 and server-2 to kube-vip');
    const ids = stepIds(plan);
    for (const server of ['server-1', 'server-3'])
      expect(ids.indexOf(`place-file:${server}:${PLACE}`)).toBeGreaterThan(ids.indexOf('remove-balancer:server-2'));
    expect(ids.at(-3)).toBe('prove-address:server-1:10.0.0.100');
  });

  it('cleans an address that it has left on a machine without K3s, before that starts', () => {
    const facts = having(runningFacts(), 'server-2', '10.0.0.100');
    facts.set('server-2', { ...(facts.get('server-2') as HostFacts), units: {} });
    const plan = planOf(cluster, facts);
    expect(plan.problems).toEqual([]);
    const ids = stepIds(plan).filter((id) => id.includes('server-2'));
    expect(ids[0]).toBe('release-address:server-2:10.0.0.100');
    expect(ids).toContain('start:server-2');
  });

  it('is refused for a name', () => {
    const plan = planOf(vipCluster({ address: 'k3s.example.com' }), freshFacts(cluster));
    expect(plan.problems).toMatchObject([
      { code: 'balancer-address-name', message: 'k3s.example.com is a name, and kube-vip moves addresses' },
    ]);
  });

  it('is refused while a machine has the address that does not carry it for the cluster', () => {
    const plan = planOf(cluster, having(freshFacts(cluster), 'server-2', '10.0.0.100'));
    expect(plan.problems).toMatchObject([{ code: 'balancer-address-in-use', host: 'server-2' }]);
    expect(plan.problems[0]?.nextSteps[0]).toContain('ip addr del 10.0.0.100/32');
    expect(planOf(cluster, having(runningFacts(), 'agent-1', '10.0.0.100')).problems).toMatchObject([
      { code: 'balancer-address-in-use', host: 'agent-1' },
    ]);
  });

  it('is refused while a stranger answers at the address, such as a load balancer that left the file', () => {
    const heard = (facts: Map<string, HostFacts>): Map<string, HostFacts> =>
      facts.set('server-1', answering(facts.get('server-1') as HostFacts));
    const [found] = planOf(cluster, heard(freshFacts(cluster))).problems;
    expect(found).toMatchObject({
      code: 'balancer-address-in-use',
      message: 'Another machine already answers at 10.0.0.100',
    });
    expect(found?.nextSteps[0]).toContain('write it under loadBalancer.former');
    // A server of the cluster is no stranger, nor is one that cannot be asked.
    expect(planOf(cluster, heard(having(runningFacts(), 'server-2', '10.0.0.100'))).problems).toEqual([]);
    const facts = heard(runningFacts());
    facts.delete('server-3');
    const away = new Map([['server-3', problem('ssh-timeout', 'server-3 does not answer')]]);
    const plan = planFor(cluster, facts, { desired: contentFor(cluster), unreachable: away });
    expect(plan.problems.filter(({ code }) => code === 'balancer-address-in-use')).toEqual([]);
  });

  it('lets the server that carries it have the address', () => {
    expect(planOf(cluster, having(runningFacts(), 'server-2', '10.0.0.100')).problems).toEqual([]);
  });
});

describe('the restart of a server that may have the address', () => {
  function restartingPlan(wanted: Cluster, facts = runningFacts()): Plan {
    const changed = wanted.servers.map((node) => ({ ...node, config: { ...node.config, 'node-label': ['a=b'] } }));
    return planOf({ ...wanted, servers: changed }, facts);
  }

  it('comes after the address has moved to another server', () => {
    const plan = restartingPlan(cluster);
    const move = plan.steps.find(({ id }) => id === 'move-address:server-2');
    expect(move?.guards).toContain('api-answers');
    expect(stepIds(plan).filter((id) => id.includes('server-2'))).toEqual([
      'put-aside:server-2',
      'write-config:server-2',
      'move-address:server-2',
      'restart:server-2',
      'put-back:server-2',
    ]);
    expect(plan.steps.find(({ id }) => id === 'restart:server-2')?.after).toContain('move-address:server-2');
    expect(planText(plan)).toContain('Move 10.0.0.100 to another server, if it is here');
  });

  it('comes after its route is withdrawn where every server announces the address', () => {
    const plan = restartingPlan(
      vipCluster({ bgp: { as: 65000, peers: [{ address: '10.0.0.1', as: 65100, multihop: false }] } }),
    );
    expect(plan.steps.find(({ id }) => id === 'restart:server-2')?.after).toContain('withdraw-route:server-2');
    expect(stepIds(plan).filter((id) => id.startsWith('move-address') || id.startsWith('prove-address'))).toEqual([]);
  });

  it('moves nothing where nobody else could carry it', () => {
    const only = { ...cluster, servers: cluster.servers.slice(0, 1) };
    for (const plan of [restartingPlan(only), restartingPlan(vipCluster({ type: 'external' }))]) {
      expect(stepIds(plan)).toContain('restart:server-1');
      expect(stepIds(plan).filter((id) => /^(?:move-address|withdraw-route)/.test(id))).toEqual([]);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { finish } from '../../../../src/core/base/steps';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { createDraft, type Draft } from '../../../../src/core/plan/draft';
import { resetCluster } from '../../../../src/engine/operations/resetCluster';
import type { KeepIntent } from '../../../../src/engine/planning/keptSnapshot';
import type { Situation } from '../../../../src/engine/planning/situation';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { clusterOf, freshHost } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';

function reset(
  cluster: Cluster,
  facts = provisionedFacts(cluster),
  more: Partial<Situation> = {},
  intent: KeepIntent = {},
): Draft {
  const draft = createDraft();
  const steps = resetCluster.plan(situationOf(cluster, facts, more), intent, draft);
  if (steps !== undefined) finish(steps);
  return draft;
}

const idsOf = (draft: Draft): string[] => draft.steps.map(({ id }) => id);

describe('resetting a cluster', () => {
  it('stops agents before servers, uninstalls when all stand still, and takes the load balancer last', () => {
    const cluster = balancedCluster();
    const draft = reset(cluster, balancedFacts(cluster));
    expect(idsOf(draft)).toEqual([
      'stop-k3s:agent-1',
      'stop-k3s:server-1',
      'stop-k3s:server-2',
      'stop-k3s:server-3',
      'uninstall-k3s:server-1',
      'uninstall-k3s:server-2',
      'uninstall-k3s:server-3',
      'uninstall-k3s:agent-1',
      'remove-balancer:lb-1',
      'remove-balancer:lb-2',
    ]);
    const after = new Map(draft.steps.map((step) => [step.id, step.after]));
    expect(after.get('stop-k3s:server-2')).toEqual(['stop-k3s:agent-1']);
    expect(after.get('uninstall-k3s:server-1')).toEqual(
      expect.arrayContaining(['stop-k3s:server-3', 'stop-k3s:agent-1']),
    );
    expect(after.get('remove-balancer:lb-2')).toEqual(expect.arrayContaining(['uninstall-k3s:server-3']));
  });

  describe('with a last snapshot for this computer', () => {
    const keep = '/home/ada/backup';
    const live: Situation['live'] = {
      through: 'server-2',
      nodes: [],
      etcd: { healthy: true, ready: true, members: [] },
    };
    const withFiles = (cluster: Cluster, ...names: string[]): Map<string, HostFacts> => {
      const facts = provisionedFacts(cluster);
      const files = new Map(names.map((name, i) => [name, { size: 4000, time: 1_795_739_771 + i }]));
      const folder = '/var/lib/rancher/k3s/server/db/snapshots';
      facts.set('server-3', { ...(facts.get('server-3') as HostFacts), snapshots: { folder, files } });
      return facts;
    };

    it('saves a new one while etcd answers, and stops nothing before it is here', () => {
      const cluster = clusterOf();
      const draft = reset(cluster, provisionedFacts(cluster), { live }, { keep });
      const ids = idsOf(draft);
      expect(ids.slice(0, 2)).toEqual(['save-snapshot:server-2', 'keep-snapshot:server-2']);
      for (const { kind, after } of draft.steps.filter((step) => step.kind === 'stop-k3s'))
        expect([kind, after]).toEqual([kind, expect.arrayContaining(['keep-snapshot:server-2'])]);
      expect(draft.steps[1]?.input).toEqual({ snapshot: { base: 'before-reset' }, folder: keep });
    });

    it('takes the newest on the disks where etcd does not answer, and no name that leads elsewhere', () => {
      const cluster = clusterOf();
      const facts = withFiles(cluster, 'a-server-3-1795739771', 'b-server-3-1795739772', '../../x');
      const draft = reset(cluster, facts, {}, { keep });
      expect(draft.steps[0]).toMatchObject({
        id: 'keep-snapshot:server-3',
        input: { snapshot: { name: 'b-server-3-1795739772' }, folder: keep },
      });
    });

    it('does nothing when there is none, while servers have data, and asks for none when they have not', () => {
      const cluster = clusterOf();
      expect(reset(cluster, provisionedFacts(cluster), {}, { keep }).problems).toMatchObject([
        { code: 'no-snapshot-to-keep' },
      ]);
      const rest = provisionedFacts(cluster);
      for (const { id } of cluster.servers) rest.set(id, freshHost(id));
      const draft = reset(cluster, rest, {}, { keep });
      expect(draft.problems).toEqual([]);
      expect(idsOf(draft)[0]).toBe('stop-k3s:agent-1');
    });

    it('tells how another datastore is copied', () => {
      const cluster = clusterOf({ datastore: { type: 'mysql', endpoint: 'mysql://k3s:x@tcp(10.0.0.60:3306)/k3s' } });
      expect(reset(cluster, provisionedFacts(cluster), {}, { keep }).problems).toMatchObject([
        { code: 'no-snapshots' },
      ]);
    });
  });

  it('takes an address of kube-vip off every server', () => {
    const cluster: Cluster = {
      ...clusterOf(),
      loadBalancer: { address: '10.0.0.100', port: 6443, type: 'kube-vip', nodes: [] },
    };
    expect(idsOf(reset(cluster)).filter((id) => id.startsWith('release'))).toEqual(
      [1, 2, 3].map((i) => `release-address:server-${i}:10.0.0.100`),
    );
  });

  it('has nothing to do where nothing is left', () => {
    const cluster = clusterOf();
    const fresh = new Map(provisionedFacts(cluster));
    for (const id of fresh.keys()) fresh.set(id, freshHost(id));
    expect(reset(cluster, fresh)).toMatchObject({ steps: [], problems: [] });
  });

  it('touches nothing when a machine belongs to another cluster, or refuses the login', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    facts.set('agent-2', { ...(facts.get('agent-2') as HostFacts), caHash: 'cd'.repeat(32) });
    expect(reset(cluster, facts)).toMatchObject({ steps: [], problems: [{ code: 'other-cluster', host: 'agent-2' }] });
    const refused = new Map([['agent-2', problem('ssh-host-key-changed', 'another key', { host: 'agent-2' })]]);
    expect(reset(cluster, provisionedFacts(cluster), { unreachable: refused }).problems).toMatchObject([
      { code: 'ssh-host-key-changed' },
    ]);
  });

  it('says what it leaves: machines that do not answer, and what lies in an external datastore', () => {
    const cluster = clusterOf({ datastore: { type: 'mysql', endpoint: 'mysql://k3s:x@tcp(10.0.0.60:3306)/k3s' } });
    const facts = provisionedFacts(cluster);
    facts.delete('agent-2');
    const unreachable = new Map([['agent-2', problem('ssh-timeout', 'agent-2 does not answer')]]);
    const { notes, steps } = reset(cluster, facts, { unreachable });
    expect(notes.join('\n')).toContain('agent-2 does not answer: what is there stays.');
    expect(notes.join('\n')).toContain('into its datastore stays there');
    expect(steps.map(({ about }) => about)).not.toContain('agent-2');
  });
});

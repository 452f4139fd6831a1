import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { finish } from '../../../../src/core/base/steps';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { createDraft, type Draft } from '../../../../src/core/plan/draft';
import { resetCluster } from '../../../../src/engine/operations/resetCluster';
import type { Situation } from '../../../../src/engine/planning/situation';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { clusterOf, freshHost } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';

function reset(cluster: Cluster, facts = provisionedFacts(cluster), more: Partial<Situation> = {}): Draft {
  const draft = createDraft();
  const steps = resetCluster.plan(situationOf(cluster, facts, more), {}, draft);
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

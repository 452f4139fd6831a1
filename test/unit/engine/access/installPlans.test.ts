import { describe, expect, it } from 'vitest';
import { upgradePlans } from '../../../../src/core/authoring/export/systemUpgradeController';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import { installPlans, plansRefused, type PlanDependencies } from '../../../../src/engine/access/installPlans';
import { fastClock } from '../../../support/clock';
import { clusterOf } from '../../../support/cluster';
import { apiNode } from '../../health/nodes';

const [OLD, NEW] = ['v1.36.3+k3s1', 'v1.36.4+k3s1'];
const cluster = clusterOf({ servers: 3, agents: 1, version: NEW });
const made = upgradePlans(cluster);
const plans = made.ok ? made.value : [];

const CONTROLLER = {
  metadata: { namespace: 'system-upgrade', name: 'system-upgrade-controller' },
  spec: { replicas: 1, template: { spec: { containers: [{ image: 'rancher/system-upgrade-controller:v0.15.2' }] } } },
};
const KURED = {
  metadata: { namespace: 'kube-system', name: 'kured' },
  spec: { template: { spec: { containers: [{ image: 'ghcr.io/kubereboot/kured:1.17.0' }] } } },
  status: { desiredNumberScheduled: 4 },
};
const planOf = (name: string, status: object, spec: object = {}): object => ({
  metadata: { namespace: 'system-upgrade', name },
  spec: { upgrade: { image: 'rancher/k3s-upgrade' }, ...spec },
  status: { latestVersion: NEW.replace('+', '-'), ...status },
});

/** At each look at the nodes: what the API has by then. */
interface Stage {
  readonly plans?: readonly object[] | 'no kind' | 'silent';
  readonly daemonSets?: readonly object[];
  readonly deployments?: readonly object[];
  /** Nodes that have the new release. */
  readonly upgraded?: readonly string[];
}

function deps(...stages: readonly Stage[]): PlanDependencies & { readonly applied: string[]; readonly told: string[] } {
  let turn = 0;
  const stage = (): Stage => stages[Math.min(turn, stages.length - 1)] ?? {};
  const applied: string[] = [];
  const told: string[] = [];
  return {
    applied,
    told,
    endpoint: { kubeconfig: '' },
    clock: fastClock(),
    signal: new AbortController().signal,
    tell: (words) => told.push(words),
    api: {
      readObject: async (_, path) => {
        const { plans: found = [], deployments = [CONTROLLER], daemonSets = [] } = stage();
        if (path.endsWith('/deployments')) return ok({ items: deployments });
        if (path.endsWith('/daemonsets')) return ok({ items: daemonSets });
        if (found === 'silent') {
          turn += 1;
          return err(problem('api-unreachable', 'no answer'));
        }
        return ok(found === 'no kind' ? undefined : { items: found });
      },
      listNodes: async () => {
        const { upgraded = [] } = stage();
        turn += 1;
        return ok(
          [...cluster.servers, ...cluster.agents].map(({ id, address }) =>
            apiNode({ name: id, ip: address, version: upgraded.includes(id) ? NEW : OLD }),
          ),
        );
      },
      applyObject: async (_, path) => {
        applied.push(path);
        return ok(undefined);
      },
    },
  };
}

const ALL = ['server-1', 'server-2', 'server-3', 'agent-1'];
const refusal = async (stage: Stage) => plansRefused(cluster, plans, deps(stage));

describe('plans of the system-upgrade-controller', () => {
  it('are refused where nobody would carry them out', async () => {
    expect(await refusal({ plans: 'no kind' })).toMatchObject({ code: 'controller-missing' });
    expect(await refusal({ deployments: [] })).toMatchObject({ code: 'controller-missing' });
    expect(
      await refusal({ deployments: [{ ...CONTROLLER, spec: { ...CONTROLLER.spec, replicas: 0 } }] }),
    ).toMatchObject({
      code: 'controller-missing',
    });
  });

  it('N12: are refused beside other plans and kured, and not beside their own of before', async () => {
    expect(await refusal({ plans: [planOf('other', {}, { version: OLD })] })).toMatchObject({ code: 'other-operator' });
    expect(await refusal({ plans: [planOf('other', { applying: ['agent-1'] })] })).toMatchObject({
      code: 'other-operator',
    });
    expect(await refusal({ daemonSets: [KURED] })).toMatchObject({ code: 'other-operator' });
    const held = {
      ...KURED,
      metadata: { ...KURED.metadata, annotations: { 'weave.works/kured-node-lock': '{"nodeID":"manual"}' } },
    };
    expect(await refusal({ daemonSets: [held] })).toBeUndefined();
    expect(
      await refusal({ plans: [planOf('k3s-server', { applying: ['server-1'] }, { version: OLD })] }),
    ).toBeUndefined();
  });

  it('N11: are none for a file without a network', () => {
    const { k3s } = cluster;
    const gap = { ...cluster, k3s: { ...k3s, install: { ...k3s.install, method: 'airgap' as const } } };
    expect(upgradePlans(gap).ok).toBe(false);
  });

  it('are applied, servers first, and watched to the end in words, also while a server that restarts is silent', async () => {
    const at = deps(
      { plans: [planOf('k3s-server', { applying: ['server-1'] }), planOf('k3s-agent', {})] },
      { plans: 'silent' },
      { plans: [planOf('k3s-server', {}), planOf('k3s-agent', { applying: ['agent-1'] })], upgraded: ALL.slice(0, 3) },
      { plans: [planOf('k3s-server', {}), planOf('k3s-agent', {})], upgraded: ALL },
    );
    expect(await installPlans(plans, at)).toEqual(ok(undefined));
    expect(at.applied.map((path) => path.split('/').at(-1))).toEqual(['k3s-server', 'k3s-agent']);
    expect(at.told).toEqual([
      'system-upgrade/k3s-server is installed.',
      'system-upgrade/k3s-agent is installed.',
      `system-upgrade/k3s-server is at work on server-1; 0 of 4 nodes run ${NEW}`,
      `system-upgrade/k3s-agent is at work on agent-1; 3 of 4 nodes run ${NEW}`,
      `4 of 4 nodes run ${NEW}`,
    ]);
  });

  it('end with the reason when a job has failed, when the API stays silent, and when nobody watches any more', async () => {
    const condition = {
      type: 'Complete',
      status: 'False',
      reason: 'JobFailed',
      message: 'Job apply-k3s-server failed',
    };
    const failed = await installPlans(plans, deps({ plans: [planOf('k3s-server', { conditions: [condition] })] }));
    expect(failed).toMatchObject({ ok: false, error: { code: 'plan-failed', why: condition.message } });
    expect(await installPlans(plans, deps({ plans: 'silent' }))).toMatchObject({
      ok: false,
      error: { code: 'api-unreachable' },
    });
    const given = new AbortController();
    const left = { ...deps({ plans: [] }), signal: given.signal, tell: () => given.abort() };
    expect(await installPlans(plans, left)).toMatchObject({ ok: false, error: { code: 'plans-unwatched' } });
  });
});

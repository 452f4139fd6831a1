import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { provision } from '../../../../src/engine/operations/provision';
import { readUpgradeRules } from '../../../../src/core/cluster/upgradeRules';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const [OLD, NEW] = ['v1.36.3+k3s1', 'v1.36.4+k3s1'];

/** Three servers and an agent that are to get another release, with their pods moved away first. */
function upgrade(): ScriptedCluster {
  const shape = { agents: 1 };
  const cluster: Cluster = clusterOf({ ...shape, version: NEW });
  const rules = readUpgradeRules({ drain: true, snapshotFirst: false });
  const wanted = { ...cluster, k3s: { ...cluster.k3s, ...(rules === undefined ? {} : { upgrade: rules }) } };
  const made = scriptedCluster(wanted, provisionedFacts(clusterOf(shape)));
  made.first = usual;
  return made;
}

const usual: ScriptedCluster['first'] = (_, script) => {
  if (script === 'cordon' || script === 'uncordon') return { stdout: 'cordoned\n' };
  return script === 'pods' ? { stdout: '---\n{"items":[]}' } : undefined;
};

const releases = ({ facts }: ScriptedCluster): readonly (string | undefined)[] =>
  [...facts.values()].map(({ k3sVersion }) => k3sVersion);

const about = ({ hosts }: ScriptedCluster, script: string): readonly (string | undefined)[] =>
  hosts.calls.filter((call) => call.script === script).map(({ args }) => args[0]);

describe('a plan that upgrades, with a copy of the snapshot for this computer', () => {
  const kinds = async (made: ScriptedCluster, cluster: Cluster): Promise<string[]> =>
    (await made.plan(cluster, { operation: provision, intent: { keep: '/home/ada/backup' } })).plan.steps
      .slice(0, 3)
      .map(({ kind, on }) => `${kind} ${on}`);

  it('saves and copies before the first server is touched, also where the file wants no snapshot', async () => {
    const made = upgrade();
    const cluster = clusterOf({ agents: 1, version: NEW });
    const without = { ...cluster, k3s: { ...cluster.k3s, ...optional(readUpgradeRules({ snapshotFirst: false })) } };
    for (const wanted of [cluster, without]) {
      expect((await kinds(made, wanted)).slice(0, 2)).toEqual(['save-snapshot server-1', 'keep-snapshot server-1']);
    }
    const { plan } = await made.plan(cluster, { operation: provision, intent: { keep: '/home/ada/backup' } });
    expect(plan.steps[1]?.input).toEqual({ snapshot: { base: 'before-v1.36.4-k3s1' }, folder: '/home/ada/backup' });
    const first = plan.steps.find(({ kind }) => kind === 'put-aside');
    expect(first?.after).toContain('keep-snapshot:server-1');
  });

  it('waits for nothing on a machine whose change was put back: only behind all of it the node has to settle', async () => {
    const made = upgrade();
    const { plan } = await made.plan(clusterOf({ agents: 1, version: NEW }));
    for (const id of ['server-1', 'agent-1']) {
      const settled = plan.steps.find((step) => step.kind === 'await-settled' && step.about === id);
      expect(settled?.after).toEqual(expect.arrayContaining([`restart:${id}`, `put-back:${id}`]));
    }
  });

  it('copies none when a server has the release already, and says where the one from before is', async () => {
    const made = upgrade();
    made.facts.set('server-1', { ...(made.facts.get('server-1') as HostFacts), k3sVersion: NEW });
    const { plan } = await made.plan(clusterOf({ agents: 1, version: NEW }), {
      operation: provision,
      intent: { keep: '/home/ada/backup' },
    });
    expect(plan.steps.map(({ kind }) => kind)).not.toContain('keep-snapshot');
    expect(plan.notes.join('\n')).toContain('The one from before lies on a server as before-');
  });
});

const optional = (upgrade: ReturnType<typeof readUpgradeRules>): { upgrade?: NonNullable<typeof upgrade> } =>
  upgrade === undefined ? {} : { upgrade };

describe('a run that upgrades', () => {
  it('moves the pods of one node after the other away, and lets them back', async () => {
    const made = upgrade();
    const { result, problems } = await made.run(await made.plan());
    expect(problems).toEqual([]);
    expect(result).toBe('done');
    expect(releases(made)).toEqual([NEW, NEW, NEW, NEW]);
    const nodes = ['server-1', 'server-2', 'server-3', 'agent-1'];
    for (const script of ['cordon', 'drain', 'uncordon']) expect(about(made, script)).toEqual(nodes);
  });

  it('gives a server that does not start with the new binary its old one back, uncordons it and stops there', async () => {
    const made = upgrade();
    made.works = (_, { k3sVersion }) => k3sVersion !== NEW;
    const { result, problems } = await made.run(await made.plan());
    expect(result).toBe('failed');
    expect(problems[0]?.host).toBe('server-1');
    expect(releases(made)).toEqual([OLD, OLD, OLD, OLD]);
    expect(made.facts.get('server-1')?.units.k3s?.active).toBe('active');
    expect(about(made, 'uncordon')).toEqual(['server-1']);
    expect(about(made, 'cordon')).toEqual(['server-1']);
  });

  it('goes no further when a packaged chart is stuck: that server keeps the release, uncordoned', async () => {
    const made = upgrade();
    made.first = (host, script, turn, call) =>
      script === 'node-settled'
        ? {
            stdout: `node ${NEW} True\nrelease kube-system/traefik pending-upgrade\nstuck helm-install-traefik-x Current release revision 4 does not match expected revision 3\n`,
          }
        : usual(host, script, turn, call);
    const { result, problems } = await made.run(await made.plan());
    expect(result).toBe('failed');
    expect(problems[0]).toMatchObject({ code: 'chart-stuck', why: expect.stringContaining('revision 4') as string });
    expect(releases(made)).toEqual([NEW, OLD, OLD, OLD]);
    expect(about(made, 'uncordon')).toEqual(['server-1']);
    made.first = usual;
    expect((await made.run(await made.plan())).result).toBe('done');
    expect(releases(made)).toEqual([NEW, NEW, NEW, NEW]);
  });

  it('changes nothing of a node whose pods cannot leave, and uncordons it', async () => {
    const made = upgrade();
    made.first = (host, script, turn, call) =>
      script === 'drain'
        ? {
            stderr: ' cannot delete Pods that declare no controller (use --force to override): shop/bare\n',
            exitCode: 1,
          }
        : usual(host, script, turn, call);
    const { problems } = await made.run(await made.plan());
    expect(problems[0]).toMatchObject({ code: 'drain-refused', details: ['nothing makes them anew: shop/bare'] });
    expect(made.changes()).toEqual([]);
    expect(about(made, 'uncordon')).toEqual(['server-1']);
  });
});

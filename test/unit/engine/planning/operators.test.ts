import { describe, expect, it } from 'vitest';
import { clusterMarks } from '../../../../src/core/remote/clusterMarks';
import { operationById } from '../../../../src/engine/operations/registry';
import { operatorNotes, operatorProblems } from '../../../../src/engine/planning/operators';
import { awaitSettled } from '../../../../src/engine/steps/awaitSettled';
import { reboot } from '../../../../src/engine/steps/reboot';
import { restart } from '../../../../src/engine/steps/restart';
import { clusterOf } from '../../../support/cluster';
import { freshFacts, provisionedFacts, situationOf } from '../../../support/plans';
import { scriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ version: 'v1.36.4+k3s1' });

function seen(text: string) {
  const marks = clusterMarks().parse({ stdout: text, stderr: '', exitCode: 0 });
  return situationOf(cluster, freshFacts(cluster), marks.ok ? { marks: marks.value } : {});
}

const upgrading = [{ kind: awaitSettled.kind }];
const problemsOf = (text: string, steps = upgrading) => operatorProblems(seen(text), steps);

const CONTROLLER = 'workload|system-upgrade/system-upgrade-controller|1||\n';
const K3S = 'docker.io/rancher/k3s-upgrade';

describe('others who change releases or reboot', () => {
  it('keep an upgrade waiting: a plan of system-upgrade-controller for another release', () => {
    expect(problemsOf(`plan|system-upgrade/server-plan|v1.36.3+k3s1||${K3S}|\n${CONTROLLER}`)).toMatchObject([
      {
        code: 'other-operator',
        message: 'The plan system-upgrade/server-plan of system-upgrade-controller keeps nodes at v1.36.3+k3s1',
        nextSteps: [
          'Pause it: kubectl scale deployment system-upgrade-controller --namespace system-upgrade --replicas=0.',
          expect.stringContaining('Or write v1.36.4+k3s1 into that plan') as string,
        ],
      },
    ]);
    expect(problemsOf(`plan|a/b|||${K3S}|\n${CONTROLLER}`)[0]?.message).toContain('the release of a channel');
  });

  it.each([
    ['that wants the same release', `plan|a/b|v1.36.4+k3s1|||\n${CONTROLLER}`],
    ['that writes it as images are tagged', `plan|a/b|v1.36.4-k3s1|||\n${CONTROLLER}`],
    ['whose channel is at the same release', `plan|a/b||v1.36.4-k3s1||\n${CONTROLLER}`],
    ['whose controller is paused', 'plan|a/b|v1.36.3+k3s1|||\nworkload|system-upgrade/system-upgrade-controller|0||\n'],
    ['whose controller is gone', 'plan|a/b|v1.36.3+k3s1|||\n'],
    ['that upgrades the system and not K3s', `plan|a/b|noble||docker.io/library/ubuntu|\n${CONTROLLER}`],
  ])('are in nobody’s way: a plan %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('are noted when their plan does something else on nodes', () => {
    expect(operatorNotes(seen(`plan|os/noble|noble||docker.io/library/ubuntu|\n${CONTROLLER}`))).toEqual([
      expect.stringContaining('The plan os/noble of system-upgrade-controller runs docker.io/library/ubuntu on nodes'),
    ]);
  });

  it.each([
    ['for the same release', `plan|a/b|v1.36.4+k3s1||${K3S}|server-2\n${CONTROLLER}`],
    ['of which the controller was paused meanwhile', `plan|a/b|v1.36.4+k3s1||${K3S}|server-2\n`],
    ['that upgrades the system', `plan|a/b|noble||docker.io/library/ubuntu|server-2\n${CONTROLLER}`],
  ])('keep it waiting while a plan is at work on a node: one %s', (_, text) => {
    expect(problemsOf(text)).toMatchObject([
      { message: 'The plan a/b of system-upgrade-controller is at work on server-2 just now' },
    ]);
  });

  it.each([
    ['as its chart calls it', 'workload|kube-system/kured|3||\n'],
    ['as a release of the chart with a name', 'workload|ops/nightly-kured|3||\n'],
    ['by its image', 'workload|ops/reboots|3|ghcr.io/kubereboot/kured:1.17.1|\n'],
    ['while it holds its own lock, for it reboots a node', 'workload|kube-system/kured|3||{"nodeID":"server-2"}\n'],
  ])('keep it waiting when they reboot: kured %s', (_, text) => {
    expect(problemsOf(text)).toMatchObject([
      { code: 'other-operator', message: expect.stringContaining('reboots nodes of this cluster by itself') as string },
    ]);
  });

  it.each([
    ['is held by a person', 'workload|kube-system/kured|3||{"nodeID":"manual"}\n'],
    ['runs nowhere', 'workload|kube-system/kured|0||\n'],
    ['is something else', 'workload|kube-system/secured|3|registry.example/obscured:1|\n'],
  ])('keep nobody waiting when what is called so %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('keep a reboot waiting when they reboot, or bring a release that does not run', () => {
    const rebooting = [{ kind: reboot.kind }];
    expect(problemsOf('workload|kube-system/kured|3||\n', rebooting)).toHaveLength(1);
    expect(problemsOf(`plan|a/b|||${K3S}|\n${CONTROLLER}`, rebooting)[0]?.nextSteps[1]).toMatch(/^Or let it finish/);
    expect(problemsOf('workload|kube-system/kured|3||\n', [{ kind: restart.kind }])).toEqual([]);
  });

  it('are told when they may have a say', () => {
    const text = 'workload|cattle-system/cattle-cluster-agent|1||\nworkload|cattle-fleet-system/fleet-agent|1||\n';
    expect(operatorNotes(seen(text))).toEqual([
      expect.stringContaining('Rancher manages this cluster'),
      expect.stringContaining('Fleet applies manifests'),
    ]);
    expect(problemsOf(text)).toEqual([]);
  });

  it('are looked for by a plan that upgrades, and by no other', async () => {
    const older = clusterOf();
    const made = scriptedCluster(cluster, provisionedFacts(older));
    made.first = (_, script) =>
      script === 'cluster-marks' ? { stdout: `plan|a/b|v1.36.3+k3s1|||\n${CONTROLLER}` } : undefined;
    const { plan } = await made.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems.map(({ code }) => code)).toEqual(['other-operator']);
    const same = scriptedCluster(older, provisionedFacts(older));
    same.first = made.first;
    expect((await same.plan()).plan.problems).toEqual([]);
    expect(same.hosts.asked()).not.toContain('cluster-marks server-1');
  });

  it('are looked for by a reboot', async () => {
    const made = scriptedCluster(clusterOf(), provisionedFacts(clusterOf()));
    made.first = (_, script) =>
      script === 'cluster-marks' ? { stdout: 'workload|kube-system/kured|3||\n' } : undefined;
    const { plan } = await made.plan(clusterOf(), {
      operation: operationById('reboot'),
      intent: { nodes: ['server-2'], keepPods: true },
    });
    expect(plan.problems.map(({ code }) => code)).toEqual(['other-operator']);
    expect(plan.steps).toEqual([]);
  });
});

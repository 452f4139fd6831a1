import { describe, expect, it } from 'vitest';
import { clusterMarks } from '../../../../src/core/remote/clusterMarks';
import { operatorNotes, operatorProblems } from '../../../../src/engine/planning/operators';
import { clusterOf } from '../../../support/cluster';
import { freshFacts, provisionedFacts, situationOf } from '../../../support/plans';
import { scriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ version: 'v1.36.4+k3s1' });

function seen(text: string) {
  const marks = clusterMarks().parse({ stdout: text, stderr: '', exitCode: 0 });
  return situationOf(cluster, freshFacts(cluster), marks.ok ? { marks: marks.value } : {});
}

const CONTROLLER = 'workload system-upgrade/system-upgrade-controller 1 \n';

describe('others who change releases or reboot', () => {
  it('keep an upgrade waiting: a plan of system-upgrade-controller for another release', () => {
    const problems = operatorProblems(seen(`plan system-upgrade/server-plan v1.36.3+k3s1\n${CONTROLLER}`));
    expect(problems).toMatchObject([
      {
        code: 'other-operator',
        message: 'The plan system-upgrade/server-plan of system-upgrade-controller keeps nodes at v1.36.3+k3s1',
        nextSteps: [
          'Pause it: kubectl scale deployment system-upgrade-controller --namespace system-upgrade --replicas=0.',
          expect.stringContaining('Or write v1.36.4+k3s1 into that plan') as string,
        ],
      },
    ]);
    expect(operatorProblems(seen(`plan a/b \n${CONTROLLER}`))[0]?.message).toContain('the release of a channel');
  });

  it.each([
    ['that wants the same release', `plan a/b v1.36.4+k3s1\n${CONTROLLER}`],
    ['that writes it as images are tagged', `plan a/b v1.36.4-k3s1\n${CONTROLLER}`],
    ['whose controller is paused', 'plan a/b v1.36.3+k3s1\nworkload system-upgrade/system-upgrade-controller 0 \n'],
    ['whose controller is gone', 'plan a/b v1.36.3+k3s1\n'],
  ])('are in nobody’s way: a plan %s', (_, text) => {
    expect(operatorProblems(seen(text))).toEqual([]);
  });

  it('keep it waiting when they reboot, unless a person holds them', () => {
    expect(operatorProblems(seen('workload kube-system/kured  \n'))).toMatchObject([
      { code: 'other-operator', message: 'kube-system/kured reboots nodes of this cluster by itself' },
    ]);
    expect(operatorProblems(seen('workload kube-system/kured  {"nodeID":"manual"}\n'))).toEqual([]);
    // It holds its own lock while it reboots a node.
    expect(operatorProblems(seen('workload kube-system/kured  {"nodeID":"server-2"}\n'))).toHaveLength(1);
  });

  it('are told when they may have a say', () => {
    const text = 'workload cattle-system/cattle-cluster-agent 1 \nworkload cattle-fleet-system/fleet-agent 1 \n';
    expect(operatorNotes(seen(text))).toEqual([
      expect.stringContaining('Rancher manages this cluster'),
      expect.stringContaining('Fleet applies manifests'),
    ]);
    expect(operatorProblems(seen(text))).toEqual([]);
  });

  it('are looked for by a plan that upgrades, and by no other', async () => {
    const older = clusterOf();
    const made = scriptedCluster(cluster, provisionedFacts(older));
    made.first = (_, script) =>
      script === 'cluster-marks' ? { stdout: `plan a/b v1.36.3+k3s1\n${CONTROLLER}` } : undefined;
    const { plan } = await made.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems.map(({ code }) => code)).toEqual(['other-operator']);
    const same = scriptedCluster(older, provisionedFacts(older));
    same.first = made.first;
    expect((await same.plan()).plan.problems).toEqual([]);
    expect(same.hosts.asked()).not.toContain('cluster-marks server-1');
  });
});

import { problem, type Problem } from '../../core/base/problem';
import { shellWord } from '../../core/remote/shell';
import type { Situation } from './situation';

/**
 * Why an upgrade has to wait for somebody else who changes releases or reboots nodes in this cluster: it would be put back, or a
 * second server would go down beside the one that is changed. One that is paused, or wants the same release, is in nobody's way.
 */
export function operatorProblems({ marks, cluster }: Situation): readonly Problem[] {
  if (marks === undefined) return [];
  const { plans, workloads, paused, manualLock } = marks;
  const runs = (pattern: RegExp): string | undefined =>
    workloads.find((name) => pattern.test(name) && !paused.includes(name));
  const controller = runs(/\/system-upgrade-controller$/);
  const steering = plans.filter(({ version }) => asTag(version) !== asTag(cluster.k3s.version));
  const kured = runs(/\/kured$/);
  return [
    ...(controller === undefined
      ? []
      : steering.map(({ name, version }) => {
          const [namespace = '', plan = ''] = name.split('/');
          return problem(
            'other-operator',
            `The plan ${name} of system-upgrade-controller keeps nodes at ${version ?? 'the release of a channel'}`,
            {
              why: 'It would put an older binary back, or drain a second node while one is away.',
              nextSteps: [
                `Pause it: kubectl scale deployment ${shellWord(controller.split('/')[1] ?? '')} --namespace ${shellWord(controller.split('/')[0] ?? '')} --replicas=0.`,
                `Or write ${cluster.k3s.version ?? 'the same release'} into that plan, or delete it: kubectl delete plans.upgrade.cattle.io ${shellWord(plan)} --namespace ${shellWord(namespace)}.`,
              ],
            },
          );
        })),
    ...(kured === undefined || manualLock
      ? []
      : [
          problem('other-operator', `${kured} reboots nodes of this cluster by itself`, {
            why: 'It could reboot a second server while one is changed, and that takes the quorum.',
            nextSteps: [
              `Hold it until the upgrade is done: kubectl annotate daemonset ${shellWord(kured.split('/')[1] ?? '')} --namespace ${shellWord(kured.split('/')[0] ?? '')} weave.works/kured-node-lock='{"nodeID":"manual"}'; afterwards take the annotation away again.`,
            ],
          }),
        ]),
  ];
}

/** Who else may have a say, without a sign that they steer the release now. */
export function operatorNotes({ marks }: Situation): readonly string[] {
  const names = marks?.workloads ?? [];
  return [
    ...(names.some((name) => /\/cattle-cluster-agent$/.test(name))
      ? [
          'Rancher manages this cluster: if it also manages its version, the release has to be changed there, or it puts it back.',
        ]
      : []),
    ...(names.some((name) => /\/fleet-agent$/.test(name))
      ? [
          'Fleet applies manifests in this cluster: a plan of system-upgrade-controller among them comes back when it is deleted.',
        ]
      : []),
  ];
}

/** Images are tagged with a dash where releases have a plus, and plans are written either way. */
function asTag(release = ''): string {
  return release.replace('+', '-');
}

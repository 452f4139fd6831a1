import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { othersAtWork } from '../../k3s/otherOperators';
import { defineHostCheck, type HostReport } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const otherOperator = defineHostCheck({
  id: 'other-operator',
  severity: 'warning',
  title: later`Somebody else changes releases or reboots nodes`,
  rationale: `A forgotten plan of system-upgrade-controller puts the old release back after an upgrade, and kured reboots nodes whenever their system wants it: both may take a second server away while one is changed. Upgrades, reboots, drills and new encryption keys wait until such a plan is paused or wants the same release, and kured is held. That kured is there alone is an information. Asked through one server that runs.`,
  sources: [DOCUMENTS.otherOperatorReport, DOCUMENTS.kured],
  judge: ({ cluster, facts, marks }) => {
    if (marks === undefined) return [];
    const { version } = cluster.k3s;
    const running = [...facts.values()].flatMap(({ k3sVersion = [] }) => k3sVersion);
    const wanted = version === undefined ? [...new Set(running)] : [version];
    const machine = marks.through;
    const { steering, atWork, kured } = othersAtWork(marks.seen, wanted);
    return [
      ...steering.map(({ name, version: kept }): HostReport => ({
        machine,
        message:
          kept === undefined
            ? say`The plan ${name} of system-upgrade-controller keeps nodes at the release of a channel, and the cluster is to have ${listed(wanted)}`
            : say`The plan ${name} of system-upgrade-controller keeps nodes at ${kept}, and the cluster is to have ${listed(wanted)}`,
        nextSteps: [say`Write the same release into that plan, pause its controller, or delete it.`],
      })),
      ...atWork
        .filter((plan) => !steering.includes(plan))
        .map(({ name, applying }): HostReport => ({
          machine,
          message: say`The plan ${name} of system-upgrade-controller is at work on ${listed(applying)}`,
          nextSteps: [say`Wait until its jobs have ended before anything else is changed.`],
        })),
      ...(kured === undefined
        ? []
        : [
            {
              severity: 'info' as const,
              machine,
              message: say`${kured.name} reboots nodes of this cluster by itself`,
              nextSteps: [
                say`Hold it before an upgrade, a reboot, a drill or new encryption keys: its annotation weave.works/kured-node-lock with the node "manual" does that.`,
              ],
            },
          ]),
    ];
  },
});

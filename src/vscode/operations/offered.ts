import { count, listed } from '../../core/base/words';
import { machinesWith, type Plan } from '../../core/plan/plan';
import { restoredAnew } from '../../engine/planning/restoreAnew';
import type { OperationId } from '../ids';

/** An operation as the editor offers it: what people read around it. */
export interface OfferedOperation {
  /** Id of the operation. */
  readonly id: OperationId;
  /** Button that goes on: `Provision`. */
  readonly verb: (plan: Plan) => string;
  /** What the person is asked. */
  readonly question: (plan: Plan) => string;
  /** What goes on, as the beginning of a sentence: `Provisioning`. */
  readonly noun: string;
  /** What is true after a run that succeeded. */
  readonly done: (plan: Plan, seconds: string) => string;
  /** When there is nothing to do. */
  readonly unchanged: (clusterName: string) => string;
}

/** What *Preview Plan* is about. */
export const PROVISIONING: OfferedOperation = {
  id: 'provision',
  verb: (plan) => WORDS[changeOf(plan)],
  question: (plan) => {
    const { clusterName } = plan;
    const change = changeOf(plan);
    if (change === 'upgrade') return `Upgrade ${clusterName} to ${listed(releases(plan))}?`;
    return change === 'change' ? `Apply the changes to ${clusterName}?` : `Provision ${clusterName}?`;
  },
  noun: 'Provisioning',
  done: ({ clusterName, machines }, seconds) =>
    `${clusterName} is up: ${machines.length} nodes Ready after ${seconds} s.`,
  unchanged: (clusterName) => `${clusterName} is as the file says: nothing to change, nothing to restart.`,
};

const WORDS = { provision: 'Provision', upgrade: 'Upgrade', change: 'Apply Changes' } as const;

/** What provisioning comes to: machines that begin, another release on running ones, or anything else on these. */
function changeOf({ steps }: Plan): keyof typeof WORDS {
  const kinds = new Set(steps.map(({ kind }) => kind));
  if (kinds.has('start') || !kinds.has('restart')) return 'provision';
  return kinds.has('install') ? 'upgrade' : 'change';
}

function releases({ steps }: Plan): readonly string[] {
  const named = steps.flatMap(({ input }) => ('release' in input ? [String(input.release)] : []));
  return [...new Set(named)];
}

const RESTARTING: OfferedOperation = {
  id: 'restart',
  verb: () => 'Restart',
  question: ({ clusterName, steps }) => `Restart K3s on ${named(machinesWith(steps, 'restart'))} of ${clusterName}?`,
  noun: 'Restarting',
  done: ({ clusterName, steps }, seconds) =>
    `K3s was restarted on ${named(machinesWith(steps, 'restart'))} of ${clusterName} within ${seconds} s.`,
  unchanged: (clusterName) => `Nothing of ${clusterName} was left to restart.`,
};

const REBOOTING: OfferedOperation = {
  id: 'reboot',
  verb: ({ steps }) => (steps.some(isReboot) ? 'Reboot' : 'Finish'),
  question: ({ clusterName, steps }) =>
    steps.some(isReboot)
      ? `Reboot ${named(machinesWith(steps, 'reboot'))} of ${clusterName}?`
      : `Finish the reboot of ${named(machinesWith(steps, 'reboot'))} of ${clusterName}?`,
  noun: 'Rebooting',
  done: ({ steps }, seconds) => `${named(machinesWith(steps, 'reboot'))} is back after ${seconds} s.`,
  unchanged: (clusterName) => `Nothing of ${clusterName} was left to reboot.`,
};

/** Another one only waits for K3s after a reboot that was begun. */
function isReboot({ kind, says }: Plan['steps'][number]): boolean {
  return kind === 'reboot' && says.counted !== '';
}

const DRILLING: OfferedOperation = {
  id: 'drill',
  verb: ({ steps }) => (machinesWith(steps, 'take-away').length > 0 ? 'Take Parts Away' : 'Bring Back'),
  question: ({ clusterName, steps }) => {
    const taken = machinesWith(steps, 'take-away').length;
    return taken > 0
      ? `Take ${count(taken, 'part')} of ${clusterName} away for real, one after the other?`
      : `Bring back what a drill of ${clusterName} that was cut off has taken away?`;
  },
  noun: 'Drilling',
  done: ({ clusterName, steps }, seconds) => {
    const taken = machinesWith(steps, 'take-away').length;
    return taken > 0
      ? `${count(taken, 'part')} of ${clusterName} taken away and brought back within ${seconds} s.`
      : `What a drill had taken from ${clusterName} is back.`;
  },
  unchanged: (clusterName) => `Nothing of ${clusterName} was left to take away.`,
};

const DRAINING: OfferedOperation = {
  id: 'drain',
  verb: () => 'Drain',
  question: ({ clusterName, steps }) => `Drain ${named(machinesWith(steps, 'drain'))} of ${clusterName}?`,
  noun: 'Draining',
  done: ({ steps }, seconds) =>
    `${named(machinesWith(steps, 'drain'))} was drained within ${seconds} s, and stays cordoned until you uncordon it.`,
  unchanged: (clusterName) => `Nothing of ${clusterName} was left to drain.`,
};

const RENEWING_CERTIFICATES: OfferedOperation = {
  id: 'renew-certificates',
  verb: () => 'Renew',
  question: ({ clusterName, steps }) =>
    `Renew the certificates of ${named(machinesWith(steps, 'renew-certificates'))} of ${clusterName}?`,
  noun: 'Renewing certificates of',
  done: ({ clusterName, steps }, seconds) =>
    `${named(machinesWith(steps, 'renew-certificates'))} of ${clusterName} have new certificates after ${seconds} s.`,
  unchanged: (clusterName) => `No certificates of ${clusterName} were left to renew.`,
};

const SAVING: OfferedOperation = {
  id: 'save-snapshot',
  verb: () => 'Take Snapshot',
  question: ({ clusterName }) => `Take a snapshot of ${clusterName}?`,
  noun: 'Taking the snapshot',
  done: ({ clusterName, steps }, seconds) =>
    `A snapshot of ${clusterName} was saved on ${named(machinesWith(steps, 'save-snapshot'))} within ${seconds} s.`,
  unchanged: (clusterName) => `The snapshot of ${clusterName} is there.`,
};

const DELETING: OfferedOperation = {
  id: 'delete-snapshot',
  verb: () => 'Delete',
  question: ({ clusterName }) => `Delete this snapshot of ${clusterName}?`,
  noun: 'Deleting the snapshot',
  done: ({ clusterName }) => `The snapshot of ${clusterName} is gone.`,
  unchanged: (clusterName) => `The snapshot of ${clusterName} was gone already.`,
};

const PRUNING: OfferedOperation = {
  id: 'prune-snapshots',
  verb: () => 'Delete',
  question: ({ clusterName, steps }) => `Delete ${count(steps.length, 'snapshot')} of ${clusterName}?`,
  noun: 'Deleting snapshots',
  done: ({ clusterName, steps }) => `${count(steps.length, 'snapshot')} of ${clusterName} deleted.`,
  unchanged: (clusterName) => `${clusterName} has no more snapshots than are to stay.`,
};

const RESTORING: OfferedOperation = {
  id: 'restore',
  verb: () => 'Restore',
  question: ({ clusterName, steps }) =>
    restoredAnew(steps)
      ? `Make ${clusterName} of the snapshot, on machines that have no cluster yet?`
      : `Restore ${clusterName}? All its servers stop, and what has changed since is lost.`,
  noun: 'Restoring',
  done: ({ clusterName, steps }, seconds) =>
    `${clusterName} is restored and proved after ${seconds} s.${restoredAnew(steps) ? ' Provision Cluster adds its other machines.' : ''}`,
  unchanged: (clusterName) => `${clusterName} is restored.`,
};

const REMOVING: OfferedOperation = {
  id: 'remove-node',
  verb: () => 'Remove',
  question: ({ clusterName, steps }) => `Remove ${named(leavers(steps))} from ${clusterName}?`,
  noun: 'Removing',
  done: ({ clusterName, steps }, seconds) => `${named(leavers(steps))} left ${clusterName} within ${seconds} s.`,
  unchanged: (clusterName) => `Nothing of ${clusterName} was left to remove.`,
};

const RESETTING: OfferedOperation = {
  id: 'reset-cluster',
  verb: () => 'Reset',
  question: ({ clusterName }) => `Take K3s off all machines of ${clusterName}?`,
  noun: 'Resetting',
  done: ({ clusterName }, seconds) => `Nothing of ${clusterName} is left on its machines, after ${seconds} s.`,
  unchanged: (clusterName) => `Nothing of ${clusterName} is on its machines.`,
};

function leavers(steps: Plan['steps']): readonly string[] {
  return [...new Set(['delete-node', 'stop-k3s'].flatMap((kind) => machinesWith(steps, kind)))];
}

const ROTATING_TOKEN: OfferedOperation = {
  id: 'rotate-token',
  verb: () => 'Rotate',
  question: ({ clusterName }) => `Take ${clusterName} from its present token to the one of the file?`,
  noun: 'Rotating the token of',
  done: ({ clusterName }, seconds) => `${clusterName} runs with its new token after ${seconds} s.`,
  unchanged: (clusterName) => `${clusterName} has the token of the file.`,
};

const ROTATING_KEYS: OfferedOperation = {
  id: 'rotate-encryption-keys',
  verb: () => 'Rotate',
  question: ({ clusterName }) => `Encrypt every Secret of ${clusterName} with a new key?`,
  noun: 'Rotating the encryption keys of',
  done: ({ clusterName }, seconds) => `Every server of ${clusterName} has the new key after ${seconds} s.`,
  unchanged: (clusterName) => `The keys of ${clusterName} have just been rotated.`,
};

const REPAIRING_NAMES: OfferedOperation = {
  id: 'repair-certificate-names',
  verb: ({ steps }) => (steps.some(({ kind }) => kind === 'stop-server') ? 'Stop All Servers' : 'Restart One Server'),
  question: ({ clusterName, steps }) =>
    steps.some(({ kind }) => kind === 'stop-server')
      ? `Take the API of ${clusterName} away for a while, to drop names from its certificate?`
      : `Restart one server of ${clusterName}, so that its certificate gets the names that it lacks?`,
  noun: 'Repairing the certificate of',
  done: ({ clusterName }, seconds) => `The certificate of ${clusterName} has the wanted names after ${seconds} s.`,
  unchanged: (clusterName) => `The certificate of ${clusterName} has the wanted names and no others.`,
};

/** By name, as long as that can be read at a glance. */
function named(nodes: readonly string[]): string {
  return nodes.length <= 4 ? listed(nodes) : count(nodes.length, 'node');
}

/** Every operation that has a command. */
const OFFERED: readonly OfferedOperation[] = [
  PROVISIONING,
  RESTARTING,
  REBOOTING,
  DRAINING,
  DRILLING,
  REMOVING,
  RESETTING,
  RENEWING_CERTIFICATES,
  SAVING,
  DELETING,
  PRUNING,
  RESTORING,
  REPAIRING_NAMES,
  ROTATING_TOKEN,
  ROTATING_KEYS,
];

export function offeredOperation(id: OperationId): OfferedOperation {
  const found = OFFERED.find((offered) => offered.id === id);
  if (found === undefined) throw new Error(`the operation ${id} is not offered`);
  return found;
}

import { later, said, say } from '../../core/base/say';
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
  verb: (plan) => said(WORDS[changeOf(plan)]),
  question: (plan) => {
    const { clusterName } = plan;
    const change = changeOf(plan);
    if (change === 'upgrade') return say`Upgrade ${clusterName} to ${listed(releases(plan))}?`;
    return change === 'change' ? say`Apply the changes to ${clusterName}?` : say`Provision ${clusterName}?`;
  },
  noun: later`Provisioning`,
  done: ({ clusterName, machines }, seconds) =>
    say`${clusterName} is up: ${machines.length} nodes Ready after ${seconds} s.`,
  unchanged: (clusterName) => say`${clusterName} is as the file says: nothing to change, nothing to restart.`,
};

const WORDS = { provision: later`Provision`, upgrade: later`Upgrade`, change: later`Apply Changes` } as const;

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
  verb: () => say`Restart`,
  question: ({ clusterName, steps }) => say`Restart K3s on ${named(machinesWith(steps, 'restart'))} of ${clusterName}?`,
  noun: later`Restarting`,
  done: ({ clusterName, steps }, seconds) =>
    say`K3s was restarted on ${named(machinesWith(steps, 'restart'))} of ${clusterName} within ${seconds} s.`,
  unchanged: (clusterName) => say`Nothing of ${clusterName} was left to restart.`,
};

const REBOOTING: OfferedOperation = {
  id: 'reboot',
  verb: ({ steps }) => (steps.some(isReboot) ? say`Reboot` : say`Finish`),
  question: ({ clusterName, steps }) =>
    steps.some(isReboot)
      ? say`Reboot ${named(machinesWith(steps, 'reboot'))} of ${clusterName}?`
      : say`Finish the reboot of ${named(machinesWith(steps, 'reboot'))} of ${clusterName}?`,
  noun: later`Rebooting`,
  done: ({ steps }, seconds) => say`${named(machinesWith(steps, 'reboot'))} is back after ${seconds} s.`,
  unchanged: (clusterName) => say`Nothing of ${clusterName} was left to reboot.`,
};

/** Another one only waits for K3s after a reboot that was begun. */
function isReboot({ kind, says }: Plan['steps'][number]): boolean {
  return kind === 'reboot' && says.counted !== '';
}

const DRILLING: OfferedOperation = {
  id: 'drill',
  verb: ({ steps }) => (machinesWith(steps, 'take-away').length > 0 ? say`Take Parts Away` : say`Bring Back`),
  question: ({ clusterName, steps }) => {
    const taken = machinesWith(steps, 'take-away').length;
    if (taken === 1) return say`Take one part of ${clusterName} away for real?`;
    return taken > 0
      ? say`Take ${count(taken, 'part')} of ${clusterName} away for real, one after the other?`
      : say`Bring back what a drill of ${clusterName} that was cut off has taken away?`;
  },
  noun: later`Drilling`,
  done: ({ clusterName, steps }, seconds) => {
    const taken = machinesWith(steps, 'take-away').length;
    return taken > 0
      ? say`${count(taken, 'part')} of ${clusterName} taken away and brought back within ${seconds} s.`
      : say`What a drill had taken from ${clusterName} is back.`;
  },
  unchanged: (clusterName) => say`Nothing of ${clusterName} was left to take away.`,
};

const DRAINING: OfferedOperation = {
  id: 'drain',
  verb: () => say`Drain`,
  question: ({ clusterName, steps }) => say`Drain ${named(machinesWith(steps, 'drain'))} of ${clusterName}?`,
  noun: later`Draining`,
  done: ({ steps }, seconds) =>
    say`${named(machinesWith(steps, 'drain'))} was drained within ${seconds} s, and stays cordoned until you uncordon it.`,
  unchanged: (clusterName) => say`Nothing of ${clusterName} was left to drain.`,
};

const RENEWING_CERTIFICATES: OfferedOperation = {
  id: 'renew-certificates',
  verb: () => say`Renew`,
  question: ({ clusterName, steps }) =>
    say`Renew the certificates of ${named(machinesWith(steps, 'renew-certificates'))} of ${clusterName}?`,
  noun: later`Renewing certificates of`,
  done: ({ clusterName, steps }, seconds) =>
    say`${named(machinesWith(steps, 'renew-certificates'))} of ${clusterName} have new certificates after ${seconds} s.`,
  unchanged: (clusterName) => say`No certificates of ${clusterName} were left to renew.`,
};

const SAVING: OfferedOperation = {
  id: 'save-snapshot',
  verb: () => say`Take Snapshot`,
  question: ({ clusterName }) => say`Take a snapshot of ${clusterName}?`,
  noun: later`Taking the snapshot`,
  done: ({ clusterName, steps }, seconds) =>
    say`A snapshot of ${clusterName} was saved on ${named(machinesWith(steps, 'save-snapshot'))} within ${seconds} s.`,
  unchanged: (clusterName) => say`The snapshot of ${clusterName} is there.`,
};

const DELETING: OfferedOperation = {
  id: 'delete-snapshot',
  verb: () => say`Delete`,
  question: ({ clusterName }) => say`Delete this snapshot of ${clusterName}?`,
  noun: later`Deleting the snapshot`,
  done: ({ clusterName }) => say`The snapshot of ${clusterName} is gone.`,
  unchanged: (clusterName) => say`The snapshot of ${clusterName} was gone already.`,
};

const PRUNING: OfferedOperation = {
  id: 'prune-snapshots',
  verb: () => say`Delete`,
  question: ({ clusterName, steps }) => say`Delete ${count(steps.length, 'snapshot')} of ${clusterName}?`,
  noun: later`Deleting snapshots`,
  done: ({ clusterName, steps }) => say`${count(steps.length, 'snapshot')} of ${clusterName} deleted.`,
  unchanged: (clusterName) => say`${clusterName} has no more snapshots than are to stay.`,
};

const RESTORING: OfferedOperation = {
  id: 'restore',
  verb: () => say`Restore`,
  question: ({ clusterName, steps }) =>
    restoredAnew(steps)
      ? say`Make ${clusterName} of the snapshot, on machines that have no cluster yet?`
      : say`Restore ${clusterName}? All its servers stop, and what has changed since is lost.`,
  noun: later`Restoring`,
  done: ({ clusterName, steps }, seconds) =>
    say`${clusterName} is restored and proved after ${seconds} s.${restoredAnew(steps) ? say` Provision Cluster adds its other machines.` : ''}`,
  unchanged: (clusterName) => say`${clusterName} is restored.`,
};

const REMOVING: OfferedOperation = {
  id: 'remove-node',
  verb: () => say`Remove`,
  question: ({ clusterName, steps }) => say`Remove ${named(leavers(steps))} from ${clusterName}?`,
  noun: later`Removing`,
  done: ({ clusterName, steps }, seconds) => say`${named(leavers(steps))} left ${clusterName} within ${seconds} s.`,
  unchanged: (clusterName) => say`Nothing of ${clusterName} was left to remove.`,
};

const RESETTING: OfferedOperation = {
  id: 'reset-cluster',
  verb: () => say`Reset`,
  question: ({ clusterName }) => say`Take K3s off all machines of ${clusterName}?`,
  noun: later`Resetting`,
  done: ({ clusterName }, seconds) => say`Nothing of ${clusterName} is left on its machines, after ${seconds} s.`,
  unchanged: (clusterName) => say`Nothing of ${clusterName} is on its machines.`,
};

function leavers(steps: Plan['steps']): readonly string[] {
  return [...new Set(['delete-node', 'stop-k3s'].flatMap((kind) => machinesWith(steps, kind)))];
}

const ROTATING_TOKEN: OfferedOperation = {
  id: 'rotate-token',
  verb: () => say`Rotate`,
  question: ({ clusterName }) => say`Take ${clusterName} from its present token to the one of the file?`,
  noun: later`Rotating the token of`,
  done: ({ clusterName }, seconds) => say`${clusterName} runs with its new token after ${seconds} s.`,
  unchanged: (clusterName) => say`${clusterName} has the token of the file.`,
};

const ROTATING_KEYS: OfferedOperation = {
  id: 'rotate-encryption-keys',
  verb: () => say`Rotate`,
  question: ({ clusterName }) => say`Encrypt every Secret of ${clusterName} with a new key?`,
  noun: later`Rotating the encryption keys of`,
  done: ({ clusterName }, seconds) => say`Every server of ${clusterName} has the new key after ${seconds} s.`,
  unchanged: (clusterName) => say`The keys of ${clusterName} have just been rotated.`,
};

const REPAIRING_NAMES: OfferedOperation = {
  id: 'repair-certificate-names',
  verb: ({ steps }) =>
    steps.some(({ kind }) => kind === 'stop-server') ? say`Stop All Servers` : say`Restart One Server`,
  question: ({ clusterName, steps }) =>
    steps.some(({ kind }) => kind === 'stop-server')
      ? say`Take the API of ${clusterName} away for a while, to drop names from its certificate?`
      : say`Restart one server of ${clusterName}, so that its certificate gets the names that it lacks?`,
  noun: later`Repairing the certificate of`,
  done: ({ clusterName }, seconds) => say`The certificate of ${clusterName} has the wanted names after ${seconds} s.`,
  unchanged: (clusterName) => say`The certificate of ${clusterName} has the wanted names and no others.`,
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

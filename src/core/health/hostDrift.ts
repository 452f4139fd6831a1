import { later, say } from '../base/say';
import type { Problem } from '../base/problem';
import type { OptionTexts } from '../facts/presentOptions';
import type { NodeRole } from '../k3s/nodeRole';
import type { FileDifference } from '../plan/difference';
import type { PlanMachine } from '../plan/plan';
import type { MachineId } from '../plan/step';

/** What is not as the file says. `other` is what only a step of the plan tells. */
export type DriftSubject =
  | {
      readonly kind: 'option';
      readonly name: string;
      /** As it is there, for whoever takes it into the file; absent where it is not set, and for a secret. */
      readonly present?: OptionTexts;
      /** Its value is never told. */
      readonly secret?: true;
      /** What decides it there, when that is not config.yaml: it has to be changed by hand. */
      readonly by?: string;
    }
  | { readonly kind: 'version'; readonly present: string }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'mark';
      readonly option: 'node-label' | 'node-taint';
      readonly key: string;
      readonly present: string;
    }
  | { readonly kind: 'certificate' }
  | { readonly kind: 'balancer' }
  /** Who answers as `default/kubernetes`, where it is told. */
  | { readonly kind: 'endpoints' }
  | { readonly kind: 'state' }
  | { readonly kind: 'other' };

/** One thing of a machine that is not as the file says, as it was seen there. Holds no secret. */
export interface HostDifference {
  readonly machine: MachineId;
  readonly about: DriftSubject;
  /** What was seen, e.g. `write-kubeconfig-mode is 0644`. */
  readonly seen: string;
  /** What the file says of it, e.g. `the file says 0640`. */
  readonly says: string;
  /** Files of the machine as they are and as they would be, secrets hidden. */
  readonly files: readonly FileDifference[];
}

/** A Node of the running cluster that the file does not have. */
export interface Stranger {
  readonly name: string;
  readonly role: NodeRole;
  readonly address?: string;
}

/** Where machines and their cluster are not as the file says, by one look at them that has changed nothing. */
export interface HostDrift {
  /** Those of the file that were seen, in its order. */
  readonly machines: readonly (PlanMachine & { readonly differences: readonly HostDifference[] })[];
  /** Those that could not be looked at, with the reason. */
  readonly unseen: readonly (PlanMachine & { readonly problem: Problem })[];
  readonly strangers: readonly Stranger[];
  /** What keeps a plan from undoing it. */
  readonly problems: readonly Problem[];
}

/** All differences of the machines, in the order of the file. */
export function differencesOf({ machines }: Pick<HostDrift, 'machines'>): readonly HostDifference[] {
  return machines.flatMap(({ differences }) => differences);
}

/** Whether anything is not as the file says. */
export function hasDrifted(drift: HostDrift): boolean {
  return drift.strangers.length > 0 || drift.machines.some(({ differences }) => differences.length > 0);
}

/** What a stranger is, after his name. */
export function strangerWords({ role, address }: Stranger): string {
  const at = address === undefined ? '' : say` at ${address}`;
  return say`${role === 'server' ? say`a server` : say`an agent`}${at} that is in the cluster and not in the file`;
}

/** Differences that are one and the same thing on several machines. */
export function groupsOf(differences: readonly HostDifference[]): readonly (readonly HostDifference[])[] {
  const groups = new Map<string, HostDifference[]>();
  for (const one of differences) {
    const key = JSON.stringify([one.about, one.seen, one.says]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()];
}

/** Of a file that has no word for it, or one that is not for people to write. */
const NOT_WRITTEN: Readonly<Record<string, string>> = {
  token: later`the token of a cluster is a secret of this computer`,
  'agent-token': later`a token is a secret of this computer`,
  server: later`whom a node joins follows from the other machines of the file`,
  'cluster-init': later`who founds the cluster follows from the order of the servers`,
  'node-name': later`the name of a node stands at its entry`,
};

/** Whether the file has a place for what was seen. */
export function isAdoptable({ about }: HostDifference): boolean {
  if (about.kind === 'option')
    return about.secret !== true && NOT_WRITTEN[about.name] === undefined && !about.name.startsWith('datastore-');
  return about.kind === 'version' || about.kind === 'mark';
}

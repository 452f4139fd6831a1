import type { NodeRole } from '../nodeRole';

/** A text of K3s's journal that says why K3s does not come up, and what it means for the person who runs the cluster. */
export interface KnownCause {
  /** Stable kebab-case id. */
  readonly id: string;
  /** What K3s writes, as documentation names it. */
  readonly says: string;
  /** Finds it in a line's message, where `says` is not simply a part of the message. */
  readonly pattern?: RegExp;
  /** Follows "… does not come up: ". */
  readonly means: string;
  /** Sentences in the imperative, the most likely cure first. */
  readonly advice: readonly string[] | Readonly<Record<NodeRole, readonly string[]>>;
  /**
   * `never`: somebody has to do something on this host or to its configuration. `itself`: K3s gets over it when others
   * are ready. `perhaps`: the next start of the process may work.
   */
  readonly cures: 'never' | 'itself' | 'perhaps';
  /** It is what other faults lead to: another cause of the same journal says more. */
  readonly symptom?: true;
  /** A healthy start says it less often than this; 1 when left out. */
  readonly times?: number;
  /** It means this only beside another line that holds this. */
  readonly beside?: RegExp;
  /** Another line whose first group says which option or name is meant. */
  readonly detail?: RegExp;
}

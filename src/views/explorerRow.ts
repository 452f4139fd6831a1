import type { Markdown } from '../core/base/markdown';
import type { Path } from '../core/base/path';
import type { StateColor } from './headline';

/** What the card of a row offers: commands that only show something, or ask before they do anything. */
export type RowLink = 'reveal' | 'topology' | 'plan' | 'refresh' | 'provision' | 'kubeconfig' | 'history';

/** One row of the explorer as plain data; the shell turns it into an item of a tree. */
export interface ExplorerRow {
  /** What it is about. Stable: holds nothing that changes with the state. */
  readonly id: string;
  /** Where another row is about the same, what tells the two apart. */
  readonly key?: string;
  readonly label: string;
  /** What differs from others, in at most `BRIEF_LENGTH` characters. */
  readonly description: string;
  /** The whole of what the description says, for those who hear it; absent when that is all. */
  readonly spoken?: string;
  /** All that is known of it. */
  readonly tooltip: Markdown;
  /** Below the tooltip. */
  readonly links?: readonly RowLink[];
  /** Codicon id. */
  readonly icon: string;
  readonly color?: StateColor;
  readonly context:
    | 'cluster'
    | 'attention'
    | 'loadBalancer'
    | 'datastore'
    | 'group'
    | 'zone'
    | 'node'
    | 'extraNode'
    | 'snapshots'
    | 'snapshot'
    | 'workloads'
    | 'failure'
    | 'workload'
    | 'history';
  /** What can be done with it, in words for `when` clauses: `server ready open sshable`. */
  readonly can?: string;
  /** Its children are read when somebody wants to see them. */
  readonly unread?: true;
  readonly expanded?: boolean;
  readonly children: readonly ExplorerRow[];
  /** What to reveal in the file on a click. */
  readonly path?: Path;
}

/** What tells a row from all others of its cluster. */
export function keyOf({ id, key = id }: Pick<ExplorerRow, 'id' | 'key'>): string {
  return key;
}

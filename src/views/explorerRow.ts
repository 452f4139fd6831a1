import type { Markdown } from '../core/base/markdown';
import type { Path } from '../core/base/path';
import type { StateColor } from './headline';

/** One row of the explorer as plain data; the shell turns it into an item of a tree. */
export interface ExplorerRow {
  /** Stable: holds nothing that changes with the state. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: Markdown;
  /** Codicon id. */
  readonly icon: string;
  readonly color?: StateColor;
  readonly context:
    'cluster' | 'loadBalancer' | 'datastore' | 'group' | 'node' | 'extraNode' | 'snapshots' | 'snapshot' | 'history';
  /** What can be done with it, in words for `when` clauses: `server ready sshable`. */
  readonly can?: string;
  /** Its children are read when somebody wants to see them. */
  readonly unread?: true;
  readonly expanded?: boolean;
  readonly children: readonly ExplorerRow[];
  /** What to reveal in the file on a click. */
  readonly path?: Path;
}

import { say } from '../core/base/say';
import { count, listed } from '../core/base/words';
import type { ClusterState } from './clusterState';
import { viewOf } from './clusterView';

/** What stands behind the name of a cluster file in lists of files. */
export interface FileMark {
  /** One or two characters. */
  readonly sign: '≠' | '!';
  readonly words: string;
  readonly color: 'warning' | 'bad';
}

/** The mark of a file whose cluster is out of reach or is not as the file says; none when nothing is known, or all is well. */
export function fileMark(state: ClusterState): FileMark | undefined {
  const { drift, health } = viewOf(state);
  if (state.live.kind === 'lost')
    return { sign: '!', words: say`The API of this cluster does not answer`, color: 'bad' };
  if (state.live.kind !== 'live') return undefined;
  const nodes = [...drift.nodes.keys()];
  const found = [
    ...(nodes.length === 0 ? [] : [say`${listed(nodes)} ${nodes.length === 1 ? 'is' : 'are'} not as this file says`]),
    ...(health.undeclared.length === 0 ? [] : [say`${count(health.undeclared.length, 'node')} not in this file`]),
  ];
  return found.length === 0 ? undefined : { sign: '≠', words: found.join('; '), color: 'warning' };
}

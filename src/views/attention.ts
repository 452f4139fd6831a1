import { say } from '../core/base/say';
import { md } from '../core/base/markdown';
import { oncePer } from '../core/base/remember';
import { count } from '../core/base/words';
import type { ExplorerRow } from './explorerRow';

/** More of them are shown when somebody opens the group. */
const SHOWN_AT_ONCE = 8;

/** The group above all others: every row that is not well, once more, where nobody has to look for it; none when all is well. */
export function attentionRows(rows: readonly ExplorerRow[]): readonly ExplorerRow[] {
  const found = rows.flatMap(troubled);
  if (found.length === 0) return [];
  const isBad = found.some(({ color }) => color === 'bad');
  return [
    {
      id: 'attention',
      label: say`Needs Attention`,
      description: String(found.length),
      tooltip: md`${count(found.length, 'row')} of this cluster ${found.length === 1 ? 'is' : 'are'} not as ${found.length === 1 ? 'it' : 'they'} should be.`,
      icon: 'bell-dot',
      color: isBad ? 'bad' : 'warning',
      context: 'attention',
      expanded: found.length <= SHOWN_AT_ONCE,
      children: [...found.filter(({ color }) => color === 'bad'), ...found.filter(({ color }) => color !== 'bad')],
    },
  ];
}

/** Rows of things, not of groups of them, whose sign says that something is wrong; such a row stands for all below it. */
function troubled(row: ExplorerRow): readonly ExplorerRow[] {
  const isThing = row.context !== 'group' && row.context !== 'zone';
  return isThing && (row.color === 'warning' || row.color === 'bad') ? [again(row)] : row.children.flatMap(troubled);
}

const again: (row: ExplorerRow) => ExplorerRow = oncePer((row) => ({
  ...row,
  key: `attention/${row.id}`,
  children: [],
}));

/** How many things of a cluster want to be looked at: what is not well, what the file does not know, and an API that is silent. */
export function attentionCount({ children, color }: ExplorerRow): number {
  const below = (context: ExplorerRow['context'], id: string): number =>
    children.find((row) => row.context === context && row.id === id)?.children.length ?? 0;
  const found = below('attention', 'attention') + below('group', 'extra');
  return found === 0 && color === 'bad' ? 1 : found;
}

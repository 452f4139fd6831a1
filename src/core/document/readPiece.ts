import { finish } from '../base/steps';
import type { Anchors } from './buildTree';
import type { SyntaxProblem } from './clusterDocument';
import { readYamlInSteps } from './readYaml';
import type { ListNode, MapNode, TreeNode } from './tree';

/** A key that nobody writes, for children of our own around a piece. */
const MARK = '\ue000';

/** Some lines of a file read on their own. */
export interface Piece {
  readonly node: MapNode | ListNode;
  readonly problems: readonly SyntaxProblem[];
  /** Offset of the lines in the text that was read: take it off every offset. */
  readonly lead: number;
  readonly tokens: number;
  readonly aliased: number;
}

export interface PieceContext {
  readonly kind: 'map' | 'list';
  /** Where the children begin in their lines. */
  readonly column: number;
  /** Other children stand above. */
  readonly continued: boolean;
  readonly known: Anchors;
}

/**
 * Reads children of a block that fill whole lines, as they would be read in their file; undefined when that is not
 * certain. A child of our own behind them must come out untouched: no quote, bracket or text over several lines reaches
 * across the end. One above makes the parser see them as further children.
 */
export function readPiece(text: string, { kind, column, continued, known }: PieceContext): Piece | undefined {
  if (!staysInside(text, kind, column)) return undefined;
  const child = (name: string): string => `${' '.repeat(column)}${kind === 'list' ? '-' : `${name}:`} 0\n`;
  const above = continued ? child(`${MARK}0`) : '';
  const lead = above.length;
  const lines = above + (text.endsWith('\n') ? text : `${text}\n`);
  const { root, problems, anchors, tokens, aliased, regular } = finish(readYamlInSteps(lines + child(MARK), known));
  if (
    !regular ||
    anchors.size > 0 ||
    problems.some(({ range }) => range.start < lead || range.end > lead + text.length)
  )
    return undefined;
  const node =
    root === undefined ? undefined : between(root, kind, continued ? 1 : 0, lead + column, lines.length + column);
  return node === undefined ? undefined : { node, problems, lead, tokens, aliased };
}

/** The children from `first` on without the last one, when they begin and end at these offsets. */
function between(
  root: TreeNode,
  kind: 'map' | 'list',
  first: number,
  start: number,
  end: number,
): MapNode | ListNode | undefined {
  if (root.kind === 'list' && kind === 'list' && !root.flow) {
    const { items, dashes } = root;
    if (dashes[first] !== start || dashes.at(-1) !== end || !isZero(items.at(-1), end + 2)) return undefined;
    return { ...root, items: items.slice(first, -1), dashes: dashes.slice(first, -1) };
  }
  if (root.kind === 'map' && kind === 'map' && !root.flow) {
    const last = root.entries.at(-1);
    const key = root.entries[first]?.keyRange;
    if (
      key?.start !== start ||
      key.end === start ||
      last?.key !== MARK ||
      last.keyRange.start !== end ||
      !isZero(last.value, end + MARK.length + 2)
    )
      return undefined;
    return { ...root, entries: root.entries.slice(first, -1) };
  }
  return undefined;
}

function isZero(node: TreeNode | undefined, start: number): boolean {
  return node?.kind === 'scalar' && node.value === 0 && node.range.start === start;
}

/** Whether every line belongs to children that begin in `column`: none leaves the block, none ends the document. */
function staysInside(text: string, kind: 'map' | 'list', column: number): boolean {
  if (/\t|\r(?!\n)|\ue000/.test(text)) return false;
  for (const line of text.split('\n')) {
    const indent = line.search(/[^ \r]/);
    if (indent < 0 || line[indent] === '#') continue;
    if (indent < column || (indent === column && kind === 'list' && !/^-(?:[ \r]|$)/.test(line.slice(indent))))
      return false;
    if (/^(?:---|\.\.\.|%)/.test(line)) return false;
  }
  return true;
}

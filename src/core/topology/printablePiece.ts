import { printableWords } from '../base/printable';

/** Keys of what names a part or a place: they are compared, never shown. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'id',
  'file',
  'path',
  'nodeId',
  'inside',
  'between',
  'from',
  'to',
  'edges',
  'expanded',
  'chosen',
  'down',
  'failed',
  'cutOff',
  'partId',
  'partIds',
]);

/** A piece of a snapshot as the diagram may show it: no word in it acts instead of being read. */
export function printablePiece<T>(piece: T): T {
  return printableWords(piece, IDENTIFIERS);
}

import type { Scalar } from 'yaml';
import type { TextRange } from '../base/text';
import type { SyntaxProblem } from './clusterDocument';
import type { ScalarNode } from './tree';

interface ReadScalar {
  readonly node: ScalarNode;
  /** A quote that begins it and never ends. */
  readonly unclosed?: SyntaxProblem;
}

/** A scalar of the parser as a node of the tree; one that is missing stands at `emptyAt`. */
export function readScalar(source: Scalar, text: string, emptyAt: number): ReadScalar {
  const full = ownRange(source, emptyAt);
  const written = text.slice(full.start, full.end);
  const style =
    source.type === 'QUOTE_SINGLE'
      ? 'single'
      : source.type === 'QUOTE_DOUBLE'
        ? 'double'
        : source.type?.startsWith('BLOCK') === true
          ? 'block'
          : 'plain';
  const range = style === 'block' ? { start: full.start, end: full.start + written.trimEnd().length } : full;
  const node: ScalarNode = {
    kind: 'scalar',
    range,
    tagged: source.tag !== undefined,
    value: plainValue(source.value),
    style,
    ...anchorOf(source),
  };
  const isOpen = (style === 'single' || style === 'double') && !isClosed(written);
  return isOpen ? { node, unclosed: unclosedQuote(written, full, text) } : { node };
}

function unclosedQuote(written: string, full: TextRange, text: string): SyntaxProblem {
  const lineEnd = text.indexOf('\n', full.start);
  const end = lineEnd < 0 ? full.end : Math.min(full.end, lineEnd);
  return {
    message: `This quote is never closed: a second ${written.slice(0, 1)} is missing`,
    range: { start: full.start, end },
  };
}

/** A quote that ends the text may be escaped: `"a\\"` and `'a''` go on. */
export function isClosed(quoted: string): boolean {
  const quote = quoted.slice(0, 1);
  if (quoted.length < 2 || !quoted.endsWith(quote)) return false;
  const escape = quote === '"' ? '\\' : quote;
  let at = quoted.length - 2;
  while (at > 0 && quoted[at] === escape) at -= 1;
  return (quoted.length - 2 - at) % 2 === 0;
}

function plainValue(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : String(value);
}

/** Where a node of the parser stands. */
export function ownRange(node: { range?: [number, number, number] | null }, fallback: number): TextRange {
  return { start: node.range?.[0] ?? fallback, end: node.range?.[1] ?? fallback };
}

export function anchorOf(node: { anchor?: string }): { anchor?: string } {
  return node.anchor === undefined ? {} : { anchor: node.anchor };
}

export function emptyScalar(at: number): ScalarNode {
  return { kind: 'scalar', range: { start: at, end: at }, tagged: false, value: null, style: 'plain' };
}

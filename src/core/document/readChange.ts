import type { Anchors } from './buildTree';
import { changeBetween, sitesOf, type Change, type Site } from './changeSite';
import type { SyntaxProblem } from './clusterDocument';
import type { Reading } from './reading';
import { readPiece, type Piece } from './readPiece';
import { MAX_PROBLEMS, MAX_TOKENS } from './readYaml';
import { replaceChildren } from './replaceChildren';
import { shiftRange, type Moved } from './shift';

/** Characters of pieces above which reading everything is hardly slower. */
const MAX_PIECE = 20_000;
/** Characters that may be read in pieces whatever the length of the file. */
const MIN_BUDGET = 500;
/** Far below the limit for one file, so that no alias of it can be affected. */
const MAX_ALIASED = 100_000;

/**
 * Reads a text by what it shares with one that was read before: only the children of a block that enclose the change
 * are read. Undefined when the result could differ from reading everything.
 */
export function readChange(before: Reading, text: string): Reading | undefined {
  const change = before.regular ? changeBetween(before.text, text) : undefined;
  if (change === undefined) return undefined;
  // Attempts that fail must not cost more than reading everything.
  let budget = Math.min(MAX_PIECE, Math.max(MIN_BUDGET, text.length / 2));
  for (const site of sitesOf(before.root, before.text, text, change).reverse()) {
    budget -= site.end - site.start;
    if (budget < 0) return undefined;
    const reading = readSite(before, text, change, site);
    if (reading !== undefined) return reading;
  }
  return undefined;
}

function readSite(before: Reading, text: string, change: Change, site: Site): Reading | undefined {
  const { node, first, start, end, column } = site;
  const by = change.newEnd - change.oldEnd;
  if (!isPlainLine(text, start) || !isPlainLine(text, end + by)) return undefined;
  const context = { kind: node.kind, column, continued: first > 0, known: anchorsAbove(before.anchors, start) };
  // The old lines are read apart too: only where that gives what stands in the file it will for the new ones.
  const old = readPiece(before.text.slice(start, end), context);
  const now = old === undefined ? undefined : readPiece(text.slice(start, end + by), context);
  if (
    old === undefined ||
    now === undefined ||
    (old.problems.length + now.problems.length > 0 &&
      (isFirstOfInnerMap(site) || !text.slice(0, end + by).endsWith('\n')))
  )
    return undefined;
  const problems = replaceProblems(before.problems, site, old, now);
  const tokens = before.tokens - old.tokens + now.tokens;
  const aliased = before.aliased - old.aliased + now.aliased;
  if (problems === undefined || tokens > MAX_TOKENS || Math.max(aliased, before.aliased) > MAX_ALIASED)
    return undefined;
  const moved: Moved = new Map();
  const replaced = replaceChildren(before, site, now, by, moved);
  if (replaced === undefined) return undefined;
  const anchors =
    moved.size === 0
      ? before.anchors
      : new Map(
          [...before.anchors].map(([name, { node: anchored, size }]) => [
            name,
            { size, ...(anchored === undefined ? {} : { node: moved.get(anchored) ?? anchored }) },
          ]),
        );
  const shared =
    moved.size === 0
      ? before.shared
      : new Map([...before.shared].map(([anchored, value]) => [moved.get(anchored) ?? anchored, value]));
  return { text, ...replaced, problems, anchors, shared, aliased, tokens, regular: true };
}

/** The parser begins an inner map as a text that turns out to be a key; what it makes of a mistake there depends on what is around. */
function isFirstOfInnerMap({ node, first, above }: Site): boolean {
  return node.kind === 'map' && first === 0 && above.length > 0;
}

/** How the lexer takes a line that begins with a single character depends on the lines above; such a line must not be a border. */
function isPlainLine(text: string, offset: number): boolean {
  const at = offset + text.slice(offset).search(/[^ ]|$/);
  return at >= text.length || text[at] === '-' || !/^\s?$/.test(text.charAt(at + 1));
}

function anchorsAbove(anchors: Anchors, offset: number): Anchors {
  return anchors.size === 0
    ? anchors
    : new Map([...anchors].filter(([, { node }]) => node !== undefined && node.range.start < offset));
}

/** The problems of the new text; undefined when not all come from the piece alone: what the parser makes of a mistake elsewhere may change with it. */
function replaceProblems(
  all: readonly SyntaxProblem[],
  { start }: Site,
  old: Piece,
  now: Piece,
): SyntaxProblem[] | undefined {
  const expected = old.problems.every((problem, i) => isSame(all[i], move(problem, start - old.lead)));
  if (!expected || all.length !== old.problems.length || now.problems.length > MAX_PROBLEMS) return undefined;
  return now.problems.map((problem) => move(problem, start - now.lead));
}

function move({ message, range }: SyntaxProblem, by: number): SyntaxProblem {
  return { message, range: shiftRange(range, by) };
}

function isSame(a: SyntaxProblem | undefined, b: SyntaxProblem): boolean {
  return a?.message === b.message && a.range.start === b.range.start && a.range.end === b.range.end;
}

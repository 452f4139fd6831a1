import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { columnOf, lineEnd, lineStart } from '../document/layout';
import { parseDocument, treeOf } from '../document/parse';
import { MAX_PROBLEMS } from '../document/readYaml';
import type { TreeNode } from '../document/tree';

const MARK = 'cursor7f3a';

/** Where the cursor stands in the structure of a file that may be half-typed. */
export interface CursorPlace {
  readonly kind: 'key' | 'value';
  /** For a key the block that it belongs to, for a value the place of the value. */
  readonly path: Path;
  /** A list item would have to be started with a dash here. */
  readonly needsDash: boolean;
  readonly flow: boolean;
  /** The word under the cursor, which a completion replaces. */
  readonly range: TextRange;
  readonly word: string;
  /** A colon follows, so that only the name of the key is wanted. */
  readonly hasColon: boolean;
  /** Column of the word, and leading white space of its line. */
  readonly column: number;
  readonly lineIndent: number;
  /** The file with the marker in place of the word. */
  readonly marked: ClusterDocument;
}

/**
 * Finds the cursor by putting a marker word in its place and looking for it in the tree: the parser then knows about
 * indentation, flow style and unfinished lines, and this code need not.
 */
export function placesAt(document: ClusterDocument, offset: number): CursorPlace[] {
  const { text } = document;
  const word = wordAt(text, offset);
  const before = text.slice(lineStart(text, offset), word.start);
  const after = text.slice(word.end, lineEnd(text, word.end));
  const hasColon = /^["']?\s*:(?=\s|$)/.test(after);
  const isValue = /:[ \t]+(?:&\S+[ \t]+)?["']?$/.test(before);
  const onlyIndent = before.trim() === '' && after.trim() === '';
  // Problems elsewhere in the file must not hide the cursor; problems that only the marker brings rule a variant out.
  let problemsBefore: number | undefined;
  const isWorse = (marked: ClusterDocument): boolean => {
    // In a file with too many problems to list, nothing can be told apart.
    if (
      marked.syntaxProblems.length === 0 ||
      Math.min(marked.syntaxProblems.length, document.syntaxProblems.length) >= MAX_PROBLEMS
    )
      return false;
    problemsBefore ??= parseDocument(text.slice(0, word.start) + text.slice(word.end), document).syntaxProblems.length;
    return marked.syntaxProblems.length > problemsBefore;
  };
  const tryVariant = (variant: string): (Found & { marked: ClusterDocument; needsDash: boolean }) | undefined => {
    const marked = parseDocument(text.slice(0, word.start) + variant + text.slice(word.end), document);
    const found = find(treeOf(marked), [], marked.text);
    return found === undefined || isWorse(marked)
      ? undefined
      : { ...found, marked, needsDash: variant.startsWith('-') };
  };
  const block = onlyIndent && !isValue ? blockAbove(text, offset) : 'map';
  // A bare marker would merge with the next line of a block, so it comes after the key form.
  const plain =
    block === 'list'
      ? undefined
      : isValue || hasColon
        ? tryVariant(MARK)
        : (tryVariant(`${MARK}:`) ?? tryVariant(MARK));
  const chosen = [plain, block === 'map' ? undefined : tryVariant(`- ${MARK}:`)].filter((place) => place !== undefined);
  return chosen.map(({ kind, path, flow, marked, needsDash }) => ({
    kind,
    path,
    flow,
    marked,
    needsDash,
    hasColon,
    range: word,
    word: text.slice(word.start, Math.min(offset, word.end)),
    column: columnOf(text, word.start),
    lineIndent: /^[ \t]*/.exec(before)?.[0].length ?? 0,
  }));
}

/** What the lines above show that an otherwise empty line can go on; reading a variant that cannot be takes long. */
function blockAbove(text: string, offset: number): 'map' | 'list' | 'either' {
  const column = columnOf(text, offset);
  let below: 'list' | 'either' = 'either';
  for (let end = lineStart(text, offset) - 1; end >= 0; end = lineStart(text, end) - 1) {
    const line = text.slice(lineStart(text, end), end).trimEnd();
    const indent = line.search(/\S/);
    if (indent < 0 || line[indent] === '#' || indent > column) continue;
    const dashes = /^(?:-\s+|-$)+/.exec(line.slice(indent))?.[0].length ?? 0;
    // Items of a list may stand in the column of the key that holds them.
    if (indent + dashes === column) return below === 'list' || line.endsWith(':') ? 'either' : 'map';
    if (indent < column) return below;
    below = 'list';
  }
  return below;
}

/** The run of characters around the cursor that makes up a name or a plain value. */
function wordAt(text: string, offset: number): TextRange {
  const line = text.slice(lineStart(text, offset), offset);
  const start = offset - (/[^\s,[\]{}"'#]*$/.exec(line)?.[0].length ?? 0);
  // `key:value` under the cursor ends at the colon, so that a key can be completed in front of its value.
  const rest = /^(?:[^\s,[\]{}"'#:]|:(?=\S))*/.exec(text.slice(offset, lineEnd(text, offset)))?.[0].length ?? 0;
  return { start, end: offset + rest };
}

interface Found {
  readonly kind: 'key' | 'value';
  readonly path: Path;
  readonly flow: boolean;
}

function find(node: TreeNode | undefined, path: Path, text: string): Found | undefined {
  if (node?.kind === 'scalar') return node.value === MARK ? { kind: 'value', path, flow: false } : undefined;
  if (node?.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const found = find(item, [...path, index], text);
      if (found !== undefined) return { ...found, flow: found.flow || node.flow };
    }
  }
  if (node?.kind === 'map') {
    for (const entry of node.entries) {
      // `[marker: ]` is read as a map without braces, but it is an element that is wanted there.
      const bare = node.flow && text[node.range.start] !== '{';
      if (entry.key === MARK) return { kind: bare ? 'value' : 'key', path, flow: node.flow };
      const found = find(entry.value, [...path, entry.key], text);
      if (found !== undefined) return { ...found, flow: found.flow || node.flow };
    }
  }
  return undefined;
}

/** Whether a key is the marker, which is no key of the file. */
export function isMarker(key: string): boolean {
  return key === MARK;
}

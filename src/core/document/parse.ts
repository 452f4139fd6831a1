import { Composer, Lexer, Parser, type CST, type Document, type YAMLError } from 'yaml';
import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import { buildTree } from './buildTree';
import type { ClusterDocument, PathPart, SyntaxProblem } from './clusterDocument';
import { lineStart } from './layout';
import { syntaxMessage } from './syntaxMessages';
import { mergeEntryFor, ownEntry, toData, type TreeNode } from './tree';

/** Longest text that is read at all. A cluster of 1,000 hosts written out needs about 100,000 characters. */
const MAX_LENGTH = 1_000_000;
/** Lexical tokens that are read (about 10,000 lines); keeps every keystroke below a fifth of a second. */
const MAX_TOKENS = 50_000;
const MAX_PROBLEMS = 50;

interface Parsed {
  readonly document: ClusterDocument;
  readonly root: TreeNode | undefined;
}

const trees = new WeakMap<ClusterDocument, TreeNode | undefined>();

/** Reads a cluster file. Never throws: whatever cannot be read is a located problem, and the rest is still there. */
export function parseDocument(text: string): ClusterDocument {
  const { document, root } = parse(text);
  trees.set(document, root);
  return document;
}

/** The tree behind a document of {@link parseDocument}. */
export function treeOf(document: ClusterDocument): TreeNode | undefined {
  return trees.has(document) ? trees.get(document) : parse(document.text).root;
}

function parse(text: string): Parsed {
  if (text.length > MAX_LENGTH) {
    const size = (text.length / 1_000_000).toFixed(1);
    const message = `This file has ${size} million characters; a cluster file of more than one million is not read. Keep images and certificates in files of their own`;
    return describe(text, undefined, [{ message, range: { start: 0, end: firstLineEnd(text) } }]);
  }
  const read = readFirstDocument(text);
  const built = buildTree(read.document?.contents, text);
  const problems = [...built.problems, ...built.unclosed, ...read.problems];
  if (read.document !== undefined && !read.truncated) problems.push(...parserProblems(read.document, text, built.unclosed));
  const sorted = problems.sort((a, b) => a.range.start - b.range.start).slice(0, MAX_PROBLEMS);
  return describe(text, built.root, sorted);
}

function firstLineEnd(text: string): number {
  const end = text.search(/[\r\n]/);
  return Math.min(end < 0 ? text.length : end, 200);
}

interface Read {
  readonly document: Document.Parsed | undefined;
  readonly problems: readonly SyntaxProblem[];
  readonly truncated: boolean;
}

/** Drives the parser token by token, so that it can stop at the second document and at a measureless one. */
function readFirstDocument(text: string): Read {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  const parser = new Parser();
  const problems: SyntaxProblem[] = [];
  let document: Document.Parsed | undefined;
  let documents = 0;
  let count = 0;
  let offset = 0;
  let truncated = false;
  /** Hands tokens to the composer until the first document is whole; false when the second one starts. */
  const feed = (tokens: Iterable<CST.Token>): boolean => {
    for (const token of tokens) {
      if (token.type === 'document') documents += 1;
      if (documents === 2 && token.type === 'document') {
        if (token.value !== undefined) problems.push({ message: 'A second YAML document starts here; only the first one of the file counts', range: { start: token.offset, end: Math.min(token.offset + 3, text.length) } });
        document ??= [...composer.end(true, token.offset)][0];
        return false;
      }
      for (const found of composer.next(token)) document ??= found;
    }
    return true;
  };
  try {
    for (const lexeme of new Lexer().lex(text)) {
      offset = parser.offset;
      count += 1;
      if (count > MAX_TOKENS) {
        truncated = true;
        problems.push({ message: 'The file is too long to be checked from here on; use host ranges such as 10.0.1.[1-50] to keep it short', range: { start: offset, end: Math.min(offset + 1, text.length) } });
        break;
      }
      if (!feed(parser.next(lexeme))) return { document, problems, truncated };
    }
    if (feed(parser.end())) document ??= [...composer.end(true, text.length)][0];
  } catch {
    // The composer recurses: thousands of nested brackets end the stack before any limit above is met.
    problems.push({ message: 'This is nested too deeply to be read', range: { start: offset, end: Math.min(offset + 1, text.length) } });
  }
  return { document, problems, truncated };
}

/** Parser errors in our words, without those that follow from a quote or bracket that is already reported as unclosed. */
function parserProblems(document: Document.Parsed, text: string, unclosed: readonly SyntaxProblem[]): SyntaxProblem[] {
  const firstUnclosed = unclosed[0]?.range.start ?? Infinity;
  const seen = new Set<number>();
  const problems: SyntaxProblem[] = [];
  for (const error of [...document.errors, ...document.warnings].sort(byMeaning)) {
    const { range, code } = locate(error, text);
    if (range.start > firstUnclosed || seen.has(lineStart(text, range.start)) || problems.length >= MAX_PROBLEMS) continue;
    seen.add(lineStart(text, range.start)).add(lineStart(text, error.pos[0]));
    problems.push({ message: syntaxMessage(code, error.message, text.slice(range.start, range.end)), range });
  }
  return problems;
}

/** A key over two lines is reported twice by the parser; the error that names the second line says more. */
function byMeaning(a: YAMLError, b: YAMLError): number {
  return a.pos[0] - b.pos[0] || Number(b.code === 'MULTILINE_IMPLICIT_KEY') - Number(a.code === 'MULTILINE_IMPLICIT_KEY');
}

interface Located {
  readonly range: TextRange;
  readonly code: YAMLError['code'] | 'UNFINISHED_KEY';
}

/** A word without a colon above a key is read as one key over two lines; what is wrong is the line that is out of place. */
function locate(error: YAMLError, text: string): Located {
  const start = Math.min(error.pos[0], text.length);
  const end = Math.min(Math.max(error.pos[1], start + 1), text.length);
  const written = text.slice(start, end).trimEnd();
  const lastLine = written.search(/[^\r\n]*$/);
  if (error.code === 'MISSING_CHAR' && error.message.startsWith('Implicit map keys')) return { range: { start, end }, code: 'UNFINISHED_KEY' };
  if (error.code !== 'MULTILINE_IMPLICIT_KEY' || lastLine <= 0) return { range: { start, end }, code: error.code };
  const second = start + lastLine + written.slice(lastLine).search(/\S|$/);
  const sameColumn = second - lineStart(text, second) === start - lineStart(text, start);
  if (sameColumn) return { range: { start, end: start + written.search(/\r?\n/) }, code: 'UNFINISHED_KEY' };
  return { range: { start: second, end: start + written.length }, code: error.code };
}

function describe(text: string, root: TreeNode | undefined, syntaxProblems: readonly SyntaxProblem[]): Parsed {
  const document: ClusterDocument = {
    text,
    data: toData(root),
    syntaxProblems,
    rangeOf: (path, part) => rangeOf(root, path, part),
    pathAt: (offset) => (root === undefined ? undefined : pathAt(root, offset)),
  };
  return { document, root };
}

function rangeOf(root: TreeNode | undefined, path: Path, part: PathPart): TextRange | undefined {
  let node = root;
  let key = root?.range;
  for (const step of path) {
    // What lies behind an alias or a merge key is shown where it is used.
    if (node?.kind === 'alias') return node.range;
    if (node?.kind === 'map') {
      const own = ownEntry(node, String(step));
      const entry = own ?? mergeEntryFor(node, String(step));
      if (entry === undefined) return undefined;
      if (own === undefined) return part === 'key' ? entry.keyRange : entry.value.range;
      key = entry.keyRange;
      node = entry.value;
    } else if (node?.kind === 'list' && typeof step === 'number') {
      node = node.items[step];
      key = node?.range;
    } else return undefined;
  }
  return part === 'key' ? key : node?.range;
}

function pathAt(root: TreeNode, offset: number): { path: Path; part: PathPart } | undefined {
  if (!contains(root.range, offset)) return undefined;
  const path: (string | number)[] = [];
  let node: TreeNode = root;
  for (;;) {
    if (node.kind === 'map') {
      const entry = node.entries.find((e) => contains({ start: e.keyRange.start, end: Math.max(e.keyRange.end, e.value.range.end) }, offset));
      if (entry === undefined) return { path, part: 'value' };
      path.push(entry.key);
      if (contains(entry.keyRange, offset)) return { path, part: 'key' };
      if (!contains(entry.value.range, offset)) return { path, part: 'value' };
      node = entry.value;
    } else if (node.kind === 'list') {
      const index: number = node.items.findIndex((item) => contains(item.range, offset));
      const item: TreeNode | undefined = node.items[index];
      if (item === undefined) return { path, part: 'value' };
      path.push(index);
      node = item;
    } else return { path, part: 'value' };
  }
}

function contains(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

import { Composer, Lexer, Parser, type CST, type Document, type YAMLError } from 'yaml';
import type { Steps } from '../base/steps';
import type { TextRange } from '../base/text';
import { buildTree, type Anchors } from './buildTree';
import type { SyntaxProblem } from './clusterDocument';
import { lineStart } from './layout';
import { syntaxMessage } from './syntaxMessages';
import type { TreeNode } from './tree';

/** Lexical tokens that are read (about 10,000 lines); keeps reading a whole file below a quarter of a second. */
export const MAX_TOKENS = 50_000;
export const MAX_PROBLEMS = 50;
/** The problem of a text with more tokens. */
export const TOO_LONG =
  'The file is too long to be checked from here on; use host ranges such as 10.0.1.[1-50] to keep it short';
/** What the lexer gives in front of a plain or block text. */
const SCALAR_FOLLOWS = '\x1f';
/** Blocks within each other, each key and each item being two; a cluster file needs about 20. */
const MAX_DEPTH = 200;
/** Characters of a plain or quoted text over several lines; folding it takes time that grows with the square of its length. */
const MAX_FOLDED = 2_000;
/** Tokens between two pauses: about 5 ms of work. */
const TOKENS_PER_STEP = 2_000;

/** What a text says, or a piece of it. */
export interface YamlReading {
  readonly root: TreeNode | undefined;
  /** From top to bottom, all of them. */
  readonly problems: readonly SyntaxProblem[];
  /** What is anchored in the text. */
  readonly anchors: Anchors;
  /** Nodes that aliases add. */
  readonly aliased: number;
  readonly tokens: number;
  /** One document, read to its end, with every quote and bracket closed and no anchor redefined: each line means the same whatever stands in distant ones. */
  readonly regular: boolean;
}

/** Reads YAML with pauses in between; never throws. `known` are the anchors above a piece of a file. */
export function* readYamlInSteps(text: string, known: Anchors = new Map()): Steps<YamlReading> {
  const read = yield* readFirstDocument(text);
  yield;
  const built = buildTree(read.document?.contents, text, known);
  const problems = [...built.problems, ...built.unclosed, ...read.problems];
  if (read.document !== undefined && !read.truncated)
    problems.push(...parserProblems(read.document, text, built.unclosed));
  const regular = read.problems.length === 0 && built.regular && !/^(?:---|\.\.\.|%)/m.test(text);
  return {
    root: built.root,
    problems: problems.sort((a, b) => a.range.start - b.range.start),
    anchors: built.anchors,
    aliased: built.aliased,
    tokens: read.tokens,
    regular,
  };
}

interface Read {
  readonly document: Document.Parsed | undefined;
  readonly problems: readonly SyntaxProblem[];
  readonly tokens: number;
  readonly truncated: boolean;
}

/** Drives the parser token by token, so that it can pause, and stop at the second document and at a measureless one. */
function* readFirstDocument(text: string): Steps<Read> {
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, keepSourceTokens: true, logLevel: 'silent' });
  const parser = new Parser();
  const problems: SyntaxProblem[] = [];
  let document: Document.Parsed | undefined;
  let documents = 0;
  let count = 0;
  let offset = 0;
  let truncated = false;
  let isBlockText = false;
  /** Hands tokens to the composer until the first document is whole; false when the second one starts. */
  const feed = (tokens: Iterable<CST.Token>): boolean => {
    for (const token of tokens) {
      if (token.type === 'document') documents += 1;
      if (documents === 2 && token.type === 'document') {
        if (token.value !== undefined)
          problems.push({
            message: 'A second YAML document starts here; only the first one of the file counts',
            range: { start: token.offset, end: Math.min(token.offset + 3, text.length) },
          });
        document ??= [...composer.end(true, token.offset)][0];
        return false;
      }
      const [found] = withoutStacks(() => [...composer.next(token)]);
      document ??= found;
    }
    return true;
  };
  const stop = (message: string): void => {
    truncated = true;
    problems.push({ message, range: { start: offset, end: Math.min(offset + 1, text.length) } });
  };
  try {
    for (const lexeme of new Lexer().lex(text)) {
      offset = parser.offset;
      count += 1;
      if (count > MAX_TOKENS) {
        stop(TOO_LONG);
        break;
      }
      const folded = lexeme.length > MAX_FOLDED && lexeme.includes('\n') && !isBlockText;
      if (lexeme !== SCALAR_FOLLOWS) isBlockText = /^[|>]/.test(lexeme) || (isBlockText && /^[\s#]/.test(lexeme));
      if (folded) {
        stop(
          `A text over several lines is read up to ${MAX_FOLDED} characters; write long ones behind a | or into a file`,
        );
        break;
      }
      // The parser recurses, and the end of the stack would come at a depth of its own each time.
      if (parser.stack.length > MAX_DEPTH) {
        stop('This is nested too deeply to be read');
        break;
      }
      if (!feed(parser.next(lexeme))) return { document, problems, tokens: count, truncated };
      if (count % TOKENS_PER_STEP === 0) yield;
    }
    yield;
    if (feed(parser.end())) {
      const [found] = withoutStacks(() => [...composer.end(true, text.length)]);
      document ??= found;
    }
  } catch {
    stop('This cannot be read as YAML');
  }
  return { document, problems, tokens: count, truncated };
}

/** The parser makes an error for each of thousands of mistakes; where in the program it was made interests nobody and takes half of the time. */
function withoutStacks<T>(work: () => T): T {
  const errors = Error as { stackTraceLimit?: number };
  const { stackTraceLimit = 10 } = errors;
  errors.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    errors.stackTraceLimit = stackTraceLimit;
  }
}

/** Parser errors in our words, without those that follow from a quote or bracket that is already reported as unclosed. */
function parserProblems(document: Document.Parsed, text: string, unclosed: readonly SyntaxProblem[]): SyntaxProblem[] {
  const firstUnclosed = unclosed[0]?.range.start ?? Infinity;
  const seen = new Set<number>();
  const problems: SyntaxProblem[] = [];
  for (const error of [...document.errors, ...document.warnings].sort(byMeaning)) {
    const { range, code } = locate(error, text);
    if (range.start > firstUnclosed || seen.has(lineStart(text, range.start)) || problems.length >= MAX_PROBLEMS)
      continue;
    seen.add(lineStart(text, range.start)).add(lineStart(text, error.pos[0]));
    problems.push({ message: syntaxMessage(code, error.message, text.slice(range.start, range.end)), range });
  }
  return problems;
}

/** A key over two lines is reported twice by the parser; the error that names the second line says more. */
function byMeaning(a: YAMLError, b: YAMLError): number {
  return (
    a.pos[0] - b.pos[0] || Number(b.code === 'MULTILINE_IMPLICIT_KEY') - Number(a.code === 'MULTILINE_IMPLICIT_KEY')
  );
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
  if (error.code === 'MISSING_CHAR' && error.message.startsWith('Implicit map keys'))
    return { range: { start, end }, code: 'UNFINISHED_KEY' };
  if (error.code !== 'MULTILINE_IMPLICIT_KEY' || lastLine <= 0) return { range: { start, end }, code: error.code };
  const second = start + lastLine + written.slice(lastLine).search(/\S|$/);
  const sameColumn = second - lineStart(text, second) === start - lineStart(text, start);
  if (sameColumn) return { range: { start, end: start + written.search(/\r?\n/) }, code: 'UNFINISHED_KEY' };
  return { range: { start: second, end: start + written.length }, code: error.code };
}

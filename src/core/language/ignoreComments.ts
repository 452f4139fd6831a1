import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { lineEnd, lineStart, nextLine } from '../document/layout';

/** One rule id of a `# k3s-ha-ignore <rule-id>, <rule-id> -- why` comment. */
export interface IgnoredRule {
  readonly ruleId: string;
  readonly range: TextRange;
}

export interface IgnoreComment {
  /** From the hash sign to the end of the comment. */
  readonly range: TextRange;
  /** Start of the line whose findings are suppressed; undefined for the whole file. */
  readonly line: number | undefined;
  /** Nothing but the comment stands on its line. */
  readonly alone: boolean;
  readonly rules: readonly IgnoredRule[];
}

export const IGNORE = 'k3s-ha-ignore';
const IGNORE_FILE = `${IGNORE}-file`;
const COMMENT = new RegExp(
  `(?<=^|[ \\t\\uFEFF])#+[ \\t]*(${IGNORE_FILE}|${IGNORE})(?![\\w-])[ \\t:]*([^\\r\\n]*)`,
  'gm',
);

/** The comments of the file that suppress findings: at the end of a line for that line, alone for the next one, `-file` for all. */
export function ignoreComments(document: ClusterDocument): IgnoreComment[] {
  const { text } = document;
  if (!text.includes(IGNORE)) return [];
  return [...text.matchAll(COMMENT)]
    .filter((match) => !isInScalar(document, match.index))
    .map((match) => {
      const [whole, word = '', rest = ''] = match;
      const start = match.index;
      const names = rest.split(/(?:^|\s)--(?:\s|$)/)[0] ?? '';
      const namesStart = start + whole.length - rest.length;
      const alone = text.slice(lineStart(text, start), start).trim() === '';
      return {
        range: { start, end: start + whole.trimEnd().length },
        line: word === IGNORE_FILE ? undefined : alone ? nextContentLine(text, start) : lineStart(text, start),
        alone,
        rules: [...names.matchAll(/[^\s,]+/g)].map((name) => ({
          ruleId: name[0],
          range: { start: namesStart + name.index, end: namesStart + name.index + name[0].length },
        })),
      };
    });
}

/** A hash sign inside a quoted or block text starts no comment. */
function isInScalar(document: ClusterDocument, offset: number): boolean {
  const at = document.pathAt(offset);
  const range = at === undefined ? undefined : document.rangeOf(at.path, at.part);
  if (at === undefined || range === undefined || offset < range.start || offset >= range.end) return false;
  const value = dataAt(document.data, at.path);
  return at.part === 'key' || value === null || typeof value !== 'object';
}

/** The next line that holds more than a comment; the end of the text when there is none. */
function nextContentLine(text: string, from: number): number {
  for (let at = nextLine(text, from); at < text.length; at = nextLine(text, at)) {
    if (/^\s*[^\s#]/.test(text.slice(at, lineEnd(text, at)))) return at;
  }
  return text.length;
}

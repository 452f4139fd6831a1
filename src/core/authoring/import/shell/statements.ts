import { parse, type Statement } from 'unbash';

/** A statement, or a line that no shell would take. */
export type ShellPiece =
  | { readonly kind: 'statement'; readonly statement: Statement; readonly text: string; readonly mended?: string }
  | { readonly kind: 'unread'; readonly text: string };

/** Lines that are left out one after the other; a text with more of them is no shell. */
const MOST_FAULTS = 60;

/** The statements of a text that may be prose in part: what no shell would take is left out line by line. */
export function* shellStatements(text: string): Generator<ShellPiece> {
  let rest = text;
  for (let faults = 0; rest.trim() !== ''; faults += 1) {
    const script = parse(rest);
    const fault = script.errors?.reduce((least, { pos }) => Math.min(least, pos), Infinity);
    const line = fault === undefined ? Infinity : lineStart(rest, fault);
    const good = script.commands.filter(({ end }) => end <= line);
    for (const statement of good) yield { kind: 'statement', statement, text: rest };
    if (fault === undefined) return;
    // What began before and reaches into the fault is not whole either.
    const begun = script.commands.find(({ pos, end }) => end > line && pos < line);
    const from = begun?.pos ?? line;
    const end = rest.indexOf('\n', from);
    const broken = rest.slice(from, end < 0 ? undefined : end);
    const mended = closedQuote(broken);
    if (mended !== undefined) {
      for (const statement of parse(mended).commands)
        yield { kind: 'statement', statement, text: mended, mended: broken };
      if (end < 0) return;
      rest = rest.slice(end + 1);
      continue;
    }
    if (faults >= MOST_FAULTS || end < 0) {
      yield { kind: 'unread', text: rest.slice(from) };
      return;
    }
    if (rest.slice(from, end).trim() !== '') yield { kind: 'unread', text: rest.slice(from, end) };
    rest = rest.slice(end + 1);
  }
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', Math.min(offset, text.length) - 1) + 1;
}

/** A line with the quote that it lacks in front of the shell it is piped to, `| A="server … sh -`; undefined when that does not mend it. */
function closedQuote(line: string): string | undefined {
  const [, before = '', name = '', quote = '', rest = ''] =
    /^(.*\|.*?\b)((?:INSTALL_)?K3S_\w+=)(["'])([^"']*)$/.exec(line.trimEnd()) ?? [];
  const at = rest.search(/\s(?:sudo\s+)?(?:ba)?sh(?:\s+-\S*)*$/);
  if (name === '' || at < 0) return undefined;
  const mended = `${before}${name}${quote}${rest.slice(0, at)}${quote}${rest.slice(at)}`;
  return parse(mended).errors === undefined || parse(mended).errors?.length === 0 ? mended : undefined;
}

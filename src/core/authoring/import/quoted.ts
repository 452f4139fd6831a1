import { revealed } from './placeholder';

const LONGEST = 160;

/** What such a name gives is shown nowhere. */
const SECRET_NAME = String.raw`[\w.-]*(?:token|passw(?:or)?d|password|secret|access[-_]?key|join[-_]?key|auth[-_]?key|api[-_]?key|vpn[-_]auth|dsn)[\w-]*`;
const GIVEN = new RegExp(
  String.raw`(?<flag>-{1,2})?(?<name>${SECRET_NAME})(?<gap>["']?(?:\s*[=:]\s*|\s+)["']?)(?![-=:\s])(?<value>[^\s"',;|&]+)`,
  'gi',
);
/** Behind a name without a sign between them: a word of a sentence, and no value. */
const WORD = /^(?:\p{Lu}?\p{Ll}{1,14}|\p{Lo}+)[.!?)]?$/u;

/** A part of the text as a note quotes it: one line, not long, and without what looks like a secret. */
export function quoted(text: string): string {
  const line = withoutSecrets(revealed(text).trim().replace(/\\\n/g, ' ').replace(/\s+/g, ' '));
  return `"${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}"`;
}

function withoutSecrets(line: string): string {
  return line
    .replace(/(:\/\/[^\s:@/]*:)[^\s@/]+@/g, '$1«secret»@')
    .replace(/K10[0-9a-f]{8,}::\S+/g, '«secret»')
    .replace(GIVEN, (all, flag: string | undefined, name: string, gap: string, value: string) => {
      if (/[-_](?:file|path)$/i.test(name)) return all;
      const isProse = flag === undefined && /^\s+$/.test(gap) && name !== name.toUpperCase() && WORD.test(value);
      return isProse ? all : `${flag ?? ''}${name}${gap}«secret»`;
    });
}

/** Most parts that one note quotes. */
const MOST = 40;

/** `"a"; "b"`: parts of a text in one note. */
export function quotedList(parts: readonly string[]): string {
  const shown = parts.slice(0, MOST).map(quoted);
  return [...shown, ...(parts.length > MOST ? [`and ${parts.length - MOST} more`] : [])].join('; ');
}

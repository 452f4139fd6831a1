import { literal, markPlaceholders } from '../placeholder';
import { placeComment } from './namedPlaces';

/** Characters that web pages put where a shell wants others. */
const TYPOGRAPHY: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a]/g, "'"],
  [/[\u201c\u201d\u201e]/g, '"'],
  [/[\u00a0\u2007\u202f\u3000]/g, ' '],
  [/[\u200b\ufeff]/g, ''],
  [/[\u2013\u2014]+(?=[a-z])/g, '--'],
  [/&quot;/g, '"'],
  [/&#39;|&apos;/g, "'"],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&amp;/g, '&'],
];

const KNOWN = String.raw`(?:sudo|curl|wget|k3s|k3sup|autok3s|export|cat|echo|sh|bash|\.\/|(?:INSTALL_)?K3S_\w+=)`;
const COMMAND_LINE = new RegExp(String.raw`^[ \t]*(?:\$ )?${KNOWN}\b`, 'm');
const PROMPT = /^[ \t]*(?:[$>] |\[[^\]\n]*@[^\]\n]*\][$#] |[\w.-]+@[\w.-]+:[^$#\n]*[$#] )/;
const ROOT_PROMPT = new RegExp(String.raw`^[ \t]*# (?=${KNOWN})`);

/**
 * Shell text as it was meant before a page or a terminal was copied: without prompts and numbers of lines, with the quotes, dashes and blanks
 * of a shell. A backslash with blanks behind it continues its line.
 */
export function shellText(pasted: string): string {
  let text = fromPowerShell(pasted.replace(/\r\n?/g, '\n')).replace(/\\[ \t]+\n/g, '\\\n');
  for (const [from, to] of TYPOGRAPHY) text = text.replace(from, to);
  text = withoutNumbers(text);
  // A hash is the prompt of root where no command stands without one, and a comment otherwise.
  const rootPrompts = !COMMAND_LINE.test(text);
  const places = promptHosts(text);
  return markPlaceholders(
    text
      .split('\n')
      .map(withoutApostrophes)
      .map(withQuotedAddress)
      .map((line) => {
        const host = places.size > 1 ? PROMPT_HOST.exec(line)?.[1] : undefined;
        const bare = (rootPrompts ? line.replace(ROOT_PROMPT, '') : line).replace(PROMPT, '');
        return host === undefined ? bare : `${placeComment(host)}\n${bare}`;
      })
      .join('\n'),
  );
}

const PROMPT_HOST = /^[ \t]*\[?[\w.-]+@([A-Za-z][\w-]*(?:\.[\w-]+)*)[: ][^$#\n]*[$#] /;

/** The machines at whose terminals commands were typed. */
function promptHosts(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => PROMPT_HOST.exec(line)?.[1] ?? []));
}

/** A bracket of `tcp(…)` that no quote keeps from the shell. */
function withQuotedAddress(line: string): string {
  return line.replace(/(?<=[\s=])mysql:\/\/[^\s"']*\([^\s"'()]*\)[^\s"']*/g, (address, at: number) =>
    (line.slice(0, at).match(/["']/g)?.length ?? 0) % 2 === 0 ? `'${address}'` : address,
  );
}

/** Lines of PowerShell as a shell writes them: a backtick continues a line, and variables are assigned with a dollar sign. */
function fromPowerShell(text: string): string {
  if (!/[ \t]`[ \t]*\n|^[ \t]*\$(?:env:)?\w+[ \t]*=[ \t]*\S/m.test(text)) return text;
  return text
    .replace(/(?<=[ \t])`[ \t]*\n/g, '\\\n')
    .replace(
      /^([ \t]*)\$(?:env:)?(\w+)[ \t]*=[ \t]*@\(([^()\n]*)\)/gim,
      (_all, indent: string, name: string, items: string) => `${indent}${name}=(${items.replaceAll(',', ' ')})`,
    )
    .replace(/^([ \t]*)\$(?:env:)?(\w+)[ \t]*=[ \t]*(?=\S)/gim, '$1$2=')
    .replace(/\$env:(?=\w)/gi, '$')
    .replace(
      /^([ \t]*)foreach[ \t]*\(\$(\w+)[ \t]+in[ \t]+\$(\w+)\)[ \t]*\{([\s\S]*?)^\1\}/gim,
      '$1for $2 in "${$3[@]}"; do$4$1done',
    );
}

/** `1. curl …`, `2) sudo …` of a list, and the numbers beside a listing. */
function withoutNumbers(text: string): string {
  const lines = text.split('\n');
  const bare = /^[ \t]*(\d{1,4})(?:[ \t]+|$)/;
  const filled = lines.filter((line) => line.trim() !== '');
  const counted =
    filled.length > 1 &&
    filled.every(
      (line, index) => Number(bare.exec(line)?.[1] ?? NaN) - Number(bare.exec(filled[0] ?? '')?.[1]) === index,
    );
  return lines
    .map((line) => (counted ? line.replace(bare, '') : line.replace(/^[ \t]*\d{1,3}[.)、][ \t]*(?=\S)(?!\d)/, '')))
    .join('\n');
}

/** `doesn't`, `l'autre` in the prose of a page would open a quote that ends lines below. */
function withoutApostrophes(line: string): string {
  const between = /(?<=\p{L})'(?=\p{L})/gu;
  const isOpen = (line.match(/'/g)?.length ?? 0) % 2 === 1;
  return line.replace(isOpen ? between : /(?<=\p{L})'(?=(?:s|t|re|ll|ve|d|m)(?:[\s,.;:!?)]|$))/gu, () => literal("'"));
}

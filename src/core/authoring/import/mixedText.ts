import { optionOfLine } from './configFile';

/** A run of lines: commands, or a configuration of K3s that stands among them. */
export interface TextPart {
  readonly kind: 'shell' | 'config';
  readonly text: string;
}

/** Tells configurations from the commands and the words around them, as pages show both one below the other. */
export function textParts(text: string): readonly TextPart[] {
  const parts: { kind: TextPart['kind']; lines: string[] }[] = [];
  let terminator: string | undefined;
  let continued = false;
  for (const line of text.split('\n')) {
    const kind =
      terminator === undefined && !continued && belongsToConfig(line, parts.at(-1)?.kind) ? 'config' : 'shell';
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
    if (terminator !== undefined) terminator = line.trim() === terminator ? undefined : terminator;
    else if (kind === 'shell') terminator = /(?<!<)<<-?[ \t]*\\?(['"]?)(\w+)\1(?!<)/.exec(line)?.[2];
    continued = /\\$/.test(line);
  }
  return parts.map(({ kind, lines }) => ({ kind, text: lines.join('\n') }));
}

function belongsToConfig(line: string, before: TextPart['kind'] | undefined): boolean {
  if (optionOfLine(line) !== undefined) return true;
  return before === 'config' && /^(?:\s+\S|- |\s*$|[a-z][\w.+-]*:(?:\s|$))/.test(line);
}

import { K3S_OPTIONS, optionFacts } from '../../k3s/options';
import type { OptionValue } from './installCommand';
import { shellCommands } from './shellWords';

const BY_ALIAS: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => [
    [name, name] as const,
    ...(optionFacts(name)?.aliases ?? []).map((alias) => [alias, name] as const),
  ]),
);

/** Options of K3s with what could not be taken for one, as sentences. */
export interface ParsedOptions {
  readonly options: Record<string, OptionValue>;
  readonly notes: readonly string[];
}

/** The words of an argument that holds several. */
export function splitArguments(text: string): readonly string[] {
  return shellCommands(text).flat();
}

/** Their values are options themselves. */
const EXTRA_ARGUMENTS = /-extra-args$/;

/** Flags of a tool of its own: `--name value`, `--name=value` or a switch. */
export function simpleFlags(args: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const [name = '', inline] = splitFlag(args[i] ?? '');
    if (name === '') continue;
    const next = args[i + 1];
    if (inline !== undefined) flags.set(name, inline);
    else if (next !== undefined && (EXTRA_ARGUMENTS.test(name) || !/^--?[a-z]/i.test(next)))
      flags.set(name, args[(i += 1)] ?? '');
    else flags.set(name, 'true');
  }
  return flags;
}

function splitFlag(arg: string): readonly [string?, string?] {
  const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(arg);
  return match === null ? [] : [match[1], match[2]];
}

/** Options of K3s as its command line takes them. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  const options: Record<string, OptionValue> = {};
  const notes: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const [written, inline] = splitFlag(arg);
    if (written === undefined) {
      notes.push(`"${arg}" was passed over: it belongs to no option.`);
      continue;
    }
    const name = BY_ALIAS.get(written);
    const next = args[i + 1];
    if (name === undefined) {
      notes.push(`--${written} is no option of K3s and was passed over.`);
      if (inline === undefined && next !== undefined && !next.startsWith('-')) i += 1;
      continue;
    }
    const types = typesOf(name);
    if (types.includes('boolean') && inline === undefined) options[name] = true;
    else {
      const text = inline ?? (next !== undefined ? (args[(i += 1)] ?? '') : '');
      const before = options[name];
      if (types.includes('boolean')) options[name] = text !== 'false';
      else if (types.includes('array'))
        options[name] = [
          ...(Array.isArray(before) ? (before as readonly string[]) : []),
          ...(optionFacts(name)?.commaSplit === true ? text.split(',') : [text]),
        ];
      else options[name] = text;
    }
  }
  return { options, notes };
}

function typesOf(name: string): readonly string[] {
  const { type } = (K3S_OPTIONS[name] ?? {}) as { readonly type?: string | readonly string[] };
  return typeof type === 'string' ? [type] : (type ?? []);
}

import { quoted, quotedList } from './quoted';
import { splitFlag } from './optionArguments';

/** The flags of a tool: those with a value, those without, and those that say nothing about the cluster. */
export interface ToolFlags {
  readonly tool: string;
  /** Whose flags those are that are unknown here, when they are of somebody. */
  readonly of?: string;
  readonly values: readonly string[];
  readonly switches: readonly string[];
  /** One letter to the name that it means. */
  readonly letters?: Readonly<Record<string, string>>;
  /** Of the tool's own work; they have a value unless they are in `switches`, too. */
  readonly ofTool: readonly string[];
}

/** What a command line gives, by flag; a flag without a value is `true`. */
export interface GivenFlags {
  readonly has: (name: string) => boolean;
  /** The last value. */
  readonly get: (name: string) => string | undefined;
  /** All values, split at commas. */
  readonly list: (name: string) => readonly string[];
  /** Arguments that are no flags. */
  readonly words: readonly string[];
  readonly notes: readonly string[];
}

/** Reads the command line of a tool as its own parser does: `--name value`, `--name=value`, switches with `=false`. */
export function readToolFlags(
  args: readonly string[],
  { tool, of, values, switches, letters = {}, ofTool }: ToolFlags,
): GivenFlags {
  const given = new Map<string, string[]>();
  const words: string[] = [];
  const unknown: string[] = [];
  const own: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const [written, inline] = splitFlag(arg);
    if (written === undefined) {
      words.push(arg);
      continue;
    }
    const name = letters[written] ?? written;
    const isSwitch = switches.includes(name);
    const known = isSwitch || values.includes(name) || ofTool.includes(name);
    const next = args[i + 1];
    const takes = inline === undefined && !isSwitch && next !== undefined && (known || !next.startsWith('-'));
    const value = inline ?? (takes ? next : 'true');
    if (takes) i += 1;
    if (!known) unknown.push(takes ? `${arg} ${next}` : arg);
    else if (ofTool.includes(name)) own.push(takes ? `${arg} ${next}` : arg);
    else if (!(isSwitch && value === 'false')) given.set(name, [...(given.get(name) ?? []), value]);
  }
  const get = (name: string): string | undefined => given.get(name)?.at(-1);
  return {
    has: (name) => given.has(name),
    get,
    list: (name) =>
      (given.get(name) ?? [])
        .flatMap((value) => value.split(','))
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    words,
    notes: [
      ...(of === undefined
        ? unknown.map((flag) => `${tool} has no ${quoted(flag)} that is known here; it was passed over.`)
        : unknown.length === 0
          ? []
          : [`Settings of ${of}, which were left out: ${quotedList(unknown)}.`]),
      ...(own.length === 0
        ? []
        : [`About the work of ${tool} and not about the cluster, so they were left out: ${quotedList(own)}.`]),
    ],
  };
}

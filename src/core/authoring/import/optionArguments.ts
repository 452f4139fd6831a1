import { K3S_OPTIONS, optionFacts } from '../../k3s/options';
import type { OptionValue } from './installCommand';
import { quoted } from './quoted';
import { shellWords } from './shell/shellWords';

const BY_ALIAS: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => [
    [name, name] as const,
    ...(optionFacts(name)?.aliases ?? []).map((alias) => [alias, name] as const),
  ]),
);

/** Options that K3s had once, with what says the same today. */
const FORMER: Readonly<Record<string, { readonly name: string; readonly value?: OptionValue }>> = {
  'no-deploy': { name: 'disable' },
  'cluster-secret': { name: 'token' },
  'no-flannel': { name: 'flannel-backend', value: 'none' },
  'storage-endpoint': { name: 'datastore-endpoint' },
  'storage-cafile': { name: 'datastore-cafile' },
  'storage-certfile': { name: 'datastore-certfile' },
  'storage-keyfile': { name: 'datastore-keyfile' },
};

/** Options of K3s with what could not be taken for one, as sentences. */
export interface ParsedOptions {
  readonly options: Record<string, OptionValue>;
  readonly notes: readonly string[];
}

/** An option by any of its names, former ones included; undefined when K3s never had it. */
export function knownOption(
  written: string,
): { readonly name: string; readonly value?: OptionValue; readonly note?: string } | undefined {
  const name = BY_ALIAS.get(written);
  if (name !== undefined) return { name };
  const former = Object.hasOwn(FORMER, written) ? FORMER[written] : undefined;
  if (former === undefined) return undefined;
  const today = former.value === undefined ? former.name : `${former.name}: ${String(former.value)}`;
  return { ...former, note: `${written} is an option of old releases of K3s and was taken over as ${today}.` };
}

/** The words of an argument that holds several. */
export function splitArguments(text: string): readonly string[] {
  return shellWords(text);
}

/** `--name` or `--name=value` taken apart; empty for anything else. */
export function splitFlag(arg: string): readonly [string?, string?] {
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
      if (arg.trim() !== '') notes.push(`${quoted(arg)} was passed over: it belongs to no option.`);
      continue;
    }
    const known = knownOption(written);
    const next = args[i + 1];
    if (known === undefined) {
      const taken = inline === undefined && next !== undefined && !next.startsWith('-');
      notes.push(`${quoted(taken ? `${arg} ${next}` : arg)}: --${written} is no option of K3s and was passed over.`);
      if (taken) i += 1;
      continue;
    }
    if (known.note !== undefined) notes.push(known.note);
    const isSwitch = typesOf(known.name).includes('boolean') || known.value !== undefined;
    const text = isSwitch
      ? (inline ?? (/^(?:true|false)$/.test(next ?? '') ? args[(i += 1)] : undefined))
      : (inline ?? args[(i += 1)] ?? '');
    options[known.name] = known.value ?? valueOf(known.name, text, options[known.name]);
  }
  return { options, notes };
}

function valueOf(name: string, text: string | undefined, before: OptionValue | undefined): OptionValue {
  const types = typesOf(name);
  if (types.includes('boolean')) return text !== 'false';
  if (!types.includes('array')) return text ?? '';
  return [...(Array.isArray(before) ? (before as readonly string[]) : []), ...listItems(name, text ?? '')];
}

/** The values that K3s makes of one text. */
export function listItems(name: string, text: string): readonly string[] {
  return optionFacts(name)?.commaSplit === true
    ? text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : [text];
}

function typesOf(name: string): readonly string[] {
  const { type } = (K3S_OPTIONS[name] ?? {}) as { readonly type?: string | readonly string[] };
  return typeof type === 'string' ? [type] : (type ?? []);
}

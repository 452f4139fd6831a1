import type { NodeRole } from '../../k3s/nodeRole';
import { isListOption, isOptionOf } from '../../k3s/options';
import type { OptionValue, OptionValues } from './installCommand';
import { knownOption, listItems } from './optionArguments';
import { markValue } from './placeholder';
import { quoted } from './quoted';
import { readYaml, recordOf } from './yamlText';

/** What a configuration file of K3s gives: options by their names, and what was not understood. */
export interface ConfigFile {
  readonly options: OptionValues;
  readonly notes: readonly string[];
  /** Lists that are added to those of a file before it, as `key+` says. */
  readonly added: readonly string[];
  /** From the options that only one role has; undefined where both have all of them. */
  readonly role: NodeRole | undefined;
}

/** A line that an option of K3s begins. */
const OPTION_LINE = /^["']?([a-z][a-z0-9-]*)\+?["']?[ \t]*:(?:[ \t]|$)/;

/** The option that begins on a line; undefined when none does. */
export function optionOfLine(line: string): string | undefined {
  const name = OPTION_LINE.exec(line)?.[1];
  return name === undefined || knownOption(name) === undefined ? undefined : name;
}

/** Reads the text of a `config.yaml` of K3s; undefined when it is not one. https://docs.k3s.io/installation/configuration#configuration-file */
export function readConfigFile(text: string): ConfigFile | undefined {
  // Most texts that are asked about are prose or shell; a configuration has a key at the start of a line.
  if (!/^["']?[a-z][a-z0-9-]*\+?["']?[ \t]*:/m.test(text)) return undefined;
  const data = readYaml(text);
  return data === undefined ? undefined : configOf(data);
}

/** A configuration from its data; undefined when most of its keys are no options. */
export function configOf(data: unknown): ConfigFile | undefined {
  const record = recordOf(data);
  if (record === undefined) return undefined;
  const entries = Object.entries(record).map(([key, value]) => ({ key, name: key.replace(/\+$/, ''), value }));
  const known = entries.filter(({ name }) => knownOption(name) !== undefined);
  // Our own file has a token and servers, too; mostly unknown keys are another kind of file.
  if (known.length === 0 || known.length * 2 < entries.length) return undefined;
  const { options, notes } = readOptionEntries(record);
  const names = Object.keys(options);
  const has = (role: NodeRole, other: NodeRole): boolean =>
    names.some((name) => isOptionOf(role, name) && !isOptionOf(other, name));
  const added = entries.flatMap(({ key, name }) => (key.endsWith('+') ? [name] : []));
  return {
    options,
    notes,
    added,
    role: has('server', 'agent') ? 'server' : has('agent', 'server') ? 'agent' : undefined,
  };
}

/** Options that stand as keys in a file. */
export function readOptionEntries(record: Readonly<Record<string, unknown>>): {
  readonly options: OptionValues;
  readonly notes: readonly string[];
} {
  const options: Record<string, OptionValue> = {};
  const notes: string[] = [];
  for (const [key, value] of Object.entries(record)) {
    const known = knownOption(key.replace(/\+$/, ''));
    const read = optionValue(value);
    if (known === undefined)
      notes.push(`${key} is no option of K3s and was passed over: ${quoted(`${key}: ${shown(value)}`)}.`);
    else if (read === undefined) notes.push(`${key} has no value that K3s could use and was passed over.`);
    else {
      if (known.note !== undefined) notes.push(known.note);
      const { name } = known;
      options[name] =
        known.value ??
        (isListOption(name) && typeof read === 'string' && read.includes(',') ? listItems(name, read) : read);
    }
  }
  return { options, notes };
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function optionValue(value: unknown): OptionValue | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' || typeof value === 'number') return markValue(String(value));
  if (!Array.isArray(value)) return undefined;
  const items = value
    .filter((item) => ['string', 'number', 'boolean'].includes(typeof item))
    .map((item) => markValue(String(item)));
  return items.length === value.length ? items : undefined;
}

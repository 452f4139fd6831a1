import { parseAllDocuments } from 'yaml';
import { lastPer } from '../base/remember';
import { CONFIG_PATH, type K3sUnit } from '../k3s/paths';
import { isListOption, K3S_OPTIONS, optionName, optionOfVariable } from '../k3s/options';
import { readPlainConfig } from '../k3s/plainConfig';
import { serviceName } from '../k3s/serviceManager';
import type { HostFacts } from './probe';

/** Values of an option as texts; a switch has `true` or `false`. */
export type OptionTexts = readonly string[];

/** How K3s on a host is configured now. */
export interface PresentOptions {
  /** What /etc/rancher/k3s/config.yaml says by itself. */
  readonly file: ReadonlyMap<string, OptionTexts>;
  /** What holds when drop-ins, arguments and variables have had their say. */
  readonly effective: ReadonlyMap<string, OptionTexts>;
  /** Options that something else than config.yaml decides, with that thing. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Files that are no YAML map. */
  readonly unreadable: readonly string[];
}

/**
 * The options as K3s reads them: config.yaml, its drop-ins by name (`key+` appends), arguments, and variables where none of
 * these speaks. Read once for each look at a host, whoever asks.
 * https://docs.k3s.io/installation/configuration#multiple-config-files
 */
export const presentOptions = lastPer(readPresentOptions);

function readPresentOptions(facts: HostFacts, unit: K3sUnit): PresentOptions {
  const { command = [], environment = {} } = facts.units[unit] ?? {};
  const unreadable: string[] = [];
  const read = (path: string, text: string): ReadonlyMap<string, OptionTexts> => {
    const found = readConfig(text);
    if (found === undefined) unreadable.push(path);
    return found ?? new Map<string, OptionTexts>();
  };
  const own = facts.config === undefined ? [] : [...read(CONFIG_PATH, facts.config)];
  // Nothing stands before the first file that `key+` could append to.
  const file = new Map(own.map(([key, texts]) => [baseName(key), texts]));
  const given = new Map(file);
  const elsewhere = new Map<string, string>();
  for (const [path, text] of facts.dropIns) {
    for (const [key, texts] of read(path, text)) {
      const name = baseName(key);
      given.set(name, key.endsWith('+') ? [...(given.get(name) ?? []), ...texts] : texts);
      elsewhere.set(name, path);
    }
  }
  for (const [name, texts] of readArguments(command.slice(1))) {
    given.set(name, isListOption(name) ? [...(given.get(name) ?? []), ...texts] : texts.slice(-1));
    elsewhere.set(name, `the arguments of ${serviceName(unit, facts.init)}`);
  }
  // A variable counts only for an option that nothing else gives, and nothing is appended to it.
  const effective = new Map(given);
  for (const [variable, value] of Object.entries(environment)) {
    const name = optionOfVariable(variable);
    if (name === undefined || value === '' || given.has(name)) continue;
    effective.set(name, [value]);
    elsewhere.set(name, `the variable ${variable} of ${serviceName(unit, facts.init)}`);
  }
  return { file, effective, elsewhere, unreadable };
}

/** The options of a config.yaml as texts, `key+` as it stands; undefined when it is no YAML map. K3s reads YAML 1.1. */
function readConfig(text: string): ReadonlyMap<string, OptionTexts> | undefined {
  const plain = readPlainConfig(text);
  if (plain !== undefined)
    return new Map(plain.map(({ key, values }) => [knownKey(key), values.map((one) => one.text)]));
  const document = parseAllDocuments(text, { version: '1.1', logLevel: 'silent' })[0];
  if (document === undefined || !('errors' in document)) return new Map();
  if (document.errors.length > 0) return undefined;
  const data: unknown = document.toJS();
  if (data === null || data === undefined) return new Map();
  if (typeof data !== 'object' || Array.isArray(data)) return undefined;
  return new Map(Object.entries(data).map(([key, value]) => [knownKey(key), optionTexts(value)]));
}

/** The option by its full name, with the `+` that appends. */
function knownKey(key: string): string {
  return optionName(baseName(key)) + (key.endsWith('+') ? '+' : '');
}

function baseName(key: string): string {
  return key.replace(/\+$/, '');
}

/** A value of a `config:` block or of a config.yaml as texts. */
export function optionTexts(value: unknown): OptionTexts {
  if (Array.isArray(value)) return value.map(String);
  return value === null || value === undefined
    ? []
    : [typeof value === 'object' ? JSON.stringify(value) : String(value as string)];
}

/** `--name=value`, `--name value`, or `--name` alone for a switch. */
function readArguments(words: readonly string[]): ReadonlyMap<string, OptionTexts> {
  const given = new Map<string, OptionTexts>();
  for (const [index, word] of words.entries()) {
    const match = /^--?([a-z0-9-]+)(?:=(.*))?$/s.exec(word);
    if (match?.[1] === undefined) continue;
    const name = optionName(match[1]);
    const value = match[2] ?? (K3S_OPTIONS[name]?.type === 'boolean' ? 'true' : (words[index + 1] ?? ''));
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  return given;
}

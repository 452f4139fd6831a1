import { say } from '../base/say';
import type { Path } from '../base/path';
import { dataAt } from '../document/dataAt';
import type { ConfigValue } from '../cluster/cluster';
import { readConfig } from '../cluster/nodeConfig';
import { asArray, asRecord, asText } from '../cluster/shape';
import { inlineCode } from '../base/markdown';
import { shownValue } from './shownValue';

export type Section = 'servers' | 'agents';

/** Values of an option that one place of the file gives. */
export interface OptionPiece {
  readonly values: readonly string[];
  /** `role`: the config block of all servers or all agents. */
  readonly from: 'role' | 'own';
  /** Written with the plus sign. */
  readonly appended: boolean;
}

export interface EffectiveOption {
  readonly option: string;
  /** In the order in which K3s gets the values. */
  readonly pieces: readonly OptionPiece[];
  /** The node's own value replaces one of its role. */
  readonly replaces: boolean;
}

/** Lines of a list before it says "and 4 more". */
const LONGEST_LIST = 10;

/**
 * What an option is on the nodes of one entry and where each value comes from: a plain key of the node replaces, `key+`
 * appends. https://docs.k3s.io/installation/configuration#value-merge-behavior
 */
export function effectiveOption(data: unknown, section: Section, index: number, option: string): EffectiveOption {
  const role = readConfig(dataAt(data, [section, 'config']));
  const own = readConfig(dataAt(data, [section, 'nodes', index, 'config']));
  const pieces: OptionPiece[] = [];
  const add = (config: Readonly<Record<string, ConfigValue>>, key: string, from: OptionPiece['from']): void => {
    if (Object.hasOwn(config, key)) pieces.push({ values: textsOf(config[key]), from, appended: key.endsWith('+') });
  };
  const replaced = Object.hasOwn(own, option);
  if (!replaced) {
    add(role, option, 'role');
    add(role, `${option}+`, 'role');
  }
  add(own, option, 'own');
  add(own, `${option}+`, 'own');
  return { option, pieces, replaces: replaced && (Object.hasOwn(role, option) || Object.hasOwn(role, `${option}+`)) };
}

/** All options that are set for the nodes of one entry, those of the role first. */
export function effectiveOptions(data: unknown, section: Section, index: number): EffectiveOption[] {
  const keys = [
    [section, 'config'],
    [section, 'nodes', index, 'config'],
  ].flatMap((path: Path) => Object.keys(asRecord(dataAt(data, path))));
  return [...new Set(keys.map(bareName))].map((option) => effectiveOption(data, section, index, option));
}

/** `tls-san` = 10.0.0.100 (from servers.config), k3s.example.com (own, appended by tls-san+), as Markdown. */
export function optionWords({ option, pieces, replaces }: EffectiveOption, section: Section): string {
  const words = pieces.map(({ values, from, appended }) => {
    const shown = values.length === 0 ? say`an empty list` : valueWords(option, values);
    const own = appended
      ? say`own, appended by ${inlineCode(`${option}+`)}`
      : replaces
        ? say`own, instead of that of ${section}.config`
        : 'own';
    return `${shown} (${from === 'role' ? say`from ${section}.config` : own})`;
  });
  return `${inlineCode(option)} = ${words.length === 0 ? say`not set` : words.join(', ')}`;
}

/** Which entries of a role deviate from an option of its config block, and how, as Markdown lines. */
export function overrides(data: unknown, section: Section, option: string): string[] {
  const nodes = asArray(dataAt(data, [section, 'nodes']));
  const lines = nodes.flatMap((node) => {
    const own = readConfig(asRecord(node)['config']);
    const replaced = Object.hasOwn(own, option) ? [say`replaces it with ${listWords(option, own[option])}`] : [];
    const appended = Object.hasOwn(own, `${option}+`) ? [say`appends ${listWords(option, own[`${option}+`])}`] : [];
    const label = inlineCode(entryLabel(node) ?? say`an entry without a host`);
    return replaced.length + appended.length === 0 ? [] : [`${label} ${[...replaced, ...appended].join(' and ')}`];
  });
  if (nodes.length === 0) return [];
  const [one, all] = section === 'servers' ? ['server', 'servers'] : ['agent', 'agents'];
  if (lines.length === 0) return [say`All ${all} use it as it is.`];
  const rest =
    lines.length < nodes.length ? say`Every other ${one} uses it as it is.` : say`No ${one} uses it as it is.`;
  return [...shortened(lines.map((line) => `${line}.`)), rest];
}

/** The first lines of a long list, and how many there are more. */
export function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= LONGEST_LIST
    ? lines
    : [...lines.slice(0, LONGEST_LIST - 1), say`… and ${lines.length - LONGEST_LIST + 1} more.`];
}

/** Name or host of an entry as written. */
export function entryLabel(entry: unknown): string | undefined {
  return asText(asRecord(entry)['name']) ?? asText(asRecord(entry)['host']);
}

/** The name of an option without the plus sign. */
export function bareName(key: string): string {
  return key.replace(/\+$/, '');
}

function listWords(option: string, value: ConfigValue | undefined): string {
  const values = textsOf(value);
  return values.length === 0 ? say`an empty list` : valueWords(option, values);
}

function valueWords(option: string, values: readonly string[]): string {
  return values
    .map((value) => {
      const shown = shownValue(option, value);
      return shown === undefined ? say`a value that is not shown` : inlineCode(shown);
    })
    .join(', ');
}

function textsOf(value: ConfigValue | undefined): readonly string[] {
  if (value === undefined || value === null) return value === null ? ['null'] : [];
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(String);
}

import type { ClusterNode, ConfigValue } from './cluster';
import { listOf, scalarText } from './configValue';
import { isOn } from './options';

// What the `config:` blocks of a node and of its role give it, for those who judge what is written there. What K3s makes of it together with
// arguments and variables of the install script is told by `option` and its like in options.ts.

type Written = Pick<ClusterNode, 'config'>;

/** The value of an option as YAML gives it; undefined where it is not written. */
export function writtenValue(node: Written, name: string): ConfigValue | undefined {
  return node.config[name];
}

/** Whether an option is written, be it as nothing. */
export function isWritten(node: Written, name: string): boolean {
  return node.config[name] !== undefined;
}

/** The names of all options that are written for a node. */
export function writtenNames(node: Written): readonly string[] {
  return Object.keys(node.config);
}

/** The value of an option as text; undefined for a list, for nothing and for blanks. */
export function writtenText(node: Written, name: string): string | undefined {
  return scalarText(node.config[name]);
}

/** The values of a list option in any of its spellings; empty where it is not written. */
export function writtenList(node: Written, name: string): readonly string[] {
  return listOf(node.config[name]);
}

/** Whether a switch is written and on. */
export function isWrittenOn(node: Written, name: string): boolean {
  return isOn(node.config[name]);
}

import { shownValue } from '../../language/shownValue';
import type { ConfigValue } from '../../cluster/cluster';
import { isOn } from '../../cluster/options';
import { unitOf } from '../../cluster/roles';
import { listReferences } from '../../cluster/references';
import { presentOptions, type OptionTexts } from '../../facts/presentOptions';
import type { HostFacts } from '../../facts/probe';
import { isListOption, K3S_OPTIONS } from '../../k3s/options';
import type { NodeRole } from '../../k3s/nodeRole';

/** The options of one node as the cluster file is to have them, and what cannot stand there. */
export interface HostOptions {
  readonly options: ReadonlyMap<string, ConfigValue>;
  /** Sentences about what was left out. */
  readonly notes: readonly string[];
}

/** Options that have another place in a cluster file; `plainOption` tells them. */
const ELSEWHERE = new Set(['token', 'server', 'datastore-endpoint', 'node-name']);

/** A single value of a host, secret or not; undefined where it has none or one that looks like a reference of ours. */
export function plainOption(facts: HostFacts, role: NodeRole, name: string): string | undefined {
  const value = presentOptions(facts, unitOf({ role })).effective.get(name)?.at(-1);
  return value === undefined || value === '' || listReferences(value).length > 0 ? undefined : value;
}

/** Gives a value of the host a name under which it is kept outside the file; the text of the reference. */
export type KeepSecret = (option: string, value: string) => string;

/**
 * What K3s on a host is told, from whichever place, as options of a cluster file. A text of a host that looks like a
 * reference of ours would have it choose a secret or a file of this machine, so it is left out.
 */
export function hostOptions(facts: HostFacts, role: NodeRole, keep: KeepSecret): HostOptions {
  const present = presentOptions(facts, unitOf({ role }));
  const options = new Map<string, ConfigValue>();
  const notes = present.unreadable.map((path) => `${path} is no YAML that can be read; nothing of it is in the file.`);
  for (const [name, texts] of present.effective) {
    if (ELSEWHERE.has(name)) continue;
    if (name === 'config') {
      notes.push('K3s is told to read another configuration file than config.yaml; its options are not in the file.');
    } else if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      notes.push(`An option with the name ${JSON.stringify(name)} is none of K3s and is left out.`);
    } else if (texts.some((text) => listReferences(text).length > 0)) {
      notes.push(`The option ${name} is left out: its value looks like a reference to a secret or a file of yours.`);
    } else {
      options.set(name, valueOf(name, texts, keep));
    }
  }
  return { options, notes };
}

function valueOf(name: string, texts: OptionTexts, keep: KeepSecret): ConfigValue {
  const kept = texts.map((text) => (shownValue(name, text) === undefined ? keep(name, text) : text));
  if (isListOption(name)) return kept;
  const [value] = kept.slice(-1);
  if (value === undefined) return null;
  const type = K3S_OPTIONS[name]?.type;
  if (type === 'boolean' && /^(?:1|0|t|f|true|false)$/i.test(value)) return isOn(value);
  return type === 'integer' && /^(?:0|[1-9]\d{0,8})$/.test(value) ? Number(value) : value;
}

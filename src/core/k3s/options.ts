import clusterSchema from '../../../schemas/cluster.k3s.schema.json';
import { closest } from '../base/suggestion';
import type { NodeRole } from './nodeRole';
import { hasReached } from './versionGate';
import { compareK3sVersions, parseK3sVersion, PINNED_STABLE } from './versions';

/** What K3s itself says about an option, and hints for messages. */
export interface K3sFacts {
  readonly role?: 'server' | 'agent' | 'both';
  readonly category?: string;
  readonly env?: string;
  readonly aliases?: readonly string[];
  /** Must be equal on all servers. */
  readonly critical?: boolean;
  readonly secret?: boolean;
  /** Cannot change once the cluster exists. */
  readonly immutable?: boolean;
  readonly hidden?: boolean;
  readonly deprecated?: boolean;
  readonly experimental?: boolean;
  readonly since?: string;
  readonly replacedBy?: string;
  /** What happens when the option is left out, where that is not a fixed value. */
  readonly effectiveDefault?: string;
  readonly patternHint?: string;
  readonly countHint?: string;
  /** K3s splits the value at commas. */
  readonly commaSplit?: boolean;
  readonly discriminator?: string;
  readonly defaultBranch?: string;
}

interface K3sOption {
  readonly type?: string;
  readonly 'x-k3s'?: K3sFacts;
}

/** All options of K3s by name, whatever the role; the schema of the cluster file is their source. */
export const K3S_OPTIONS: Readonly<Record<string, K3sOption>> = clusterSchema.definitions.options
  .properties as unknown as Readonly<Record<string, K3sOption>>;

/** The facts of an option; undefined for a name that K3s does not have. */
export function optionFacts(name: string): K3sFacts | undefined {
  return Object.hasOwn(K3S_OPTIONS, name) ? (K3S_OPTIONS[name]?.['x-k3s'] ?? {}) : undefined;
}

const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => (optionFacts(name)?.aliases ?? []).map((alias) => [alias, name] as const)),
);
const VARIABLES: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => {
    const variable = optionFacts(name)?.env;
    return variable === undefined ? [] : [[variable, name] as const];
  }),
);

/** The proper name of an option that was written by an alias; any other text as it is. */
export function optionName(written: string): string {
  return ALIASES.get(written) ?? written;
}

/** The option that a variable such as `K3S_TOKEN` sets. */
export function optionOfVariable(variable: string): string | undefined {
  return VARIABLES.get(variable);
}

/** Whether an option may be given several times. */
export function isListOption(name: string): boolean {
  const type: unknown = Object.hasOwn(K3S_OPTIONS, name) ? K3S_OPTIONS[name]?.type : undefined;
  return Array.isArray(type) && type.includes('array');
}

/** Whether machines of this role have the option. */
export function isOptionOf(role: NodeRole, name: string): boolean {
  const own = optionFacts(name)?.role;
  return own === 'both' || own === role;
}

/** The option that a wrong name most likely means, by its aliases and by likeness. */
export function optionMeant(role: NodeRole, written: string): string | undefined {
  const names = Object.keys(K3S_OPTIONS).filter((name) => isOptionOf(role, name));
  return names.find((name) => optionFacts(name)?.aliases?.includes(written) === true) ?? closest(written, names);
}

const NEWER = 'newer than ';

/** The releases that a note such as `v1.31.12, v1.32.8` names. Notes that tell when an option became stable say nothing about its first release. */
export function releasesWith(since: string): readonly string[] {
  return /^v\d/.test(since) ? since.split(',').map((release) => `${release.trim()}+k3s1`) : [];
}

/** Whether a release is older than an option; the current stable release stands for a version that is not given. */
export function lacksOption(version: string | undefined, since: string | undefined): boolean {
  if (since === undefined) return false;
  if (since.startsWith(NEWER)) {
    const last = parseK3sVersion(`${since.slice(NEWER.length)}+k3s1`);
    const own = parseK3sVersion(version ?? PINNED_STABLE);
    return last !== undefined && own !== undefined && compareK3sVersions(own, last) <= 0;
  }
  const releases = releasesWith(since);
  return releases.length > 0 && !hasReached(version, releases);
}

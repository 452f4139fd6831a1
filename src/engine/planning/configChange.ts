import { say } from '../../core/base/say';
import type { ServerStart } from '../../core/cluster/configFile';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { isOn } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';
import { optionTexts, presentOptions, type OptionTexts, type PresentOptions } from '../../core/facts/presentOptions';
import type { HostFacts } from '../../core/facts/probe';
import { tokenCaHash, tokenPassword } from '../../core/k3s/joinToken';
import { K3S_OPTIONS, optionFacts } from '../../core/k3s/options';
import { CONFIG_PATH } from '../../core/k3s/paths';
import type { FileDifference } from '../../core/plan/difference';
import type { NodeContent } from './desired';
import { hideInText } from './hideSecrets';

/** What is to change in the configuration of a host, key by key. */
export interface ConfigChange {
  /** Options whose value changes, comes or goes. */
  readonly options: readonly OptionDifference[];
  readonly difference: FileDifference;
  /** Why, after "because". */
  readonly reason: string;
}

/** An option that K3s on a host has another value of than the file gives it. */
export interface OptionDifference {
  readonly name: string;
  /** As it holds there; absent where nothing gives it a value. */
  readonly present?: OptionTexts;
  /** Absent where the file has no value for it. */
  readonly wanted?: OptionTexts;
}

/**
 * The change of config.yaml that a host needs; undefined when K3s there is configured as the file says, whatever else
 * stands in the same file. What drop-ins, arguments and variables say counts, because it counts for K3s.
 */
export function configChange(
  cluster: Cluster,
  node: ClusterNode,
  facts: HostFacts,
  content: NodeContent,
  start: ServerStart,
  caHash: string | undefined,
): ConfigChange | undefined {
  const present = presentOptions(facts, unitOf(node));
  const options = optionDifferences(cluster, node, facts, content, start, caHash);
  const unreadable = present.unreadable.includes(CONFIG_PATH);
  if (options.length === 0 && !unreadable) return undefined;
  return {
    options,
    difference: {
      path: CONFIG_PATH,
      ...(facts.config === undefined ? {} : { before: hideInText(facts.config) }),
      after: content.shown(start),
    },
    reason:
      facts.config === undefined
        ? say`there is no config.yaml yet`
        : unreadable
          ? say`it is no YAML that K3s can read`
          : say`its content differs from the cluster file`,
  };
}

/** What config.yaml of a host is to say otherwise, option by option; parameters as those of {@link configChange}. */
function optionDifferences(
  cluster: Cluster,
  node: ClusterNode,
  facts: HostFacts,
  content: NodeContent,
  start: ServerStart,
  caHash: string | undefined,
): readonly OptionDifference[] {
  const present = presentOptions(facts, unitOf(node));
  const wanted = new Map(Object.entries(content.options(start)).map(([name, value]) => [name, optionTexts(value)]));
  const ignored = ignoredOptions(cluster, node, facts);
  const keepsToken =
    node.role === 'server' && content.tokenSha256 !== undefined && content.tokenSha256 === facts.tokenSha256;
  const differs = [...wanted].flatMap(([name, texts]): OptionDifference[] => {
    if (ignored.has(name) || isOverridden(present, name, texts)) return [];
    const there = present.effective.get(name);
    if (sameValue(name, texts, there, facts, caHash, keepsToken)) return [];
    return [{ name, wanted: texts, ...(there === undefined ? {} : { present: there }) }];
  });
  const surplus = [...present.file].filter(([name]) => !wanted.has(name) && !ignored.has(name));
  return [...differs, ...surplus.map(([name, texts]) => ({ name, present: texts }))];
}

/** Options of config.yaml that drop-ins or arguments decide otherwise, with what does: writing config.yaml changes nothing there. */
export function overriddenOptions(
  node: ClusterNode,
  facts: HostFacts,
  content: NodeContent,
  start: ServerStart,
): ReadonlyMap<string, string> {
  const present = presentOptions(facts, unitOf(node));
  const wanted = Object.entries(content.options(start)).map(([name, value]) => [name, optionTexts(value)] as const);
  return new Map(
    wanted
      .filter(([name, texts]) => isOverridden(present, name, texts))
      .map(([name]) => [name, present.elsewhere.get(name) ?? '']),
  );
}

function isOverridden({ file, effective, elsewhere }: PresentOptions, name: string, wanted: OptionTexts): boolean {
  const by = elsewhere.get(name);
  if (by === undefined || by.startsWith('the variable')) return false;
  return !sameTexts(name, wanted, effective.get(name) ?? []) && file.has(name);
}

/** How a server began: with data on disk K3s does not read it any more. */
function ignoredOptions({ datastore }: Cluster, node: ClusterNode, { etcdData }: HostFacts): ReadonlySet<string> {
  return new Set(
    node.role === 'server' && datastore.type === 'embedded-etcd' && etcdData ? ['cluster-init', 'server'] : [],
  );
}

function sameValue(
  name: string,
  wanted: OptionTexts,
  present: OptionTexts | undefined,
  facts: HostFacts,
  caHash: string | undefined,
  keepsToken: boolean,
): boolean {
  // Left out, the node is called as its host.
  if (present === undefined && name === 'node-name') return wanted[0] === facts.hostname.toLowerCase();
  // A server that is told no token goes on with the one that it wrote down itself.
  if (present === undefined) return name === 'token' && keepsToken;
  if (name !== 'token' && name !== 'agent-token') return sameTexts(name, wanted, present);
  const [written = ''] = present;
  const hash = tokenCaHash(written);
  // The full form says the same as the short one, unless it is that of another authority.
  const foreign = hash !== undefined && caHash !== undefined && hash !== caHash;
  return !foreign && tokenPassword(wanted[0] ?? '') === tokenPassword(written);
}

function sameTexts(name: string, a: OptionTexts, b: OptionTexts): boolean {
  const [left, right] = [a, b].map((texts) => plainTexts(name, texts));
  return left?.length === right?.length && left?.every((text, at) => text === right?.[at]) === true;
}

function plainTexts(name: string, texts: OptionTexts): readonly string[] {
  // Go reads a switch in several spellings.
  if (K3S_OPTIONS[name]?.type === 'boolean') return texts.map((text) => String(isOn(text)));
  if (optionFacts(name)?.commaSplit !== true) return texts;
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

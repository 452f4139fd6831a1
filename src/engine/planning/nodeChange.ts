import { say } from '../../core/base/say';
import { installEnvironment } from '../../core/cluster/installEnvironment';
import type { ServerStart } from '../../core/cluster/configFile';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { binaryPath, isElsewhere } from '../../core/cluster/binaryPath';
import { isOn } from '../../core/cluster/options';
import { serverUrl } from '../../core/cluster/registration';
import { unitOf } from '../../core/cluster/roles';
import { argumentWords } from '../../core/k3s/argumentWords';
import { presentOptions } from '../../core/facts/presentOptions';
import type { HostFacts } from '../../core/facts/probe';
import { cacheReason, imagesReason } from './airgapImages';
import type { NodeContent } from './desired';
import { configChange, type ConfigChange } from './configChange';
import { fileChanges, type FileChange } from './fileChange';
import type { Situation } from './situation';
import { clusterCaHash, serverStart } from './starts';

/** What a machine needs; empty for one that is as the file says. */
export interface NodeChange {
  readonly config?: ConfigChange & { readonly start: ServerStart };
  readonly installation?: { readonly release: string; readonly reason: string };
  /** Files beside config.yaml that come, change or go. */
  readonly files?: readonly FileChange[];
  /** Why it has to be restarted although nothing is to be written: an earlier change was never loaded. */
  readonly pending?: string;
  /** Why K3s is to import all of its images at its next start, which it would not. */
  readonly imageCache?: string;
  /** The last proved state of a change that was cut off lies on the host. */
  readonly aside?: true;
  /** It gets new certificates with its restart. */
  readonly renews?: true;
}

/** Compares what a machine has with what it is to have. */
export function planChange(situation: Situation, node: ClusterNode): NodeChange {
  const { cluster, facts, desired } = situation;
  const seen = facts.get(node.id);
  const content = desired.get(node.id);
  if (seen === undefined || content === undefined) return {};
  const start = keptStart(cluster, node, seen) ?? serverStart(cluster, node, facts);
  const config = configChange(cluster, node, seen, content, start, clusterCaHash(cluster, facts));
  const reason = installationReason(situation, node, seen, content);
  const release = cluster.k3s.version ?? say`(channel ${cluster.k3s.channel ?? 'stable'})`;
  const files = fileChanges(situation, node);
  const pending = seen.restartPending || seen.aside ? say`it still runs with its old configuration` : undefined;
  // New archives come with a restart of their own.
  const restarts = reason !== undefined || files.some(({ restart }) => restart);
  const images = restarts ? undefined : imagesReason(situation, node);
  const imageCache = cacheReason(situation, node);
  return {
    ...(config === undefined ? {} : { config: { ...config, start } }),
    ...(files.length === 0 ? {} : { files }),
    ...(reason === undefined ? {} : { installation: { release, reason } }),
    ...(pending === undefined && images === undefined ? {} : { pending: pending ?? images }),
    ...(imageCache === undefined ? {} : { imageCache }),
    ...(seen.aside ? { aside: true } : {}),
  };
}

/** Whether a change gives a machine another release than the one that it has. */
export function changesRelease(
  { facts }: Pick<Situation, 'facts'>,
  { id }: ClusterNode,
  { installation }: NodeChange,
): boolean {
  const before = facts.get(id)?.k3sVersion;
  return installation !== undefined && before !== undefined && installation.release !== before;
}

/** How a server with data began, as its configuration says: K3s does not look at that any more, so it stays as it is. */
function keptStart(cluster: Cluster, node: ClusterNode, seen: HostFacts): ServerStart | undefined {
  if (!seen.etcdData) return undefined;
  const { file } = presentOptions(seen, unitOf(node));
  if (isOn(file.get('cluster-init')?.[0])) return { kind: 'found' };
  const url = file.get('server')?.[0]?.replace(/\/$/, '');
  const through = cluster.servers.find((server) => server !== node && serverUrl(cluster, server) === url);
  return through === undefined ? undefined : { kind: 'join', through: through.id };
}

/** Why the install script has to run, by what is there: binary, unit, arguments and environment. */
function installationReason(
  { cluster }: Situation,
  node: ClusterNode,
  seen: HostFacts,
  content: NodeContent,
): string | undefined {
  const unit = seen.units[unitOf(node)];
  const { version } = cluster.k3s;
  if (unit === undefined || seen.k3sVersion === undefined) return say`K3s is not installed`;
  if (version !== undefined && seen.k3sVersion !== version) return say`${seen.k3sVersion} is installed`;
  if (isElsewhere(cluster, seen)) return say`its unit starts ${seen.k3sBinary} and not ${binaryPath(cluster)}`;
  const wanted = argumentWords(installEnvironment(cluster, node.role)['INSTALL_K3S_EXEC'] ?? node.role);
  const written = argumentWords(content.install.env['INSTALL_K3S_EXEC'] ?? node.role);
  if (cluster.k3s.install.env['INSTALL_K3S_EXEC'] !== undefined && !sameWords(written, unit.command)) {
    return say`its unit has other arguments than "${wanted.join(' ')}"`;
  }
  const lacking = Object.entries(content.install.env).filter(
    ([name, value]) => LASTING.test(name) && unit.environment[name] !== value,
  );
  if (lacking.length > 0) return say`its unit has another value of ${lacking.map(([name]) => name).join(', ')}`;
  return undefined;
}

/** Variables that the install script keeps for K3s. https://github.com/k3s-io/k3s/blob/main/install.sh, create_env_file */
const LASTING = /^(?:K3S_|CONTAINERD_)|^(?:NO|HTTP|HTTPS)_PROXY$/i;

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}

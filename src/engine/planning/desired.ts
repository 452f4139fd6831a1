import { installEnvironment, installInputs } from '../../core/cluster/installEnvironment';
import { configOptions, renderConfig, type ServerStart } from '../../core/cluster/configFile';
import type { InstallInputs } from '../../core/remote/install';
import { possibleStarts, startKey, type DesiredNode } from '../operations/provision';
import type { Cluster, ClusterNode, ConfigValue } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';

/** Hex sha256 of a text; from the platform, since core and engine have no crypto. */
export type Sha256 = (text: string) => string;

/** What to write on one host, secrets included. Never leaves the engine. */
export interface NodeContent extends DesiredNode {
  config(start: ServerStart): string;
  /** The same with the full token of those who join the cluster with this authority. */
  pinned(start: ServerStart, caHash: string): string;
  /** The options of that config.yaml. */
  options(start: ServerStart): Readonly<Record<string, ConfigValue>>;
  readonly install: InstallInputs;
}

/** Renders every node once, for the plan (hashes) and for the steps (content); `caHash` is that of the cluster that runs. */
export function desiredNodes(
  cluster: Cluster,
  secrets: ResolvedSecrets,
  sha256: Sha256,
  caHash?: string,
): ReadonlyMap<string, NodeContent> {
  return new Map(nodesOf(cluster).map((node) => [node.id, content(cluster, node, secrets, sha256, caHash)]));
}

function content(
  cluster: Cluster,
  node: ClusterNode,
  secrets: ResolvedSecrets,
  sha256: Sha256,
  caHash: string | undefined,
): NodeContent {
  const resolved = {
    ...cluster,
    token: cluster.token === undefined ? undefined : secrets.text(cluster.token),
    datastore: resolveDatastore(cluster, secrets),
  } as Cluster;
  const own = { ...node, config: resolveConfig(node, secrets) };
  const render = (start: ServerStart, hash?: string): string => renderConfig(resolved, own, start, hash);
  const starts = possibleStarts(cluster, node);
  const env = Object.fromEntries(
    Object.entries(installEnvironment(cluster, node.role)).map(([name, value]) => [name, secrets.text(value)]),
  );
  return {
    config: (start) => render(start, caHash),
    pinned: render,
    options: (start) => configOptions(resolved, own, start),
    configHashes: new Map(starts.map((start) => [startKey(start), sha256(render(start))])),
    pinnedHashes: new Map(
      caHash === undefined ? [] : starts.map((start) => [startKey(start), sha256(render(start, caHash))]),
    ),
    install: { scriptUrl: cluster.k3s.install.scriptUrl, role: node.role, env },
    stamp: sha256(installInputs(cluster, node.role, env)),
  };
}

function resolveDatastore(cluster: Cluster, secrets: ResolvedSecrets): Cluster['datastore'] {
  const { endpoint } = cluster.datastore;
  return endpoint === undefined ? cluster.datastore : { ...cluster.datastore, endpoint: secrets.text(endpoint) };
}

function resolveConfig(node: ClusterNode, secrets: ResolvedSecrets): ClusterNode['config'] {
  return Object.fromEntries(
    Object.entries(node.config).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? secrets.text(value)
        : Array.isArray(value)
          ? value.map((item: unknown) => (typeof item === 'string' ? secrets.text(item) : item))
          : value,
    ]),
  ) as ClusterNode['config'];
}

/** Every text of the cluster that may hold references and ends on a host. */
export function secretTexts(cluster: Cluster): string[] {
  const nodes = nodesOf(cluster);
  return [
    cluster.token,
    cluster.datastore.endpoint,
    ...Object.values(cluster.k3s.install.env),
    ...nodes.flatMap((node) => Object.values(node.config).flat()),
  ].filter((text): text is string => typeof text === 'string');
}

import { finish, type Steps } from '../../core/base/steps';
import {
  configOptions,
  configText,
  renderConfig,
  writtenOptions,
  type ServerStart,
} from '../../core/cluster/configFile';
import type { Cluster, ClusterNode, ConfigValue } from '../../core/cluster/cluster';
import { installEnvironment } from '../../core/cluster/installEnvironment';
import { balancerMachines, nodesOf } from '../../core/cluster/roles';
import { writtenValue } from '../../core/cluster/written';
import { registryTexts } from '../../core/k3s/registries';
import { tokenPassword } from '../../core/k3s/joinToken';
import { architectureOf } from '../../core/k3s/releaseFiles';
import type { HostFacts } from '../../core/facts/probe';
import type { InstallInputs } from '../../core/remote/install';
import { airgapFiles, airgapImages } from './airgapFiles';
import type { Sha256 } from './sha256';
import { recordedBalancers } from './recordedBalancers';
import { desiredFiles, type DesiredFile } from './desiredFiles';
import { desiredHooks, type DesiredHook } from './desiredHooks';
import type { LocalFiles } from './localFile';
import { uploadedBinary } from './uploadedBinary';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';
import { hideInOptions } from './hideSecrets';

/** What is to stand on one host, secrets included. Never leaves the engine. */
export interface NodeContent {
  config(start: ServerStart): string;
  /** The same with its secrets replaced, as it may be shown. */
  shown(start: ServerStart): string;
  /** The same with the full token of those who join the cluster with this authority. */
  pinned(start: ServerStart, caHash: string): string;
  /** The options of that config.yaml. */
  options(start: ServerStart): Readonly<Record<string, ConfigValue>>;
  readonly install: InstallInputs;
  /** Files beside config.yaml. One that could not be read is not among them: then nothing is done anywhere. */
  readonly files: readonly DesiredFile[];
  /** Images of K3s that K3s imports here behind an air gap, as far as their names are known. */
  readonly images: readonly string[];
  /** Scripts around its change, in the order of the file. */
  readonly hooks: readonly DesiredHook[];
  /** Where the cluster keeps its data, references resolved. */
  readonly endpoint?: string;
  /** The password in the cluster's token; absent when the file has none. */
  readonly token?: string;
  /** sha256 of it. */
  readonly tokenSha256?: string;
}

/**
 * Renders every node once, for the plan and for the steps; `caHash` is that of the cluster that runs, and of the hosts in
 * `facts` the architecture is known.
 */
export function desiredNodes(
  cluster: Cluster,
  secrets: ResolvedSecrets,
  sha256: Sha256,
  local: LocalFiles,
  caHash?: string,
  facts?: ReadonlyMap<string, HostFacts>,
): ReadonlyMap<string, NodeContent> {
  return finish(desiredNodesInSteps(cluster, secrets, sha256, local, caHash, facts));
}

/** The same in slices, for many nodes. */
export function* desiredNodesInSteps(
  cluster: Cluster,
  secrets: ResolvedSecrets,
  sha256: Sha256,
  local: LocalFiles,
  caHash?: string,
  facts: ReadonlyMap<string, HostFacts> = new Map(),
): Steps<ReadonlyMap<string, NodeContent>> {
  const desired = new Map<string, NodeContent>();
  for (const node of nodesOf(cluster)) {
    desired.set(node.id, content(cluster, node, secrets, sha256, local, caHash, facts.get(node.id)));
    yield;
  }
  return desired;
}

function content(
  cluster: Cluster,
  node: ClusterNode,
  secrets: ResolvedSecrets,
  sha256: Sha256,
  local: LocalFiles,
  caHash: string | undefined,
  seen: HostFacts | undefined,
): NodeContent {
  const architecture = architectureOf(seen?.arch ?? '');
  const token = cluster.token === undefined ? undefined : secrets.text(cluster.token);
  const datastore = resolveDatastore(cluster, secrets);
  const resolved = { ...cluster, token, datastore } as Cluster;
  const own = { ...node, config: resolveConfig(node, secrets) };
  const render = (start: ServerStart, hash?: string): string => renderConfig(resolved, own, start, hash);
  const env = Object.fromEntries(
    Object.entries(installEnvironment(cluster, node.role)).map(([name, value]) => [name, secrets.text(value)]),
  );
  const ownToken = writtenValue(own, 'token') ?? token;
  return {
    config: (start) => render(start, caHash),
    shown: (start) => configText(hideInOptions(writtenOptions(resolved, own, start, caHash))),
    pinned: render,
    options: (start) => configOptions(resolved, own, start),
    install: { role: node.role, env },
    files: [
      ...desiredFiles(cluster, node, local, secrets, sha256),
      ...recordedBalancers(cluster, node, sha256),
      ...airgapFiles(cluster, node, local.airgap, architecture),
      ...uploadedBinary(cluster, local.binaries, seen),
    ],
    images: airgapImages(cluster, node, local.airgap, architecture),
    hooks: desiredHooks(cluster, node, local),
    ...(datastore.endpoint === undefined ? {} : { endpoint: datastore.endpoint }),
    ...(typeof ownToken === 'string' && ownToken !== ''
      ? { token: tokenPassword(ownToken), tokenSha256: sha256(tokenPassword(ownToken)) }
      : {}),
  };
}

function resolveDatastore(cluster: Cluster, secrets: ResolvedSecrets): Cluster['datastore'] {
  const { endpoint } = cluster.datastore;
  return endpoint === undefined ? cluster.datastore : { ...cluster.datastore, endpoint: secrets.text(endpoint) };
}

function resolveConfig(node: ClusterNode, secrets: ResolvedSecrets): ClusterNode['config'] {
  const resolve = (value: unknown): unknown => (typeof value === 'string' ? secrets.text(value) : value);
  return Object.fromEntries(
    Object.entries(node.config).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(resolve) : resolve(value),
    ]),
  ) as ClusterNode['config'];
}

/** Every text of the cluster that may hold references and ends on a host. */
export function secretTexts(cluster: Cluster): string[] {
  const nodes = nodesOf(cluster);
  return [
    cluster.token,
    cluster.datastore.endpoint,
    ...(balancerMachines(cluster).length === 0 ? [] : [cluster.loadBalancer?.vrrp?.password]),
    ...(cluster.registries?.kind === 'written' ? registryTexts(cluster.registries.data) : []),
    ...Object.values(cluster.k3s.install.env),
    ...nodes.flatMap((node) => Object.values(node.config).flat()),
  ].filter((text): text is string => typeof text === 'string');
}

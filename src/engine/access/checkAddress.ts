import type { Problem } from '../../core/base/problem';
import type { Cluster, ClusterMachine, ClusterNode } from '../../core/cluster/cluster';
import { apiPort, dataDir } from '../../core/cluster/options';
import { apiServers, machinesOf, servesApi } from '../../core/cluster/roles';
import { probe, type HostFacts } from '../../core/facts/probe';
import { HERE, type AddressFinding, type AddressView } from '../../core/loadBalancer/addressFinding';
import { addressFindings } from '../../core/loadBalancer/addressFindings';
import type { AddressSight } from '../../core/loadBalancer/addressSight';
import { lookAtAddress, type AddressQuestion } from '../../core/remote/addressSight';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import { examine, type ExamineOptions } from '../hosts/examine';
import { clusterCaHash, isRunning } from '../planning/starts';
import type { AddressLook, RemoteHosts } from '../ports';

/** What looking at a fixed address needs. */
export interface AddressDependencies {
  readonly hosts: RemoteHosts;
  readonly addresses: AddressLook;
  /** Hosts that look at the same time. */
  readonly parallel: number;
}

/** What was found out about a fixed address. */
export interface AddressCheck {
  readonly findings: readonly AddressFinding[];
  readonly view: AddressView;
  /** Machines that could not look, with the reason. */
  readonly blind: ReadonlyMap<string, Problem>;
}

/** Agents that look: with more of them the same is seen again. */
const MOST_AGENTS = 8;

/** Looks at the machines first, then at the fixed address from each of them and from here. Changes nothing. */
export async function checkAddress(
  cluster: Cluster,
  deps: AddressDependencies,
  signal?: AbortSignal,
): Promise<AddressCheck> {
  const look = (machine: ClusterNode | ClusterMachine): RemoteCommand<HostFacts> =>
    probe('role' in machine ? dataDir(cluster, machine) : undefined);
  const { facts, unreachable } = await examine(machinesOf(cluster), look, deps, asTold(signal));
  const check = await checkAddressWith(cluster, facts, deps, signal);
  return { ...check, blind: new Map([...unreachable, ...check.blind]) };
}

/** {@link checkAddress} for machines that were just looked at. */
export async function checkAddressWith(
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  { hosts, addresses, parallel }: AddressDependencies,
  signal?: AbortSignal,
): Promise<AddressCheck> {
  const { loadBalancer } = cluster;
  const running = new Set(cluster.servers.filter((server) => isRunning(server, facts)).map(({ id }) => id));
  const unseen = new Set(cluster.servers.filter(({ id }) => !facts.has(id)).map(({ id }) => id));
  const authority =
    clusterCaHash(cluster, facts) ?? (unseen.size === cluster.servers.length ? ofAgents(facts) : undefined);
  const sights = new Map<string, AddressSight>();
  let blind: ReadonlyMap<string, Problem> = new Map();
  if (loadBalancer !== undefined) {
    const { address, port, tlsServerName } = loadBalancer;
    // Enough for every server to be met by chance, few enough not to be noticed.
    const tries = Math.min(16, 4 * Math.max(2, apiServers(cluster).length));
    const question: AddressQuestion = {
      address,
      port,
      tries,
      ...(tlsServerName === undefined ? {} : { tlsServerName }),
    };
    const agents = new Set(cluster.agents.slice(0, MOST_AGENTS).map(({ id }) => id));
    const places = machinesOf(cluster).filter(
      (machine) =>
        facts.has(machine.id) && (!('role' in machine) || machine.role === 'server' || agents.has(machine.id)),
    );
    const here = addresses.look(question, authority, signal);
    const ask = (machine: ClusterNode | ClusterMachine): RemoteCommand<AddressSight> => {
      const isNode = 'role' in machine;
      const ownPort =
        isNode && running.has(machine.id) && servesApi(cluster, machine) ? apiPort(cluster, machine) : undefined;
      return lookAtAddress({
        ...question,
        ...(isNode && authority !== undefined ? { dataDir: dataDir(cluster, machine) } : {}),
        ...(ownPort === undefined ? {} : { ownPort }),
      });
    };
    const examined = await examine(places, ask, { hosts, parallel }, asTold(signal));
    for (const [id, sight] of examined.facts) sights.set(id, sight);
    sights.set(HERE, await here);
    blind = examined.unreachable;
  }
  const view: AddressView = {
    cluster,
    sights,
    running,
    unseen,
    ...(authority === undefined ? {} : { authority }),
    interfaces: new Map([...facts].map(([id, seen]) => [id, seen.addresses])),
  };
  return { findings: addressFindings(view), view, blind };
}

/** No secret is known here that what machines say could hold. */
function asTold(signal: AbortSignal | undefined): ExamineOptions {
  return { masked: (found) => found, ...(signal === undefined ? {} : { signal }) };
}

/** Agents keep the authority of their cluster, too. */
function ofAgents(facts: ReadonlyMap<string, HostFacts>): string | undefined {
  return [...facts.values()].map(({ caHash }) => caHash).find((hash) => hash !== undefined);
}

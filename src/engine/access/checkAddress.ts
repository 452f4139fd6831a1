import type { Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { apiPort, dataDir } from '../../core/cluster/options';
import { apiServers, machinesOf, servesApi } from '../../core/cluster/roles';
import { probe, type HostFacts } from '../../core/facts/probe';
import { HERE, type AddressFinding, type AddressView } from '../../core/loadBalancer/addressFinding';
import { addressFindings } from '../../core/loadBalancer/addressFindings';
import type { AddressSight } from '../../core/loadBalancer/addressSight';
import { lookAtAddress, type AddressQuestion } from '../../core/remote/addressSight';
import { mapLimit, target } from '../hosts/targets';
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
  const facts = new Map<string, HostFacts>();
  const options = signal === undefined ? {} : { signal };
  const unreachable = new Map<string, Problem>();
  await mapLimit(machinesOf(cluster), deps.parallel, async (machine) => {
    const folder = 'role' in machine ? dataDir(cluster, machine) : undefined;
    const outcome = await deps.hosts.run(target(machine), probe(folder), options);
    if (outcome.kind === 'done') facts.set(machine.id, outcome.value);
    else unreachable.set(machine.id, { host: machine.id, ...outcome.problem });
  });
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
  const blind = new Map<string, Problem>();
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
    await mapLimit(places, parallel, async (machine) => {
      const isNode = 'role' in machine;
      const ownPort =
        isNode && running.has(machine.id) && servesApi(cluster, machine) ? apiPort(cluster, machine) : undefined;
      const asked = {
        ...question,
        ...(isNode && authority !== undefined ? { dataDir: dataDir(cluster, machine) } : {}),
        ...(ownPort === undefined ? {} : { ownPort }),
      };
      const outcome = await hosts.run(target(machine), lookAtAddress(asked), signal === undefined ? {} : { signal });
      if (outcome.kind === 'done') sights.set(machine.id, outcome.value);
      else blind.set(machine.id, { host: machine.id, ...outcome.problem });
    });
    sights.set(HERE, await here);
  }
  // In the order of the file, however fast the hosts were.
  const order = [...machinesOf(cluster).map(({ id }) => id), HERE];
  const view: AddressView = {
    cluster,
    sights: new Map(order.flatMap((place) => (sights.has(place) ? [[place, sights.get(place) as AddressSight]] : []))),
    running,
    unseen,
    ...(authority === undefined ? {} : { authority }),
    interfaces: new Map([...facts].map(([id, seen]) => [id, seen.addresses])),
  };
  return { findings: addressFindings(view), view, blind };
}

/** Agents keep the authority of their cluster, too. */
function ofAgents(facts: ReadonlyMap<string, HostFacts>): string | undefined {
  return [...facts.values()].map(({ caHash }) => caHash).find((hash) => hash !== undefined);
}

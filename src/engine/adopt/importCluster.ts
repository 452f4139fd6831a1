import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { adoptCluster, type AdoptedCluster } from '../../core/authoring/adopt/adoptCluster';
import { plainOption } from '../../core/authoring/adopt/hostOptions';
import { nodeSight, type NodeSight } from '../../core/authoring/adopt/nodeSight';
import type { SeenLogin, SeenNode } from '../../core/authoring/adopt/seenCluster';
import type { OtherUnit } from '../../core/facts/otherUnitFacts';
import { isKeptToken, tokenPassword } from '../../core/k3s/joinToken';
import { renameCommands, serviceName } from '../../core/k3s/serviceManager';
import { clusterMarks } from '../../core/remote/clusterMarks';
import { readFile } from '../../core/remote/file';
import { listNodes } from '../../core/remote/kubectl';
import { mapLimit } from '../hosts/targets';
import type { HostTarget, RemoteHosts } from '../ports';
import { lookAtHost, type HostSight } from './lookAtHost';

/** Which cluster a person wants a file of. */
export interface ImportWish {
  /** One of its servers, as the person reaches it. */
  readonly host: string;
  readonly login: SeenLogin;
  /** What the cluster is to be called. */
  readonly name: string;
  /** Addresses of clusters in kubeconfigs of the person, for the hash of an authority. */
  readonly addressesOf?: (caHash: string) => readonly string[];
}

export interface ImportDependencies {
  readonly hosts: RemoteHosts;
  /** Hosts that are looked at at the same time. */
  readonly parallel: number;
}

interface ImportOptions {
  readonly signal?: AbortSignal;
  /** Called when the cluster has told its nodes, and when a host has been looked at. */
  readonly onLooked?: (node: string, problem: Problem | undefined, done: number, total: number) => void;
}

/** Reads a running cluster through one of its servers and writes it down as a cluster file. Changes nothing anywhere. */
export async function importCluster(
  { host, login, name, addressesOf }: ImportWish,
  { hosts, parallel }: ImportDependencies,
  { signal, onLooked }: ImportOptions = {},
): Promise<Result<AdoptedCluster, Problem>> {
  const run = signal === undefined ? {} : { signal };
  const first = targetOf(host, login);
  const asked = await lookAtHost(hosts, first, run);
  if (!asked.ok) return asked;
  const refused = refusal(host, asked.value);
  if (refused !== undefined) return err(refused);
  const [listed, marks, token] = await Promise.all([
    hosts.run(first, listNodes(), run),
    hosts.run(first, clusterMarks(), run),
    hosts.run(first, readFile(`${asked.value.dataDir}/server/token`), run),
  ]);
  if (listed.kind !== 'done') return err(silent(host, listed.problem));
  const sights = listed.value.flatMap((object) => nodeSight(object) ?? []).sort(inOrder);
  const isAsked = askedNode(sights, asked.value);
  let done = 0;
  const nodes = await mapLimit(sights, parallel, async (sight): Promise<SeenNode> => {
    const found =
      sight === isAsked ? { host, seen: asked.value } : await lookAtNode(hosts, sight, login, asked.value, signal);
    done += 1;
    onLooked?.(sight.name, 'code' in found.seen ? found.seen : undefined, done, sights.length);
    const { places: _places, ...node } = sight;
    return {
      ...node,
      ...('facts' in found.seen && found.seen.role !== undefined ? { role: found.seen.role } : {}),
      ...found,
    };
  });
  if (signal?.aborted === true) return err(problem('cancelled', say`The import was cancelled; nothing was written.`));
  // A server without agent is no Node.
  const all = isAsked === undefined ? [withoutNode(host, asked.value), ...nodes] : nodes;
  const { caHash } = asked.value.facts;
  return ok(
    adoptCluster(
      {
        name,
        ssh: login,
        nodes: all,
        ...(token.kind === 'done' && isKeptToken(token.value) ? { token: tokenPassword(token.value) } : {}),
        ...(marks.kind === 'done' ? { marks: marks.value } : {}),
      },
      caHash === undefined ? [] : addressesOf?.(caHash),
    ),
  );
}

function targetOf(host: string, { user, port, identityFile }: SeenLogin): HostTarget {
  return {
    id: host,
    host,
    ssh: {
      identityFiles: identityFile === undefined ? [] : [identityFile],
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
    },
  };
}

/** Why a host cannot tell its cluster. */
function refusal(host: string, { role, facts }: HostSight): Problem | undefined {
  const [other] = facts.otherUnits ?? [];
  if (role === undefined && other !== undefined) return renamed(host, other, facts);
  if (role === undefined)
    return problem('no-server', say`K3s is not installed on ${host}`, {
      host,
      why: say`There is neither the service k3s nor k3s-agent.`,
      nextSteps: [say`Name a server of the cluster. For a new cluster, begin with a new cluster file.`],
    });
  if (role === 'server') return undefined;
  const url = plainOption(facts, 'agent', 'server');
  return problem('no-server', say`${host} is an agent`, {
    host,
    why: say`Only a server can tell the others.`,
    nextSteps: [say`Name one of the servers${url === undefined ? '' : say`; this agent reaches them at ${url}`}.`],
  });
}

/** K3s is there, in a service that nothing looks after. */
function renamed(host: string, { name, role }: OtherUnit, { init }: HostSight['facts']): Problem {
  const usual = role === 'server' ? 'k3s' : 'k3s-agent';
  return problem(
    'k3s-under-other-name',
    say`${host} has K3s in ${serviceName(name, init)} and not in ${serviceName(usual, init)}`,
    {
      host,
      why: say`K3s's own installer and uninstall script, and this product, look after the usual names alone.`,
      details: renameCommands(name, usual, init),
      nextSteps: [say`Give it its usual name by these commands, as root, then import again. Pods go on meanwhile.`],
    },
  );
}

function silent(host: string, { message, why }: Problem): Problem {
  return problem('cluster-silent', say`The API of the cluster does not answer on ${host}`, {
    host,
    why: why ?? message,
    nextSteps: [say`Start K3s there (systemctl start k3s, or rc-service k3s start), or name another server.`],
  });
}

/** Servers before agents, then by name, with numbers as people count. */
function inOrder(a: NodeSight, b: NodeSight): number {
  if (a.role !== b.role) return a.role === 'server' ? -1 : 1;
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}

function askedNode(sights: readonly NodeSight[], { facts, role }: HostSight): NodeSight | undefined {
  const name = (plainOption(facts, role ?? 'server', 'node-name') ?? facts.hostname).toLowerCase();
  return (
    sights.find((sight) => sight.name === name) ??
    sights.find(({ places }) => places.some((place) => facts.addresses.includes(place)))
  );
}

/** Tries the addresses of a node until one of them leads to a machine of this cluster that is that node. */
async function lookAtNode(
  hosts: RemoteHosts,
  sight: NodeSight,
  login: SeenLogin,
  asked: HostSight,
  signal: AbortSignal | undefined,
): Promise<{ readonly host: string; readonly seen: HostSight | Problem }> {
  let last: Problem = problem('no-address', say`Kubernetes knows no address of ${sight.name}`);
  for (const place of sight.places) {
    const looked = await lookAtHost(
      hosts,
      { ...targetOf(place, login), id: sight.name },
      signal === undefined ? {} : { signal },
    );
    const wrong = looked.ok ? otherMachine(sight, looked.value, asked) : looked.error;
    if (looked.ok && wrong === undefined) return { host: place, seen: looked.value };
    last = wrong ?? last;
  }
  return { host: sight.places[0] ?? sight.name, seen: last };
}

/** An address inside of one network may be anybody's outside of it. */
function otherMachine({ name, places }: NodeSight, { facts, role }: HostSight, asked: HostSight): Problem | undefined {
  const other = (why: string): Problem =>
    problem('other-machine', say`Another machine answers at the address of ${name}`, { why });
  const [unit] = facts.otherUnits ?? [];
  if (role === undefined && unit !== undefined) return renamed(name, unit, facts);
  if (role === undefined) return other(say`K3s is not installed on it.`);
  if (facts.caHash !== asked.facts.caHash)
    return other(say`It belongs to another cluster: its certificate authority is another one.`);
  const own = (plainOption(facts, role, 'node-name') ?? facts.hostname).toLowerCase();
  // With "with-node-id" the name goes on behind that of the host.
  const isSame = name === own || name.startsWith(`${own}-`) || places.some((place) => facts.addresses.includes(place));
  return isSame ? undefined : other(say`It calls itself ${own}.`);
}

function withoutNode(host: string, seen: HostSight): SeenNode {
  const { facts } = seen;
  return {
    name: (plainOption(facts, 'server', 'node-name') ?? facts.hostname).toLowerCase(),
    role: 'server',
    host,
    addresses: facts.addresses,
    labels: {},
    taints: [],
    seen,
  };
}

import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { neededPorts } from '../../core/cluster/neededPorts';
import { nodesOf } from '../../core/cluster/roles';
import type { PortMesh, ShutPort } from '../../core/hostChecks/hostCheck';
import {
  dialPorts,
  isListening,
  knockKey,
  listenOnPorts,
  readListening,
  type Knock,
  type Listened,
  type Met,
  type MeshPort,
} from '../../core/remote/portMesh';
import { mapLimit, target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';

interface TryDependencies {
  readonly hosts: RemoteHosts;
  /** Machines that listen at the same time. */
  readonly parallel: number;
}

/** After this many seconds a listener ends whatever became of the connection to it. */
const LISTEN_SECONDS = 30;
/** Neighbours at which a machine knocks beside the servers. */
const NEIGHBOURS = 20;
const NO_PROGRAM = 'it has neither python3 nor perl';

/** A machine that is to be reached, and by whom at which port. */
interface Goal {
  readonly node: ClusterNode;
  readonly doors: readonly { readonly port: MeshPort; readonly from: readonly ClusterNode[] }[];
}

/**
 * Has machines listen on the ports that the cluster needs, and the others knock there. A port that somebody has already is
 * tried as it is over TCP; over UDP nobody knows whether that one would answer. All listeners have ended at the end.
 */
export async function tryPorts(
  cluster: Cluster,
  reached: ReadonlyMap<string, unknown>,
  { hosts, parallel }: TryDependencies,
  signal?: AbortSignal,
): Promise<PortMesh> {
  const nodes = nodesOf(cluster).filter(({ id }) => reached.has(id));
  const goals = nodes.map((node) => goalOf(cluster, nodes, node)).filter(({ doors }) => doors.length > 0);
  const shut: ShutPort[] = [];
  const untried = new Map<string, string>();
  for (let first = 0; first < goals.length && signal?.aborted !== true; first += parallel) {
    const some = goals.slice(first, first + parallel);
    const found = await tryGoals(some, nodes, { hosts, parallel }, signal);
    shut.push(...found.shut);
    for (const [machine, why] of found.untried) untried.set(machine, why);
  }
  return { shut, untried };
}

function goalOf(cluster: Cluster, nodes: readonly ClusterNode[], node: ClusterNode): Goal {
  const at = nodes.indexOf(node);
  const near = new Set([...nodes, ...nodes].slice(at + 1, at + 1 + NEIGHBOURS).map(({ id }) => id));
  const knocks = (from: readonly string[] | 'anybody') =>
    nodes.filter(
      ({ id, role }) =>
        id !== node.id &&
        (from === 'anybody' || from.includes(id)) &&
        (role === 'server' || node.role === 'server' || near.has(id)),
    );
  return {
    node,
    doors: neededPorts(cluster, node).flatMap(({ protocol, ports: [start, last], from }) =>
      Array.from({ length: last - start + 1 }, (_, index) => ({
        port: `${protocol}:${start + index}` as const,
        from: knocks(from),
      })).filter((door) => door.from.length > 0),
    ),
  };
}

async function tryGoals(
  goals: readonly Goal[],
  nodes: readonly ClusterNode[],
  { hosts, parallel }: TryDependencies,
  signal: AbortSignal | undefined,
): Promise<PortMesh> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal?.addEventListener('abort', end, { once: true });
  const listeners = goals.map((goal) => listen(goal, hosts, stop.signal));
  try {
    const ready = await Promise.all(listeners.map(({ ready: listened }) => listened));
    const untried = new Map<string, string>();
    const open = goals.flatMap(({ node, doors }, index) => {
      const listened = ready[index];
      if (listened === undefined || typeof listened === 'string') {
        untried.set(node.id, listened ?? 'it ended early');
        return [];
      }
      if (listened.unable) untried.set(node.id, NO_PROGRAM);
      const tried = doors.filter(
        ({ port }) => !listened.unable && !(port.startsWith('udp') && listened.busy.includes(port)),
      );
      return tried.map((door) => ({ node, ...door }));
    });
    const missed = await mapLimit(nodes, parallel, async (from) => {
      const own = open.filter((door) => door.from.includes(from));
      const knocks = own.map(({ node, port }): Knock => ({ port, address: node.address }));
      if (knocks.length === 0) return [];
      const outcome = await hosts.run(target(from), dialPorts(knocks), signal === undefined ? {} : { signal });
      const met = outcome.kind === 'done' ? outcome.value : undefined;
      if (met === undefined) {
        if (!untried.has(from.id)) untried.set(from.id, outcome.kind === 'done' ? NO_PROGRAM : outcome.problem.message);
        return [];
      }
      return own.flatMap((door, index) => {
        const how = met.get(knockKey(knocks[index] as Knock));
        return how === undefined || how === 'reached' ? [] : [{ from: from.id, door, how }];
      });
    });
    return { shut: open.flatMap((door) => shutAt(door, missed.flat())), untried };
  } finally {
    signal?.removeEventListener('abort', end);
    stop.abort();
    await Promise.all(listeners.map(({ ended }) => ended));
  }
}

/** A listener: when others may knock, or why they never may, and when it is over. */
function listen(
  { node, doors }: Goal,
  hosts: RemoteHosts,
  signal: AbortSignal,
): { readonly ready: Promise<Listened | string>; readonly ended: Promise<unknown> } {
  const lines: string[] = [];
  let tell: (listened: Listened | string) => void = () => undefined;
  const ready = new Promise<Listened | string>((resolve) => (tell = resolve));
  const command = listenOnPorts(
    doors.map(({ port }) => port),
    LISTEN_SECONDS,
  );
  const onLine = (line: string): void => {
    lines.push(line);
    if (isListening(line)) tell(readListening(lines));
  };
  const ended = hosts.run(target(node), command, { signal, onLine }).then((outcome) => {
    tell(outcome.kind === 'done' ? outcome.value : outcome.problem.message);
  });
  return { ready, ended };
}

/** What those that knocked at one door and did not get in have met there, as one finding. */
function shutAt<D extends { readonly node: ClusterNode; readonly port: MeshPort }>(
  door: D,
  missed: readonly { readonly from: string; readonly door: D; readonly how: Met }[],
): readonly ShutPort[] {
  const here = missed.filter((one) => one.door === door);
  if (here.length === 0) return [];
  return [
    {
      machine: door.node.id,
      port: door.port,
      from: here.map(({ from }) => from),
      refused: here.every(({ how }) => how === 'refused'),
    },
  ];
}

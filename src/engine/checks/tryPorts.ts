import { later, said } from '../../core/base/say';
import type { Cluster, ClusterMachine } from '../../core/cluster/cluster';
import { neededPorts } from '../../core/cluster/neededPorts';
import { balancerMachines, machinesOf } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { addressFamily } from '../../core/k3s/cidr';
import type { PortMesh, ShutPort } from '../../core/hostChecks/hostCheck';
import {
  dialPorts,
  freePorts,
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

export interface TryDependencies {
  readonly hosts: RemoteHosts;
  /** Machines that listen at the same time. */
  readonly parallel: number;
}

/** What of a machine decides how its doors are tried. */
export type Reached = Pick<HostFacts, 'addresses' | 'listeningPorts'>;

export interface TryOptions {
  readonly signal?: AbortSignal;
  /** Tries only what these machines have to do with, and opens nothing on others: what runs there is tried as it is. */
  readonly fresh?: ReadonlySet<string>;
}

/** After this many seconds a listener ends whatever became of the connection to it. */
const LISTEN_SECONDS = 30;
/** Neighbours at which a machine knocks beside the servers. */
const NEIGHBOURS = 20;
const NO_PROGRAM = later`it has neither python3 nor perl`;
const ENDED_EARLY = later`what listened there ended before all had knocked`;
const HALF = later`its answer ended before it had told of every port`;

/** A machine that is to be reached, and by whom at which port. */
interface Goal {
  readonly machine: ClusterMachine;
  /** Where it is knocked at: more than one for a name that need not be known to the others. */
  readonly addresses: readonly string[];
  readonly doors: readonly { readonly port: MeshPort; readonly from: readonly ClusterMachine[] }[];
  /** Set where nobody has to listen, because K3s does: what it listens on. */
  readonly busy?: Reached['listeningPorts'];
}

/**
 * Has machines listen on the ports that the cluster needs, and the others knock there. A port that somebody has already is
 * tried as it is over TCP; over UDP nobody knows whether that one would answer. All listeners have ended at the end.
 */
export async function tryPorts(
  cluster: Cluster,
  reached: ReadonlyMap<string, Reached>,
  { hosts, parallel }: TryDependencies,
  { signal, fresh }: TryOptions = {},
): Promise<PortMesh> {
  const machines = machinesOf(cluster).filter(({ id }) => reached.has(id));
  const goals = machines
    .map((machine) => goalOf(cluster, machines, machine, reached, fresh))
    .filter(({ doors }) => doors.length > 0);
  const shut: ShutPort[] = [];
  const untried = new Map<string, string>();
  for (let first = 0; first < goals.length && signal?.aborted !== true; first += parallel) {
    const some = goals.slice(first, first + parallel);
    const found = await tryGoals(some, machines, { hosts, parallel }, signal);
    shut.push(...found.shut);
    for (const [machine, why] of found.untried) untried.set(machine, why);
  }
  return { shut, untried };
}

function goalOf(
  cluster: Cluster,
  machines: readonly ClusterMachine[],
  machine: ClusterMachine,
  reached: ReadonlyMap<string, Reached>,
  fresh: TryOptions['fresh'],
): Goal {
  const at = machines.indexOf(machine);
  const near = new Set([...machines, ...machines].slice(at + 1, at + 1 + NEIGHBOURS).map(({ id }) => id));
  const central = new Set([...cluster.servers, ...balancerMachines(cluster)].map(({ id }) => id));
  const seen = reached.get(machine.id);
  const busy = fresh === undefined || fresh.has(machine.id) ? undefined : (seen?.listeningPorts ?? []);
  const knocks = (from: readonly string[] | 'anybody') =>
    machines.filter(
      ({ id }) =>
        id !== machine.id &&
        (from === 'anybody' || from.includes(id)) &&
        (central.has(id) || central.has(machine.id) || near.has(id)) &&
        (busy === undefined || fresh?.has(id) === true),
    );
  const own = seen?.addresses.find((address) => addressFamily(address) !== undefined);
  const isName = addressFamily(machine.address) === undefined;
  return {
    machine,
    addresses: [machine.address, ...(isName && own !== undefined ? [own] : [])],
    ...(busy === undefined ? {} : { busy }),
    doors: neededPorts(cluster, machine).flatMap(({ protocol, ports: [start, last], from }) =>
      Array.from({ length: last - start + 1 }, (_, index) => start + index)
        .filter((port) => busy === undefined || (protocol === 'tcp' && busy.includes(port)))
        .map((port) => ({ port: `${protocol}:${port}` as const, from: knocks(from) }))
        .filter((door) => door.from.length > 0),
    ),
  };
}

async function tryGoals(
  goals: readonly Goal[],
  machines: readonly ClusterMachine[],
  { hosts, parallel }: TryDependencies,
  signal: AbortSignal | undefined,
): Promise<PortMesh> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal?.addEventListener('abort', end, { once: true });
  const listeners = goals.map((goal) => (goal.busy === undefined ? listen(goal, hosts, stop.signal) : ALREADY));
  const untried = new Map<string, string>();
  const open: OpenDoor[] = [];
  let missed: readonly Missed[] = [];
  let stood: readonly boolean[] = [];
  try {
    const ready = await Promise.all(listeners.map(({ ready: listened }) => listened));
    for (const [index, { machine, addresses, doors }] of goals.entries()) {
      const listened = ready[index];
      if (listened === undefined || typeof listened === 'string') {
        untried.set(machine.id, listened ?? said(ENDED_EARLY));
        continue;
      }
      if (listened.unable) untried.set(machine.id, said(NO_PROGRAM));
      const tried = doors.filter(
        ({ port }) => !listened.unable && !(port.startsWith('udp') && listened.busy.includes(port)),
      );
      open.push(...tried.map((door) => ({ machine, addresses, ...door })));
    }
    missed = (await mapLimit(machines, parallel, (from) => knock(from, open, hosts, untried, signal))).flat();
  } finally {
    signal?.removeEventListener('abort', end);
    stood = await Promise.all(goals.map(async ({ machine }, index) => free(machine, listeners[index], hosts)));
    stop.abort();
    await Promise.all(listeners.map(({ ended }) => ended));
  }
  const gone = goals.filter((_, index) => stood[index] === false).map(({ machine }) => machine.id);
  for (const id of gone) if (!untried.has(id)) untried.set(id, said(ENDED_EARLY));
  return { shut: open.flatMap((door) => (gone.includes(door.machine.id) ? [] : shutAt(door, missed))), untried };
}

interface OpenDoor extends Pick<Goal, 'machine' | 'addresses'> {
  readonly port: MeshPort;
  readonly from: readonly ClusterMachine[];
}

/** Somebody did not get in at a door. */
interface Missed {
  readonly from: string;
  readonly door: OpenDoor;
  readonly how: Met;
}

/** Has a machine knock at the doors that it needs; what it does not tell is neither open nor shut, and is noted as untried. */
async function knock(
  from: ClusterMachine,
  open: readonly OpenDoor[],
  hosts: RemoteHosts,
  untried: Map<string, string>,
  signal: AbortSignal | undefined,
): Promise<readonly Missed[]> {
  const own = open.filter((door) => door.from.includes(from));
  const knocks = own.flatMap(({ addresses, port }) => addresses.map((address): Knock => ({ port, address })));
  if (knocks.length === 0) return [];
  const outcome = await hosts.run(target(from), dialPorts(knocks), signal === undefined ? {} : { signal });
  const met = outcome.kind === 'done' ? outcome.value : undefined;
  const note = (why: string): unknown => untried.has(from.id) || untried.set(from.id, why);
  if (met === undefined) {
    note(outcome.kind === 'done' ? said(NO_PROGRAM) : outcome.problem.message);
    return [];
  }
  if (knocks.some((one) => !met.has(knockKey(one)))) note(said(HALF));
  return own.flatMap((door) => {
    const ways = door.addresses.map((address) => met.get(knockKey({ port: door.port, address })));
    const how = ways.find((one) => one === 'reached') ?? ways.at(-1);
    return how === undefined || how === 'reached' ? [] : [{ from: from.id, door, how }];
  });
}

/**
 * Whoever looks at the machine next finds its ports free again, also where the listener was given up before it was ready.
 * False where it was there no more, or nobody knows: then nobody listened, and what others met says nothing of the ports.
 */
async function free(machine: ClusterMachine, listener: Listening | undefined, hosts: RemoteHosts): Promise<boolean> {
  await listener?.ready;
  const process = listener?.process();
  if (process === undefined) return true;
  const freed = await hosts.run(target(machine), freePorts(process));
  return freed.kind === 'done' && freed.value;
}

/** What K3s or a load balancer listens on already needs no listener. */
const ALREADY: Listening = {
  ready: Promise.resolve({ unable: false, busy: [] }),
  ended: Promise.resolve(),
  process: () => undefined,
};

interface Listening {
  readonly ready: Promise<Listened | string>;
  readonly ended: Promise<unknown>;
  /** What listens on the host, as soon as it has said so. */
  process(): string | undefined;
}

/** A listener: when others may knock, or why they never may, and when it is over. */
function listen({ machine, doors }: Goal, hosts: RemoteHosts, signal: AbortSignal): Listening {
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
  const ended = hosts.run(target(machine), command, { signal, onLine }).then((outcome) => {
    // What ends without the word that it is ready has opened nothing.
    const isWhole = outcome.kind === 'done' && lines.some(isListening);
    tell(isWhole ? outcome.value : outcome.kind === 'done' ? said(ENDED_EARLY) : outcome.problem.message);
  });
  return { ready, ended, process: () => readListening(lines).process };
}

/** What those that knocked at one door and did not get in have met there, as one finding. */
function shutAt(door: OpenDoor, missed: readonly Missed[]): readonly ShutPort[] {
  const here = missed.filter((one) => one.door === door);
  if (here.length === 0) return [];
  return [
    {
      machine: door.machine.id,
      port: door.port,
      from: here.map(({ from }) => from),
      refused: here.every(({ how }) => how === 'refused'),
    },
  ];
}

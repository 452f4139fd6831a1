import { count } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import {
  livenessOf,
  noticed,
  NOTHING_NOTICED,
  silenceForgotten,
  type Liveness,
  type Sign,
} from '../../core/health/liveness';
import type { NodeHealth } from '../../core/health/nodeHealth';
import type { Clock, DoorAnswer, Log, MachineDoors } from '../ports';
import { kubeletIdentity, serverIdentity } from './identity';
import { secondHand } from './secondHand';
import { nodeNames, watchedMachines, type WatchedMachine } from './watched';

/** How often a machine is asked, and how long it has for one answer. Dead is told after a pace and two limits. */
interface Rhythm {
  readonly paceMs: number;
  readonly limitMs: number;
}

const PACE_MS = 1000;
/** 2.6 s, so that a busy computer keeps within 3 s, too. */
const OF_SERVERS: Rhythm = { paceMs: PACE_MS, limitMs: 800 };
/** 2.6 s as well: there are many of them, so they are asked less often and have less time. */
const OF_AGENTS: Rhythm = { paceMs: 1200, limitMs: 700 };
/** For the first answer of all, connecting included. */
const FIRST_LIMIT_MS = 3000;
/** A little more often, so that a server that is well needs no other question. */
const READY_PACE_MS = 900;
/** An API that has lost its etcd takes 2.7 s until it says so. Recorded: timeline-cable-cut-leader.txt */
const READY_LIMIT_MS = 3500;
/** An address that never answered is tried so often. */
const RETRY_MS = 15_000;
/** Questions to another machine about such ones, a second. */
const MOST_SECOND_HAND = 30;
/** This computer slept, or was too busy to look. */
const ASLEEP_MS = 6000;

export interface LivenessSources {
  readonly doors: MachineDoors;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info'>;
  /** The Nodes as the API told them last. */
  readonly nodes: () => readonly NodeHealth[];
}

/**
 * Asks every machine whether it lives, each second or nearly so, from this computer and, when that gets no answer, from another machine: nobody
 * is called dead by one alone. Ends when aborted. Recorded signs: real K3s keeps a dead machine Ready for 46 to 51 s, and its own
 * port is the only one that tells at once.
 */
export async function watchMachines(
  cluster: Cluster,
  sources: LivenessSources,
  onChange: (liveness: Liveness) => void,
  signal: AbortSignal,
): Promise<void> {
  const { doors, clock } = sources;
  const machines = watchedMachines(cluster);
  const elects = cluster.datastore.type === 'embedded-etcd';
  const ways = new Map(machines.map(({ id }) => [id, createWay()]));
  let hurry = new AbortController();
  let hurriedAt = 0;
  let all = NOTHING_NOTICED;
  let lookedAt = clock.now();
  let told: Liveness = livenessOf(all, lookedAt, elects);

  const tell = (): void => {
    if (signal.aborted) return;
    const found = kept(told, livenessOf(all, clock.now(), elects));
    if (found === told) return;
    told = found;
    onChange(told);
  };
  const note = (sign: Sign | undefined): void => {
    if (sign === undefined) return;
    const now = noticed(all, sign);
    if (now === all) return;
    all = now;
    tell();
  };
  const names = (): ReadonlyMap<string, string> => nodeNames(cluster, sources.nodes());

  /** Whether it answered this computer. */
  const askHere = async (machine: WatchedMachine): Promise<boolean> => {
    const way = ways.get(machine.id) ?? createWay();
    const at = clock.now();
    if (at < way.notBefore) return false;
    const address = machine.addresses[way.next] ?? machine.node.address;
    // One connection to an API server is enough for both questions.
    const door = { address, port: machine.port, withIdentity: machine.servesApi };
    const answer = await doors.knock(door, machine.path, way.known ? rhythmOf(machine).limitMs : FIRST_LIMIT_MS);
    if (signal.aborted) return true;
    if (answer.reached === 'answers') {
      way.known = true;
      way.answeredAt = clock.now();
      // One that ends as soon as it has answered is asked at its time.
      way.ended = answer.opened ? undefined : answer.ended;
      if (!machine.servesApi && machine.node.role === 'agent' && answer.opened)
        note(kubeletIdentity(machine, address, answer, names(), at));
    } else way.ended = undefined;
    if (answer.reached !== 'answers' && !way.known) {
      way.next = (way.next + 1) % machine.addresses.length;
      way.failures += 1;
      if (way.failures >= 2 * machine.addresses.length) way.notBefore = clock.now() + RETRY_MS;
    }
    note({ kind: 'asked', machine: machine.id, at, reached: answer.reached });
    return answer.reached === 'answers';
  };

  /** Servers that answer this computer, and can be asked about others. */
  const witnesses = (machine: WatchedMachine): readonly WatchedMachine[] =>
    machines.filter(
      ({ id, servesApi }) =>
        servesApi && id !== machine.id && ways.get(id)?.known === true && told.machines.get(id)?.state === 'up',
    );

  /** Asks two other servers, where there are two: the API of each reaches a kubelet by a tunnel of its own, which may be lost. */
  const askOther = async (machine: WatchedMachine): Promise<void> => {
    const at = clock.now();
    const name = names().get(machine.id);
    if (name === undefined) return;
    const { limitMs } = rhythmOf(machine);
    const asked = witnesses(machine)
      .slice(0, 2)
      .map((witness) => {
        const door = { address: addressOf(witness), port: witness.port, withIdentity: true };
        return { by: witness.id, ask: (path: string): Promise<DoorAnswer> => doors.ask(door, path, limitMs) };
      });
    const limit = told.machines.has(machine.id) ? limitMs : FIRST_LIMIT_MS;
    const api = { by: 'the API', ask: (path: string): Promise<DoorAnswer> => doors.askApi(path, limit) };
    const opinions = await Promise.all(
      (asked.length === 0 ? [api] : asked).map(async ({ by, ask }) => ({ by, reached: await secondHand(name, ask) })),
    );
    const opinion = (['answers', 'silent'] as const)
      .map((wanted) => opinions.find(({ reached }) => reached === wanted))
      .find((one) => one !== undefined);
    if (!signal.aborted && opinion?.reached !== undefined)
      note({ kind: 'asked', machine: machine.id, at, reached: opinion.reached, by: opinion.by });
  };
  const addressOf = (machine: WatchedMachine): string =>
    machine.addresses[ways.get(machine.id)?.next ?? 0] ?? machine.node.address;

  const look = async (machine: WatchedMachine): Promise<void> => {
    const way = ways.get(machine.id);
    if (await askHere(machine)) return;
    const known = way?.known === true;
    if (known && told.machines.get(machine.id)?.state === 'up') hurryUp();
    await Promise.all([...(known ? [askHere(machine)] : []), askOther(machine)]);
  };
  const askReadiness = async (machine: WatchedMachine): Promise<void> => {
    if (ways.get(machine.id)?.known !== true) return;
    const at = clock.now();
    const address = addressOf(machine);
    const door = { address, port: machine.port, withIdentity: true };
    const answer = await doors.ask(door, '/readyz', READY_LIMIT_MS);
    if (signal.aborted) return;
    if (answer.reached === 'answers') alive(machine, at);
    if (answer.reached === 'answers' && answer.opened) {
      const who = await doors.ask(door, '/api', OF_SERVERS.limitMs);
      if (who.reached === 'answers') note(serverIdentity(machine, address, who, machines, at));
    }
    note(readiness(machine, answer, at));
  };

  const alive = (machine: WatchedMachine, at: number): void => {
    const way = ways.get(machine.id);
    if (way !== undefined) way.answeredAt = clock.now();
    note({ kind: 'asked', machine: machine.id, at, reached: 'answers' });
  };

  const secondHandPace = (): number => {
    const strangers = [...ways.values()].filter(({ known, failures }) => !known && failures > 0).length;
    return Math.ceil(strangers / MOST_SECOND_HAND) * PACE_MS;
  };
  const hurryUp = (): void => {
    if (clock.now() - hurriedAt < PACE_MS) return;
    hurriedAt = clock.now();
    hurry.abort();
    hurry = new AbortController();
  };
  const began = (): number => {
    const now = clock.now();
    if (now - lookedAt > ASLEEP_MS + PACE_MS) all = silenceForgotten(all);
    lookedAt = now;
    return now;
  };
  const keepLooking = async (machine: WatchedMachine, offset: number): Promise<void> => {
    const way = ways.get(machine.id);
    await pause(offset);
    while (!signal.aborted) {
      const at = began();
      // What a server says of its readiness is a sign of life as well.
      const heard =
        machine.servesApi && way !== undefined && at - way.answeredAt < PACE_MS ? way.answeredAt : undefined;
      if (heard === undefined) await look(machine);
      const { paceMs } = rhythmOf(machine);
      const every = way?.known === true ? paceMs : Math.max(paceMs, secondHandPace());
      const rest = Math.max(50, (heard ?? at) + every - clock.now());
      const { ended = signal } = way ?? {};
      await pause(rest, rest > PACE_MS ? [signal, ended, hurry.signal] : [signal, ended]);
    }
  };
  const keepAskingReadiness = async (machine: WatchedMachine): Promise<void> => {
    while (!signal.aborted) {
      const at = began();
      await askReadiness(machine);
      await pause(Math.max(50, at + READY_PACE_MS - clock.now()));
    }
  };
  const pause = (ms: number, until: readonly AbortSignal[] = [signal]): Promise<void> =>
    clock.sleep(ms, AbortSignal.any([...until])).catch(() => undefined);
  const ticks = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(PACE_MS);
      tell();
    }
  };

  sources.log.info(`Asking ${count(machines.length, 'machine')} of ${cluster.name} themselves`);
  await Promise.all([
    ticks(),
    ...machines.map((machine, i) => keepLooking(machine, (i * rhythmOf(machine).paceMs) / machines.length)),
    ...machines.filter(({ servesApi }) => servesApi).map(keepAskingReadiness),
  ]);
}

/** How a machine is dialled from here. */
interface Way {
  /** It has answered here. */
  known: boolean;
  /** Which of its addresses is asked. */
  next: number;
  failures: number;
  notBefore: number;
  answeredAt: number;
  /** When the connection ends over which it answered. */
  ended?: AbortSignal | undefined;
}

function createWay(): Way {
  return { known: false, next: 0, failures: 0, notBefore: 0, answeredAt: -Infinity };
}

function rhythmOf({ node }: WatchedMachine): Rhythm {
  return node.role === 'agent' ? OF_AGENTS : OF_SERVERS;
}

/** What /readyz means; that it refuses this identity means that there is one who can refuse. */
function readiness({ id }: WatchedMachine, answer: DoorAnswer, at: number): Sign | undefined {
  const of = (ready: boolean, why?: string): Sign => ({
    kind: 'readiness',
    machine: id,
    at,
    ready,
    ...(why === undefined ? {} : { why }),
  });
  if (answer.reached === 'silent') return of(false);
  if (answer.reached !== 'answers') return undefined;
  if (answer.status < 500) return of(true);
  const failed = [...answer.body.matchAll(/^\[-\](\S+)/gm)].map(([, check = '']) => check);
  return of(false, failed.length > 0 ? failed.slice(0, 2).join(', ') : undefined);
}

/** The same objects for what is the same, so that views see what changed. */
function kept(before: Liveness, now: Liveness): Liveness {
  let same = before.electing === now.electing && before.machines.size === now.machines.size;
  const machines = new Map(
    [...now.machines].map(([id, one]) => {
      const last = before.machines.get(id);
      // How long a machine has been well changes each second, and nothing with it.
      const unchanged =
        last !== undefined && last.state === one.state && (one.state === 'up' || last.words === one.words);
      if (!unchanged) same = false;
      return [id, unchanged ? last : one] as const;
    }),
  );
  return same ? before : { machines, electing: now.electing };
}

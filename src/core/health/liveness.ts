import { say } from '../base/say';
import { duration } from '../base/duration';
import type { MachineId } from '../plan/step';

/** How a question to a machine ended. `refused`: the machine is there, and K3s is not. */
export type Reached = 'answers' | 'refused' | 'silent' | 'no-route' | 'closed';

/** What somebody noticed about a machine; `at`: when it was asked, in milliseconds since 1970. */
export type Sign =
  | {
      readonly kind: 'asked';
      readonly machine: MachineId;
      readonly at: number;
      readonly reached: Reached;
      /** The machine that asked; absent: this computer. */
      readonly by?: MachineId;
    }
  /** Of the API server on it; `why`: the checks that failed. */
  | {
      readonly kind: 'readiness';
      readonly machine: MachineId;
      readonly at: number;
      readonly ready: boolean;
      readonly why?: string;
    }
  /** Who answered at its address; absent: nobody else. */
  | {
      readonly kind: 'identity';
      readonly machine: MachineId;
      readonly at: number;
      readonly address: string;
      readonly holder?: MachineId;
    };

/** What is known of a machine without Kubernetes. */
export interface MachineLiveness {
  /**
   * `cut-off`: it answers others and not this computer; `taken`: another machine has its address; `electing`: it runs, and
   * etcd has no leader for the moment.
   */
  readonly state: 'up' | 'down' | 'cut-off' | 'taken' | 'unready' | 'electing';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The time since then, `4 s`. */
  readonly lasting: string;
  /** Reads on after the machine's name and "is". */
  readonly words: string;
  /** What is wrong with it, without the time that passes: `does not answer this computer`; absent where that is the state alone. */
  readonly why?: string;
}

/** How the machines of a cluster are; one of which nothing is known is left out. */
export interface Liveness {
  readonly machines: ReadonlyMap<MachineId, MachineLiveness>;
  /** Every server that answers waits for a new leader, and not for longer than an election lasts. */
  readonly electing: boolean;
}

/** A leader was lost: the others answered 500 for 7.2 s, etcd was healthy after 9.9 s. Recorded: timeline-cable-cut-leader.txt */
const ELECTION_MS = 10_000;

interface Run {
  readonly reached: Reached;
  readonly since: number;
  /** Counted up to two: one answer that did not come may have been lost on the way. */
  readonly times: 1 | 2;
}

interface Noticed {
  readonly here?: Run;
  /** It answered this computer once. */
  readonly knownHere: boolean;
  readonly other?: Run & { readonly by: MachineId };
  readonly knownThere: boolean;
  readonly readiness?: {
    readonly ready: boolean;
    readonly since: number;
    readonly times: 1 | 2;
    readonly why?: string;
  };
  readonly wasReady: boolean;
  readonly taken?: { readonly holder: MachineId; readonly address: string; readonly since: number };
}

/** Everything that was noticed; the same object as long as nothing is other than before. */
export type Noticings = ReadonlyMap<MachineId, Noticed>;

export const NOTHING_NOTICED: Noticings = new Map();

const UNKNOWN: Noticed = { knownHere: false, knownThere: false, wasReady: false };

/** What is known after one more sign. */
export function noticed(all: Noticings, sign: Sign): Noticings {
  const before = all.get(sign.machine) ?? UNKNOWN;
  const now = withSign(before, sign);
  return now === before ? all : new Map([...all, [sign.machine, now]]);
}

function withSign(before: Noticed, sign: Sign): Noticed {
  switch (sign.kind) {
    case 'asked': {
      const known = sign.reached === 'answers';
      if (sign.by === undefined) {
        const here = nextRun(before.here, sign.reached, sign.at);
        if (here === before.here && (before.other === undefined || !known)) return before;
        // Whom it answers directly needs no second opinion.
        const { other: _, ...rest } = before;
        return { ...(known ? rest : before), here, knownHere: before.knownHere || known };
      }
      const run = nextRun(before.other, sign.reached, sign.at);
      if (run === before.other && before.other?.by === sign.by) return before;
      return { ...before, other: { ...run, by: sign.by }, knownThere: before.knownThere || known };
    }
    case 'readiness': {
      const last = before.readiness;
      const same = last?.ready === sign.ready;
      if (same && (sign.ready || (last.times === 2 && last.why === sign.why))) return before;
      return {
        ...before,
        wasReady: before.wasReady || sign.ready,
        readiness: {
          ready: sign.ready,
          since: same ? last.since : sign.at,
          times: same ? 2 : 1,
          ...(sign.why === undefined ? {} : { why: sign.why }),
        },
      };
    }
    case 'identity': {
      const { holder, address, at } = sign;
      if (holder === before.taken?.holder) return before;
      const { taken: _, ...rest } = before;
      return holder === undefined ? rest : { ...rest, taken: { holder, address, since: at } };
    }
  }
}

/** How it failed may change while it lasts: refused at first and silent then, as after a power cut. */
function nextRun(before: Run | undefined, reached: Reached, at: number): Run {
  const goesOn = before !== undefined && (before.reached === 'answers') === (reached === 'answers');
  if (!goesOn) return { reached, since: at, times: 1 };
  return before.reached === reached && (reached === 'answers' || before.times === 2)
    ? before
    : { reached, since: before.since, times: 2 };
}

/** After this computer has slept or was cut off, no silence of before counts. */
export function silenceForgotten(all: Noticings): Noticings {
  return new Map(
    [...all].map(([id, { knownHere, knownThere, wasReady }]) => [id, { knownHere, knownThere, wasReady }]),
  );
}

/** How the machines are now. `elects`: they have embedded etcd. */
export function livenessOf(all: Noticings, now: number, elects: boolean): Liveness {
  const isBlind = blind(all);
  const election = elects ? electionSince(all) : undefined;
  const electing = election !== undefined && now - election < ELECTION_MS;
  const machines = new Map<MachineId, MachineLiveness>();
  for (const [id, one] of all) {
    const found = judged(one, isBlind);
    if (found === undefined) continue;
    const waits = electing && found.state === 'unready';
    const state = waits ? 'electing' : found.state;
    const lasting = duration(now - found.since);
    machines.set(id, {
      state,
      since: found.since,
      lasting,
      words: waits ? say`waiting for a new etcd leader since ${lasting}` : found.words(lasting),
      ...(found.why === undefined || waits ? {} : { why: found.why }),
    });
  }
  return { machines, electing };
}

interface Judged {
  readonly state: Exclude<MachineLiveness['state'], 'electing'>;
  readonly since: number;
  readonly words: (lasting: string) => string;
  readonly why?: string;
}

function judged(one: Noticed, isBlind: boolean): Judged | undefined {
  const { here, other, taken, readiness } = one;
  if (taken !== undefined && here?.reached === 'answers')
    return {
      state: 'taken',
      since: taken.since,
      words: (lasting) => say`cut off: its address ${taken.address} is answered by ${taken.holder} since ${lasting}`,
      why: say`its address ${taken.address} is answered by ${taken.holder}`,
    };
  if (here?.reached === 'answers') return answering(here.since, readiness);
  if (other?.reached === 'answers')
    return one.knownHere && !isBlind && here?.times === 2
      ? {
          state: 'cut-off',
          since: here.since,
          words: (lasting) => say`cut off from this computer since ${lasting}; it answers ${other.by}`,
        }
      : answering(other.since, undefined);
  if (other !== undefined && (one.knownHere || one.knownThere)) {
    if (!isSure(here ?? other)) return undefined;
    const since = Math.min(here?.since ?? other.since, other.since);
    return { state: 'down', since, ...down(here, other.by) };
  }
  // Nobody else could be asked: this computer alone tells, as long as it hears others.
  if (here === undefined || !one.knownHere || isBlind || !isSure(here)) return undefined;
  return { state: 'down', since: here.since, ...down(here, undefined) };
}

function answering(since: number, readiness: Noticed['readiness']): Judged {
  if (readiness === undefined || readiness.ready || readiness.times === 1)
    return { state: 'up', since, words: (lasting) => say`up: it answers since ${lasting}` };
  const why = readiness.why === undefined ? '' : ` (${readiness.why})`;
  return {
    state: 'unready',
    since: readiness.since,
    words: (lasting) => say`not ready: it answers, and its API is not ready since ${lasting}${why}`,
    why: say`it answers, and its API is not ready${why}`,
  };
}

/** A connection that is refused needs no second try. */
function isSure({ reached, times }: Run): boolean {
  return reached === 'refused' || times === 2;
}

function down(here: Run | undefined, by: MachineId | undefined): Pick<Judged, 'words' | 'why'> {
  if (here?.reached === 'refused')
    return {
      words: (lasting) => say`down: K3s does not answer since ${lasting} (connection refused)`,
      why: say`K3s does not answer`,
    };
  if (by === undefined)
    return {
      words: (lasting) => say`down: does not answer this computer since ${lasting}`,
      why: say`does not answer this computer`,
    };
  return here === undefined
    ? { words: (lasting) => say`down: does not answer ${by} since ${lasting}`, why: say`does not answer ${by}` }
    : {
        words: (lasting) => say`down: answers neither this computer nor ${by} since ${lasting}`,
        why: say`answers neither this computer nor ${by}`,
      };
}

/** Nobody who answered this computer does so any more: it is this computer that has lost its network. */
function blind(all: Noticings): boolean {
  const known = [...all.values()].filter(({ knownHere }) => knownHere);
  return known.length > 1 && known.every(({ here }) => here?.reached === 'silent' || here?.reached === 'no-route');
}

/** Since when all servers that answer are not ready, although they were. */
function electionSince(all: Noticings): number | undefined {
  const asked = [...all.values()].filter(
    ({ here, readiness }) => here?.reached === 'answers' && readiness !== undefined,
  );
  const waiting = asked.flatMap(({ readiness, wasReady }) =>
    readiness === undefined || readiness.ready || !wasReady ? [] : [readiness.since],
  );
  return waiting.length === 0 || waiting.length < asked.length ? undefined : Math.min(...waiting);
}

import type { Cluster } from '../../src/core/cluster/cluster';
import type { HostFacts } from '../../src/core/facts/probe';
import type { RunEvent } from '../../src/core/plan/events';
import type { Step, StepOutcome, StepState } from '../../src/core/plan/step';
import { provision } from '../../src/engine/operations/provision';
import { readAirgapFolder } from '../../src/engine/planning/airgapFolder';
import { NO_LOCAL_FILES } from '../../src/engine/planning/localFile';
import { clusterCaHash } from '../../src/engine/planning/starts';
import { runMask } from '../../src/engine/run/mask';
import { stepRunner, type RunnerDependencies } from '../../src/engine/run/runner';
import type { ProgramDoor, ShownCertificate } from '../../src/engine/ports';
import type { Problem } from '../../src/core/base/problem';
import type { Result } from '../../src/core/base/result';
import { fastClock } from './clock';
import { SOME_SCRIPT } from './installScripts';
import { localFolder, readTexts } from './localFiles';
import { contentFor, freshFacts, situationOf, TOKEN } from './plans';
import { SHOWN, showing } from './shownCertificates';
import { scriptedHosts, type Answer, type ScriptedHosts } from './scriptedHosts';

export interface Play {
  readonly cluster: Cluster;
  readonly step: Step;
  readonly answer?: Answer;
  readonly facts?: ReadonlyMap<string, HostFacts>;
  /** Files of this machine, by their path in the cluster file. */
  readonly texts?: Readonly<Record<string, string>>;
  /** How other steps of the run stand. */
  readonly states?: Readonly<Record<string, StepState>>;
  /** The person cancels when a host is given this script. */
  readonly cancelAt?: string;
  /** Or at another moment. */
  readonly cancel?: AbortController;
  /** Longest time that K3s may take. */
  readonly startTimeoutMs?: number;
  readonly programs?: ProgramDoor;
  /** Files of this computer that the person has named. */
  readonly artifacts?: RunnerDependencies['artifacts'];
  /** How snapshots come to this computer. */
  readonly copies?: RunnerDependencies['copies'];
  /** Who watches a drill. */
  readonly drill?: RunnerDependencies['drill'];
  /** What a server shows to this computer. */
  readonly shows?: (host: string, turn: number) => Result<ShownCertificate, Problem>;
}

export interface Played {
  readonly outcome: StepOutcome;
  /** `<script> <host>` of each call. */
  readonly asked: readonly string[];
  readonly calls: ScriptedHosts['calls'];
  /** What the step says that it waits for. */
  readonly told: readonly string[];
  /** Lines that hosts printed. */
  readonly lines: readonly string[];
}

/** Carries out one step as a run does: guards, kind, mask and cancelling included. */
export async function playStep({
  cluster,
  step,
  answer,
  facts = freshFacts(cluster),
  states = {},
  ...how
}: Play): Promise<Played> {
  const { cancelAt, texts = {}, startTimeoutMs = 30_000, programs, artifacts, copies, shows, drill } = how;
  const { cancel = new AbortController() } = how;
  const hosts = scriptedHosts((host, script, turn) => {
    if (script !== cancelAt) return answer?.(host, script, turn) ?? {};
    cancel.abort();
    return 'endless';
  });
  const read = await readAirgapFolder(cluster, localFolder(texts));
  const local = { ...readTexts(texts), ...(read?.ok === true ? { airgap: read.value } : {}) };
  const desired = contentFor(cluster, clusterCaHash(cluster, facts), local, facts);
  const situation = situationOf(cluster, facts, { desired });
  const plan = { clusterName: cluster.name, machines: [], steps: [step], problems: [], notes: [] };
  const secrets = { text: (written: string): string => written, masks: [TOKEN] };
  const events: RunEvent[] = [];
  const told: string[] = [];
  const run = stepRunner(
    { operation: provision, intent: {}, plan, situation, secrets, files: NO_LOCAL_FILES, installScript: SOME_SCRIPT },
    {
      hosts: shows === undefined ? hosts : showing(hosts, shows),
      ...(shows === undefined ? {} : { handshakes: SHOWN }),
      ...(artifacts === undefined ? {} : { artifacts }),
      ...(copies === undefined ? {} : { copies }),
      ...(drill === undefined ? {} : { drill }),
      clock: fastClock(),
      startTimeoutMs,
      ...(programs === undefined ? {} : { programs }),
      mask: runMask(secrets.masks, hosts),
      onEvent: (event) => events.push(event),
    },
  );
  const outcome = await run(step, {
    signal: cancel.signal,
    progress: (message) => told.push(message),
    stateOf: (id) => states[id],
  });
  const lines = events.flatMap((event) => (event.type === 'output' && event.line !== '' ? [event.line] : []));
  return { outcome, asked: hosts.asked(), calls: hosts.calls, told, lines };
}

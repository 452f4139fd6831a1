import { say } from '../../core/base/say';
import { printableJson } from '../../core/base/printable';
import type { Problem } from '../../core/base/problem';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import type { RunReport } from '../../core/plan/events';
import type { Plan } from '../../core/plan/plan';
import { readRunRecord } from '../../core/plan/readRunRecord';
import { begunRecord, endedRecord, type FileVersion, type RunRecord } from '../../core/plan/runRecord';
import { keepRunRecord, readRunRecords } from '../../core/remote/runRecords';
import { examine } from '../hosts/examine';
import { mapLimit, target } from '../hosts/targets';
import type { Sha256 } from '../planning/sha256';
import type { Clock, Files, Log, Operator, RemoteHosts } from '../ports';

/** Where runs on a cluster file are written down on this machine: one record a line, the oldest first. */
export interface RecordPlace {
  readonly recordsPath: string;
  readonly files: Pick<Files, 'read' | 'writeAtomic' | 'withLock'>;
  readonly hosts: RemoteHosts;
  readonly parallel: number;
}

export interface RecordDependencies extends RecordPlace {
  readonly clock: Clock;
  readonly log: Log;
  readonly operator: Operator;
  readonly sha256: Sha256;
  /** The text that is carried out. */
  readonly fileVersion: FileVersion;
}

/** The record of one run, here and on the servers. That it cannot be written stops no run. */
export interface RunRecordKeeper {
  /** Writes down what is going to be done, so that a run that is cut off is known. Servers that are not told of keep none. */
  begin(plan: Plan, servers: readonly ClusterNode[]): void;
  /** Writes down how it ended; resolves when that is done. */
  end(plan: Plan, report: RunReport): Promise<void>;
}

/** Records that this machine keeps of one cluster file. */
const KEPT_HERE = 100;

/** Begins a record; `operation` is what people call it, `cluster` its name. */
export function keepRecord(operation: string, cluster: string, deps: RecordDependencies): RunRecordKeeper {
  const { clock, operator, fileVersion, log } = deps;
  const began = new Date(clock.now()).toISOString();
  const by = operator.name;
  // Two operators may begin at the same moment.
  const own = deps.sha256(`${by} ${operator.process}`).slice(0, 8);
  const id = `${began.replaceAll(/[^0-9TZ]/g, '')}-${own}`;
  const head = { id, operation, cluster, by, file: fileVersion, began };
  let servers: readonly ClusterNode[] = [];
  let work: Promise<void> = Promise.resolve();
  const keep = (record: RunRecord): Promise<void> => {
    const text = printableJson(record);
    const everywhere = async (): Promise<void> => {
      const problems = await Promise.all([keepHere(record.id, text, deps), keepThere(record.id, text, servers, deps)]);
      for (const words of problems.flat()) log.info(`The record of this run is not everywhere: ${words}`);
    };
    work = work.then(everywhere);
    return work;
  };
  return {
    begin(plan, on) {
      servers = on;
      void keep(begunRecord(head, plan));
    },
    end: (plan, report) => keep(endedRecord(head, plan, report, new Date(clock.now()).toISOString())),
  };
}

async function keepHere(
  id: string,
  text: string,
  { recordsPath, files }: Pick<RecordPlace, 'recordsPath' | 'files'>,
): Promise<readonly string[]> {
  try {
    await files.withLock(recordsPath, async () => {
      const kept = (await files.read(recordsPath)) ?? '';
      const others = kept.split('\n').filter((line) => line !== '' && readRunRecord(line)?.id !== id);
      const lines = [...others, text].slice(-KEPT_HERE);
      await files.writeAtomic(recordsPath, `${lines.join('\n')}\n`, 0o600);
    });
    return [];
  } catch (error) {
    return [say`${recordsPath} cannot be written (${String(error)})`];
  }
}

async function keepThere(
  id: string,
  text: string,
  servers: readonly ClusterNode[],
  { hosts, parallel }: RecordPlace,
): Promise<readonly string[]> {
  const words: string[] = [];
  await mapLimit(servers, parallel, async (server) => {
    const outcome = await hosts.run(target(server), keepRunRecord(id, text));
    if (outcome.kind !== 'done') words.push(`${server.id}: ${outcome.problem.message}`);
  });
  return words;
}

/** Runs on a cluster, the newest first, by whomever they were. */
export interface History {
  readonly runs: readonly RunRecord[];
  /** Servers that could not tell, with the reason. */
  readonly silent: ReadonlyMap<string, Problem>;
}

/** Reads what was written down here and on the servers. Changes nothing. */
export async function readHistory(cluster: Cluster, deps: RecordPlace, signal?: AbortSignal): Promise<History> {
  const here = ((await deps.files.read(deps.recordsPath)) ?? '').split('\n');
  const { facts, unreachable } = await examine(cluster.servers, readRunRecords, deps, {
    masked: (found) => found,
    ...(signal === undefined ? {} : { signal }),
  });
  return { runs: merged([here, ...facts.values()]), silent: unreachable };
}

/** One record for each run: a server that was away at the end knows only how it began. */
function merged(texts: readonly (readonly string[])[]): readonly RunRecord[] {
  const byId = new Map<string, RunRecord>();
  for (const record of texts.flat().flatMap((text) => readRunRecord(text) ?? [])) {
    const known = byId.get(record.id);
    if (known === undefined || known.result === 'unfinished') byId.set(record.id, record);
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

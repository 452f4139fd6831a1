import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { archiveReaders } from '../../src/adapters/archives/archiveReaders';
import { createArtifacts } from '../../src/adapters/files/artifacts';
import { downloads } from '../../src/adapters/files/downloads';
import { createObjectStores } from '../../src/adapters/objects/objectStores';
import { createFiles } from '../../src/adapters/files/files';
import { createCliSecrets } from '../../src/adapters/secrets/cliSecrets';
import { databaseClients } from '../../src/adapters/databases/clients';
import { createSshHosts } from '../../src/adapters/ssh/hosts';
import { handshakes } from '../../src/adapters/system/handshakes';
import { certificates } from '../../src/adapters/system/certificates';
import { createInstallScripts } from '../../src/adapters/system/installScripts';
import { systemClock } from '../../src/adapters/system/clock';
import { sha256 } from '../../src/adapters/system/sha256';
import { parseDocument } from '../../src/core/document/parse';
import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster } from '../../src/core/cluster/cluster';
import type { RemoteOutput } from '../../src/core/remote/remoteCommand';
import type { RunEvent, RunReport } from '../../src/core/plan/events';
import type { Clock, Log, Operator, RemoteHosts } from '../../src/engine/ports';
import type { Wanted } from '../../src/engine/operations/operation';
import { preparePlan, type PreparedPlan } from '../../src/engine/run/prepare';
import { runOperation } from '../../src/engine/run/runOperation';
import { planFleet, startFleet, type PracticeFleet } from '../../src/practice/fleet';
import { agreedDoor } from '../support/agreedDoor';
import { unreachableScripts } from '../support/installScripts';
import { OPERATOR } from '../support/operator';

/** Each test has a network of its own, so that a listener of one can never answer another; a second run has others. */
let network = 0;
const RUN = process.pid % 100;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The engine of one operator, with connections of its own. */
export interface Operating {
  readonly hosts: RemoteHosts;
  /** The plan of a provisioning, or of what else is wanted. */
  plan(wanted?: Wanted): Promise<PreparedPlan>;
  run(prepared: PreparedPlan, onEvent?: (event: RunEvent) => void, signal?: AbortSignal): Promise<RunReport>;
}

/** The practice fleet of the practice example, and the engine that works on it. */
export interface EngineLab extends Operating {
  readonly fleet: PracticeFleet;
  readonly folder: string;
  readonly logged: string[];
  readonly journalPath: string;
  cluster: Cluster;
  /** What a host says to a script in the place of the simulated one, where a scenario needs what it cannot do. */
  says: (host: string, script: string) => Partial<RemoteOutput> | undefined;
  /** By which the engine waits; that of this computer unless a test has no time for it. */
  clock: Clock;
  /** The engine of somebody else, who has a cluster file of their own. */
  as(operator: Operator, cluster?: Cluster): Operating;
}

export async function engineLab(
  change: (text: string) => string = (text) => text,
  timeScale = 0.01,
): Promise<EngineLab> {
  network += 1;
  const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-provision-'));
  const example = readFileSync(join(import.meta.dirname, '../../examples/practice/cluster.k3s.yaml'), 'utf8');
  const text = change(example).replaceAll('127.77.0.', `127.${100 + RUN}.${network}.`);
  writeFileSync(join(folder, 'cluster.k3s.yaml'), text);
  const cluster = normalise(parseDocument(text).data);
  const fleet = await startFleet({ ...planFleet(cluster), directory: folder, timeScale });
  // The person knows these hosts already.
  cpSync(join(folder, '.practice', 'known_hosts'), join(folder, '.ssh', 'known_hosts'));
  const unknown: string[] = [];
  fleet.onEvent((event) => {
    if (event.kind === 'unknownCommand') unknown.push(JSON.stringify(event));
  });
  const logged: string[] = [];
  const keep = (message: string): void => void logged.push(message);
  const log: Log = { trace: keep, debug: keep, info: keep, warn: keep, error: keep };
  const secrets = agreedDoor(createCliSecrets({ baseDir: folder, env: {}, file: join(folder, 'none') }));
  const journalPath = join(folder, 'journal.jsonl');
  const recordsPath = join(folder, 'records.jsonl');
  const fileVersion = { name: 'practice.k3s.yaml', sha256: sha256(text) };
  const operating = (operator: Operator, clusterNow: () => Cluster): Operating => {
    const real = createSshHosts({
      secrets,
      prompter: { confirmHostKey: async () => 'reject', askSecret: async () => undefined },
      log,
      baseDir: folder,
      homeDir: folder,
      env: {},
    });
    const hosts: RemoteHosts = {
      ...real,
      run: async (host, command, options) => {
        const said = self.says(host.id, command.script.id);
        if (said === undefined) return real.run(host, command, options);
        const parsed = command.parse({ stdout: '', stderr: '', exitCode: 0, ...said });
        return parsed.ok
          ? { kind: 'done', value: parsed.value }
          : { kind: 'failed', problem: { ...parsed.error, host: host.id } };
      },
    };
    cleanups.push(() => hosts.dispose());
    const local = {
      artifacts: createArtifacts({ baseDir: folder, homeDir: folder }, archiveReaders),
      certificates,
      lineOf: () => undefined,
    };
    // No test asks the internet; a script of the folder is read as it is.
    const { read } = createInstallScripts({ baseDir: folder, homeDir: folder });
    const scripts = { ...unreachableScripts, read };
    const objects = createObjectStores({ folder: join(folder, 'objects'), downloads });
    const deps = {
      hosts,
      databases: databaseClients,
      secrets,
      scripts,
      objects,
      ...local,
      get clock() {
        return self.clock;
      },
      sha256,
      parallel: 16,
    };
    const files = createFiles({ followLinks: () => true });
    return {
      hosts,
      plan: (wanted) => preparePlan(clusterNow(), deps, {}, wanted),
      run: (prepared, onEvent = () => undefined, signal = new AbortController().signal) =>
        runOperation(
          prepared,
          clusterNow(),
          {
            ...deps,
            downloads,
            handshakes,
            operator,
            files,
            log,
            startTimeoutMs: 60_000,
            journalPath,
            recordsPath,
            fileVersion,
          },
          onEvent,
          signal,
        ),
    };
  };
  cleanups.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => fleet.stop(),
    () => expect(unknown).toEqual([]),
  );
  const self: EngineLab = {
    ...operating(OPERATOR, () => self.cluster),
    fleet,
    folder,
    logged,
    cluster,
    clock: systemClock,
    says: () => undefined,
    journalPath,
    as: (operator, own) => operating(operator, () => own ?? self.cluster),
  };
  return self;
}

/** The same with an option of all servers. */
export function withServerOption(cluster: Cluster, key: string, value: string[]): Cluster {
  return {
    ...cluster,
    servers: cluster.servers.map((server) => ({ ...server, config: { ...server.config, [key]: value } })),
  };
}

export const stepIds = (prepared: PreparedPlan): string[] => prepared.plan.steps.map((step) => step.id);

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, fetch as undiciFetch } from 'undici';
import { archiveReaders } from '../../src/adapters/archives/archiveReaders';
import { createArtifacts } from '../../src/adapters/files/artifacts';
import { downloads } from '../../src/adapters/files/downloads';
import { createFiles } from '../../src/adapters/files/files';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { createCliSecrets } from '../../src/adapters/secrets/cliSecrets';
import { createSshHosts } from '../../src/adapters/ssh/hosts';
import { certificates } from '../../src/adapters/system/certificates';
import { createReleaseFiles } from '../../src/adapters/http/releaseBinary';
import { createProgramRunner } from '../../src/adapters/system/localPrograms';
import { createInstallScripts } from '../../src/adapters/system/installScripts';
import { handshakes } from '../../src/adapters/system/handshakes';
import { sha256 } from '../../src/adapters/system/sha256';
import { systemClock } from '../../src/adapters/system/clock';
import { parseDocument } from '../../src/core/document/parse';
import { validate } from '../../src/core/language/validate';
import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster } from '../../src/core/cluster/cluster';
import type { RunEvent, RunReport } from '../../src/core/plan/events';
import type { ClusterApi, DatabaseClients, Log, MachineDoorSource, RemoteHosts } from '../../src/engine/ports';
import type { DrillWatch } from '../../src/engine/drill/drillWatch';
import type { Wanted } from '../../src/engine/operations/operation';
import { preparePlan, type PreparedPlan } from '../../src/engine/run/prepare';
import { runOperation } from '../../src/engine/run/runOperation';
import { createProgramDoor } from '../../src/engine/secrets/programDoor';
import { agreedDoor } from '../support/agreedDoor';
import type { Fleet } from './driver/fleet';
import { OPERATOR } from '../support/operator';

/** The engine as the command line builds it, for one cluster file. */
export interface Engine {
  /** The folder of the cluster file, for files that it names. */
  readonly folder: string;
  readonly cluster: Cluster;
  readonly hosts: RemoteHosts;
  readonly api: ClusterApi & MachineDoorSource;
  /** Everything that was logged or told in events. */
  readonly told: string[];
  /** The plan of a provisioning, or of what else is wanted. */
  plan(wanted?: Wanted): Promise<PreparedPlan>;
  run(prepared: PreparedPlan, onEvent?: (event: RunEvent) => void, drill?: DrillWatch): Promise<RunReport>;
  /** Everything that the journals of all runs hold. */
  journal(): string;
  dispose(): Promise<void>;
}

/** Reads `text` as the cluster file in a folder of its own, with the fleet's host keys as known hosts and `secrets` by name. `databases` try the datastore. */
export async function engineFor(
  fleet: Fleet,
  text: string,
  secrets: Readonly<Record<string, string>>,
  databases?: DatabaseClients,
): Promise<Engine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-fleet-'));
  const knownHosts = await fleet.knownHosts();
  writeFileSync(path.join(folder, 'known_hosts'), knownHosts);
  mkdirSync(path.join(folder, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(folder, '.ssh', 'known_hosts'), knownHosts);
  writeFileSync(path.join(folder, 'secrets.yaml'), JSON.stringify(secrets), { mode: 0o600 });
  const errors = validate(text).filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Error(`The cluster file has errors: ${errors.map(({ message }) => message).join('; ')}`);
  const cluster = normalise(parseDocument(text).data);
  const told: string[] = [];
  const keep = (message: string): void => void told.push(message);
  const log: Log = { trace: keep, debug: keep, info: keep, warn: keep, error: keep };
  const source = agreedDoor(createCliSecrets({ baseDir: folder, env: {}, file: path.join(folder, 'secrets.yaml') }));
  const hosts = createSshHosts({
    secrets: source,
    prompter: { confirmHostKey: async () => 'reject', askSecret: async () => undefined },
    log,
    baseDir: folder,
    homeDir: folder,
    env: {},
  });
  const scripts = createInstallScripts({ baseDir: folder, homeDir: folder });
  // Node's fetch that trusts the authority of the fleet.
  const agent = new Agent({ connect: { ca: readFileSync(fleet.releases.caFile, 'utf8') } });
  const fetch = ((url: URL, init: object) => undiciFetch(url, { ...init, dispatcher: agent })) as never;
  const releases = createReleaseFiles({ folder: path.join(folder, 'releases'), fetch });
  const local = {
    ...(databases === undefined ? {} : { databases }),
    artifacts: createArtifacts({ baseDir: folder, homeDir: folder }, archiveReaders),
    certificates,
    lineOf: () => undefined,
  };
  const journalPath = path.join(folder, 'journal.jsonl');
  const programs = createProgramDoor({
    file: 'cluster.k3s.yaml',
    agreements: { read: async () => ({ given: [], hostKeys: {} }), update: async () => undefined },
    sha256,
    runner: createProgramRunner({ baseDir: folder, env: process.env }),
    ask: async () => true,
    nextSteps: () => [],
  });
  return {
    folder,
    cluster,
    hosts,
    told,
    api: createClusterApi({ log }),
    plan: (wanted) =>
      preparePlan(
        cluster,
        {
          hosts,
          scripts,
          releases,
          programs,
          ...local,
          secrets: source,
          sha256,
          clock: systemClock,
          parallel: 16,
        },
        {},
        wanted,
      ),
    run: (prepared, onEvent = () => undefined, drill) =>
      runOperation(
        prepared,
        cluster,
        {
          hosts,
          ...(databases === undefined ? {} : { databases }),
          secrets: source,
          programs,
          artifacts: local.artifacts,
          downloads,
          handshakes,
          ...(drill === undefined ? {} : { drill }),
          sha256,
          operator: OPERATOR,
          clock: systemClock,
          files: createFiles({ followLinks: () => true }),
          log,
          parallel: 16,
          startTimeoutMs: 120_000,
          journalPath,
          recordsPath: path.join(folder, 'records.jsonl'),
          fileVersion: { name: 'fleet.k3s.yaml', sha256: sha256(text) },
        },
        (event) => {
          told.push(JSON.stringify(event));
          onEvent(event);
        },
        new AbortController().signal,
      ),
    journal: () => readFileSync(journalPath, 'utf8'),
    dispose: async () => {
      await hosts.dispose();
      await agent.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

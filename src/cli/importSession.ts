import { homedir } from 'node:os';
import { archiveReaders, databases, loadSession } from '../adapters/lazy';
import { certificates } from '../adapters/system/certificates';
import { systemClock } from '../adapters/system/clock';
import { sha256 } from '../adapters/system/sha256';
import type { Log } from '../engine/ports';
import type { PlanDependencies } from '../engine/run/prepare';
import type { TakenSecrets } from '../engine/adopt/takenSecrets';
import { terminalPrompter } from './questions';

/** Connections of an import: there is no cluster file yet, so all that logs in is what the person said, and their own SSH. */
export function openImport(
  secrets: TakenSecrets,
  log: Log,
  parallel: number,
  signal: AbortSignal,
): PlanDependencies & { dispose(): Promise<void> } {
  const folders = { baseDir: process.cwd(), homeDir: homedir() };
  const adapters = loadSession();
  const hosts = adapters.createSshHosts({
    secrets,
    prompter: terminalPrompter(signal),
    log,
    ...folders,
    env: process.env,
  });
  return {
    hosts,
    databases,
    secrets,
    scripts: adapters.createInstallScripts(folders),
    artifacts: adapters.createArtifacts(folders, archiveReaders),
    certificates,
    lineOf: () => undefined,
    clock: systemClock,
    sha256,
    parallel,
    dispose: () => hosts.dispose(),
  };
}

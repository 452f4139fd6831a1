import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { createArtifacts } from '../adapters/files/artifacts';
import { createFiles } from '../adapters/files/files';
import { loadSsh } from '../adapters/lazy';
import { fileAgreements } from '../adapters/secrets/agreements';
import { createCliSecrets } from '../adapters/secrets/cliSecrets';
import { certificates } from '../adapters/system/certificates';
import { createInstallScripts } from '../adapters/system/installScripts';
import { sha256 } from '../adapters/system/sha256';
import { quote } from '../core/remote/shell';
import { machinesOf } from '../core/cluster/roles';
import { lineOf } from '../core/cluster/writtenAt';
import { questionLines } from '../engine/secrets/disclosureQuestion';
import type { DisclosureQuestion, InstallScripts, Log, RemoteHosts, SecretDoor } from '../engine/ports';
import type { LocalFileDependencies } from '../engine/planning/localFiles';
import { createSecretDoor } from '../engine/secrets/secretDoor';
import { target } from '../engine/hosts/targets';
import type { Allowances } from './allowances';
import { agreementsPath, type ClusterFile } from './context';
import { tell } from './output';
import { isTerminal, question, terminalPrompter } from './questions';

/** The hosts of one cluster file and the door through which its secrets reach them, for one command. */
export interface Session extends Pick<LocalFileDependencies, 'artifacts' | 'certificates' | 'lineOf'> {
  readonly hosts: RemoteHosts;
  readonly secrets: SecretDoor;
  readonly scripts: InstallScripts;
  dispose(): Promise<void>;
}

/** Opens nothing yet: the first command connects, after the person has agreed to what the file gives to hosts. `signal` cuts questions off. */
export function openSession(file: ClusterFile, log: Log, allowed: Allowances, signal: AbortSignal): Session {
  const baseDir = dirname(resolve(file.path));
  const { cluster } = file;
  const secrets = createSecretDoor({
    cluster,
    document: file.document,
    file: file.path,
    source: createCliSecrets({ baseDir, env: process.env }),
    agreements: fileAgreements(createFiles({ followLinks: () => false }), agreementsPath(file.path)),
    sha256,
    ask: (asked) => ask(asked, signal),
    vouchedKeys: () => hosts.vouchedKeys(machinesOf(cluster).map(target)),
    allowed,
    nextSteps,
  });
  const hosts = loadSsh().createSshHosts({
    secrets,
    prompter: terminalPrompter(signal),
    log,
    baseDir,
    homeDir: homedir(),
    env: process.env,
  });
  const folders = { baseDir, homeDir: homedir() };
  return {
    hosts,
    secrets,
    scripts: createInstallScripts(folders),
    artifacts: createArtifacts(folders),
    certificates,
    lineOf: (path) => lineOf(file.document, path),
    dispose: () => hosts.dispose(),
  };
}

async function ask(asked: DisclosureQuestion, signal: AbortSignal): Promise<boolean> {
  if (!isTerminal()) return false;
  tell(`${asked.file} gives the following to hosts:`);
  for (const line of questionLines(asked)) tell(`  ${line}`);
  return (await question('Agree, and remember it for exactly this (yes/no)? ', signal)).trim().toLowerCase() === 'yes';
}

function nextSteps({ items, hostKeys }: DisclosureQuestion): readonly string[] {
  const flags = [...items, ...hostKeys].map(({ allowance }) => `--allow-secrets ${quote(allowance)}`);
  return [
    isTerminal()
      ? 'Run the command again and agree if it is what you want.'
      : 'If it is what you want, run the command in a terminal and agree once, or add:',
    ...(isTerminal() ? [] : [flags.join(' ')]),
  ];
}

import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { createFiles } from '../adapters/files/files';
import { archiveReaders, databases, loadReleases, loadSession, objectStores } from '../adapters/lazy';
import { fileAgreements } from '../adapters/secrets/agreements';
import { createCliSecrets } from '../adapters/secrets/cliSecrets';
import { certificates } from '../adapters/system/certificates';
import { sha256 } from '../adapters/system/sha256';
import { quote } from '../core/remote/shell';
import { machinesOf } from '../core/cluster/roles';
import { lineOf } from '../core/cluster/writtenAt';
import { ignoredIn } from '../core/language/hostFindings';
import type { IgnoresFinding } from '../engine/planning/situation';
import { questionLines } from '../engine/secrets/disclosureQuestion';
import type {
  AddressLook,
  DatabaseClients,
  DisclosureQuestion,
  Downloads,
  Handshakes,
  InstallScripts,
  Log,
  ObjectStores,
  ProgramDoor,
  ProgramQuestion,
  ReleaseFiles,
  RemoteHosts,
  RemoteShells,
  SecretDoor,
} from '../engine/ports';
import type { LocalFileDependencies } from '../engine/planning/localFiles';
import { createProgramDoor, programLines } from '../engine/secrets/programDoor';
import { createSecretDoor } from '../engine/secrets/secretDoor';
import { target } from '../engine/hosts/targets';
import type { Allowances } from './allowances';
import { NO_PROGRAMS, type ProgramAllowances } from './programAllowances';
import { agreementsPath, objectsFolder, releasesFolder, type ClusterFile } from './context';
import { tell } from './output';
import { isTerminal, question, terminalPrompter } from './questions';

/** The hosts of one cluster file and the door through which its secrets reach them, for one command. */
export interface Session extends Pick<LocalFileDependencies, 'artifacts' | 'certificates' | 'lineOf'> {
  readonly hosts: RemoteHosts & RemoteShells;
  readonly databases: DatabaseClients;
  readonly secrets: SecretDoor;
  readonly scripts: InstallScripts;
  readonly releases: ReleaseFiles;
  readonly objects: ObjectStores;
  readonly programs: ProgramDoor;
  readonly addresses: AddressLook;
  readonly downloads: Downloads;
  readonly handshakes: Handshakes;
  readonly ignores: IgnoresFinding;
  dispose(): Promise<void>;
}

/** Opens nothing yet: the first command connects, after the person has agreed to what the file gives to hosts. `signal` cuts questions off. */
export function openSession(
  file: ClusterFile,
  log: Log,
  allowed: Allowances,
  signal: AbortSignal,
  allowedPrograms: ProgramAllowances = NO_PROGRAMS,
): Session {
  const baseDir = dirname(resolve(file.path));
  const { cluster } = file;
  const agreements = fileAgreements(createFiles({ followLinks: () => false }), agreementsPath(file.path));
  const secrets = createSecretDoor({
    cluster,
    document: file.document,
    file: file.path,
    source: createCliSecrets({ baseDir, env: process.env }),
    agreements,
    sha256,
    ask: (asked) => ask(asked, signal),
    vouchedKeys: () => hosts.vouchedKeys(machinesOf(cluster).map(target)),
    allowed,
    nextSteps,
  });
  const adapters = loadSession();
  const hosts = adapters.createSshHosts({
    secrets,
    prompter: terminalPrompter(signal),
    log,
    baseDir,
    homeDir: homedir(),
    env: process.env,
    uploadLimit: cluster.k3s.install.uploadLimit,
  });
  const folders = { baseDir, homeDir: homedir() };
  const objects = objectStores(objectsFolder);
  return {
    hosts,
    databases,
    secrets,
    scripts: adapters.createInstallScripts(folders),
    releases: {
      binary: (wanted) =>
        loadReleases().createReleaseFiles({ folder: releasesFolder(), fetch: globalThis.fetch }).binary(wanted),
    },
    objects,
    programs: createProgramDoor({
      file: file.path,
      agreements,
      sha256,
      runner: adapters.createProgramRunner({ baseDir, env: process.env }),
      ask: (asked) => askPrograms(asked, signal),
      allowed: allowedPrograms,
      nextSteps: programSteps,
    }),
    addresses: adapters.addressLook,
    downloads: adapters.downloads,
    handshakes: adapters.handshakes,
    artifacts: adapters.createArtifacts(folders, archiveReaders),
    certificates,
    lineOf: (path) => lineOf(file.document, path),
    ignores: ignoredIn(file.document, cluster),
    dispose: async () => {
      await objects.dispose();
      await hosts.dispose();
    },
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

async function askPrograms(asked: ProgramQuestion, signal: AbortSignal): Promise<boolean> {
  if (!isTerminal()) return false;
  tell(`${asked.file} runs the following on this computer, as you:`);
  for (const line of programLines(asked)) tell(`  ${line}`);
  tell('Read each script before you agree.');
  return (await question('Agree, and remember it for exactly this (yes/no)? ', signal)).trim().toLowerCase() === 'yes';
}

function programSteps({ programs }: ProgramQuestion): readonly string[] {
  if (isTerminal()) return ['Read the scripts, then run the command again and agree if they are what you want.'];
  const flags = programs.map(({ name, sha256: hash }) => `--allow-programs ${quote(`${name}=${hash}`)}`);
  return [
    'Read the scripts. If they are what you want, run the command in a terminal and agree once, or add:',
    flags.join(' '),
  ];
}

import { createHash } from 'node:crypto';
import type { World } from '../world';
import type { PracticeHost } from '../machine/host';
import { fail, pause, type Command, type CommandRun } from './command';
import { noSpace } from './files';
import { runInstaller } from './installer';

/** What practice hosts find wherever an install script may be. It stands for the one of K3s, which is simulated. */
const SIMULATED_SCRIPT = '#!/bin/sh\n# the install script of K3s, simulated by the practice fleet of K3s HA\n';

/** An installation that goes on when the connection that asked for it is gone. */
interface Installation {
  /** sha256 of everything that it was given. */
  readonly inputs: string;
  readonly log: string[];
  readonly bootId: string;
  exitCode?: number;
}

/** The last installation of a host, as the script keeps it under /var/lib/k3s-ha. */
const STATE = '/var/lib/k3s-ha/install.log';

/** install-script-sha256: how to download; environment and address on standard input. */
export const installScriptHashCommand: Command = async (run) => {
  const { rest } = readInput(await run.stdin.text());
  if (!(await pause(run, 100))) return 255;
  const failure = downloadFailure(rest.trim());
  if (failure !== undefined) return fail(run, failure, 6);
  run.out(`${sha256(SIMULATED_SCRIPT)}  -\n`);
  return 0;
};

/** install-k3s: server or agent, number of bytes, `text` or how to download, sha256; environment and script or address on standard input. */
export const installCommand: Command = async (run) => {
  const { host, world } = run;
  if (run.user !== 'root') return fail(run, "mkdir: cannot create directory '/var/lib/k3s-ha': Permission denied");
  const last = host.files.get(STATE)?.meaning as Installation | undefined;
  if (host.diskFull) return fail(run, noSpace('cat'));
  const stdin = await run.stdin.text();
  if (Buffer.byteLength(stdin) !== Number(run.args[1]))
    return fail(run, "only a part of the installation's inputs arrived");
  const inputs = sha256(`${run.args.join('\n')}\n${stdin}`);
  const other = (): number => fail(run, 'an installation with other settings is running on this host', 95);
  let installation = last;
  if (last !== undefined && last.exitCode === undefined && last.bootId === host.bootId) {
    if (last.inputs !== inputs) return other();
    run.out('This installation is already running on this host; waiting for it.\n');
  } else installation = begin(run, inputs, stdin);
  if (installation === undefined) return 1;
  let shown = 0;
  for (;;) {
    const done = installation.exitCode !== undefined;
    if ((host.files.get(STATE)?.meaning as Installation | undefined)?.inputs !== inputs) return other();
    for (; shown < installation.log.length; shown += 1) run.out(`${installation.log[shown]}\n`);
    if (done) return installation.exitCode ?? 1;
    if (!(await pause(run, 200))) return 255;
    if (world.signal.aborted) return 255;
  }
};

function begin(run: CommandRun, inputs: string, stdin: string): Installation {
  const { host, world } = run;
  const installation: Installation = { inputs, log: [], bootId: host.bootId };
  host.files.write(STATE, '', { mode: 0o600, meaning: installation });
  install(world, host, run, stdin, installation)
    .then((exitCode) => {
      if (host.bootId === installation.bootId) installation.exitCode = exitCode;
    })
    .catch((error: unknown) => {
      if (!world.signal.aborted) throw error;
    });
  return installation;
}

async function install(
  world: World,
  host: PracticeHost,
  run: CommandRun,
  stdin: string,
  { log }: Installation,
): Promise<number> {
  const [role = 'server', , origin, wanted] = run.args;
  const { env, rest } = readInput(stdin);
  const failure = origin === 'text' ? undefined : downloadFailure(rest.trim());
  if (failure !== undefined) {
    log.push(failure, '[ERROR]  The install script could not be downloaded');
    return 6;
  }
  const got = sha256(origin === 'text' ? rest : SIMULATED_SCRIPT);
  if (got !== wanted) {
    log.push(`[ERROR]  The install script has the sha256 ${got}, not ${wanted}`);
    return 94;
  }
  if (!(await pause(run, 200))) return 255;
  return runInstaller({ host, env, args: [role], log: (line) => log.push(line), pause: (ms) => pause(run, ms) });
}

/** The variables before the first empty line of standard input, and what follows it. */
function readInput(stdin: string): { readonly env: Readonly<Record<string, string>>; readonly rest: string } {
  const end = stdin.startsWith('\n') ? 0 : stdin.indexOf('\n\n') + 1;
  const env: Record<string, string> = {};
  for (const line of stdin.slice(0, end).split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) env[line.slice(0, at)] = line.slice(at + 1);
  }
  return { env, rest: stdin.slice(end + 1) };
}

/** Why nothing can be downloaded from an address, in the words of curl. */
function downloadFailure(url: string): string | undefined {
  const name = /^https?:\/\/(?:[^@/]*@)?([^/:]+)/.exec(url)?.[1];
  if (name === undefined) return 'curl: (3) URL rejected';
  return name.endsWith('.invalid') ? `curl: (6) Could not resolve host: ${name}` : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

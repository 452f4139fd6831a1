import type { World } from '../world';
import type { PracticeHost } from '../machine/host';
import { fail, pause, type Command, type CommandRun } from './command';
import { noSpace } from './files';
import { runInstaller } from './installer';

/** An installation that goes on when the connection that asked for it is gone. */
interface Installation {
  readonly log: string[];
  readonly bootId: string;
  exitCode?: number;
}

/** The last installation of a host, as the script keeps it under /var/lib/k3s-ha. */
const STATE = '/var/lib/k3s-ha/install.log';

/** install-k3s: URL of the install script, server or agent, number of bytes; environment on standard input. */
export const installCommand: Command = async (run) => {
  const { host, world } = run;
  if (run.user !== 'root') return fail(run, "mkdir: cannot create directory '/var/lib/k3s-ha': Permission denied");
  const last = host.files.get(STATE)?.meaning as Installation | undefined;
  let installation = last;
  if (last !== undefined && last.exitCode === undefined && last.bootId === host.bootId)
    run.out('An installation is already running on this host; waiting for it.\n');
  else {
    if (host.diskFull) return fail(run, noSpace('cat'));
    const environment = await run.stdin.text();
    if (Buffer.byteLength(environment) !== Number(run.args[2]))
      return fail(run, 'only a part of the environment arrived');
    installation = begin(run, environment);
  }
  if (installation === undefined) return 1;
  let shown = 0;
  for (;;) {
    const done = installation.exitCode !== undefined;
    for (; shown < installation.log.length; shown += 1) run.out(`${installation.log[shown]}\n`);
    if (done) return installation.exitCode ?? 1;
    if (!(await pause(run, 200))) return 255;
    if (world.signal.aborted) return 255;
  }
};

function begin(run: CommandRun, environment: string): Installation {
  const { host, world } = run;
  const installation: Installation = { log: [], bootId: host.bootId };
  host.files.write(STATE, '', { mode: 0o600, meaning: installation });
  const [url = '', role = 'server'] = run.args;
  install(world, host, run, url, role, environment, installation)
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
  url: string,
  role: string,
  environment: string,
  { log }: Installation,
): Promise<number> {
  const name = /^https?:\/\/([^/:]+)/.exec(url)?.[1];
  if (name === undefined || name.endsWith('.invalid')) {
    log.push(
      name === undefined ? `curl: (3) URL rejected: ${url}` : `curl: (6) Could not resolve host: ${name}`,
      `[ERROR]  The install script could not be downloaded from ${url}`,
    );
    return 6;
  }
  const env: Record<string, string> = {};
  for (const line of environment.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) env[line.slice(0, at)] = line.slice(at + 1);
  }
  if (!(await pause(run, 200))) return 255;
  return runInstaller({ host, env, args: [role], log: (line) => log.push(line), pause: (ms) => pause(run, ms) });
}

import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { createLimiter } from './limiter';
import { expandPath } from './paths';
import { readSshConfigFiles, type ConfigLine } from './sshConfigFile';

/** What ssh_config says about one host; see ssh_config(5). Paths are absolute. */
export interface SshConfig {
  readonly hostName: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles: readonly string[];
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** As written: a path, `none`, `SSH_AUTH_SOCK` or `$NAME`. */
  readonly identityAgent?: string;
  readonly proxyJump?: string;
  readonly proxyCommand?: string;
  readonly hostKeyAlias?: string;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly hashKnownHosts: boolean;
  readonly strictHostKeyChecking: 'ask' | 'yes' | 'accept-new';
  readonly connectTimeoutMs?: number;
}

export interface SshConfigSource {
  /** The configuration of `host` as ssh itself sees it, with the user and port of a command line if given. */
  read(host: string, overrides: { readonly user?: string; readonly port?: number }): Promise<Result<SshConfig, Problem>>;
}

interface Environment {
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
  /** Ends the `ssh -G` that are asked right now. */
  readonly disposed?: AbortSignal;
}

/** ssh spends about 13 ms of a processor on each answer; more at once only makes all of them late. */
const SSH_PROCESSES = 4;
const SSH_ANSWER_MS = 3_000;

/** File names that ssh tries when nothing is configured. */
export const DEFAULT_IDENTITIES: readonly string[] = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'];

/** Asks `ssh -G`; where there is no ssh program, the files are read by a parser of our own. */
export function createSshConfigSource(environment: Environment): SshConfigSource {
  const processes = createLimiter(SSH_PROCESSES);
  let sshMissing = false;

  const askSsh = async (host: string, options: readonly string[]): Promise<Result<readonly ConfigLine[], Problem> | undefined> => {
    const release = await processes.acquire();
    try {
      const answer = await runSsh([...options, '--', host], environment);
      if (answer.kind === 'missing') sshMissing = true;
      if (answer.kind === 'missing') return undefined;
      if (answer.kind === 'failed') {
        return err(problem('ssh-config-invalid', `ssh cannot read its configuration for ${host}.`, {
          why: answer.reason,
          nextSteps: [`Run \`ssh -G ${host}\` in a terminal and correct the line that it names in ~/.ssh/config.`],
        }));
      }
      return ok(answer.lines);
    } finally {
      release();
    }
  };

  return {
    async read(host, overrides) {
      const options = ['-G', ...homeOptions(environment.homeDir)];
      if (overrides.user !== undefined) options.push('-l', overrides.user);
      if (overrides.port !== undefined) options.push('-p', String(overrides.port));
      const answer = sshMissing ? undefined : await askSsh(host, options);
      if (answer?.ok === false) return answer;
      const lines = answer?.value ?? (await readSshConfigFiles(host, environment));
      return ok(interpret(host, lines, environment));
    },
  };
}

/**
 * ssh takes the home directory from the password database and not from HOME, so a different home has to be named.
 * The system-wide file is not read then; that only happens where somebody moved their home on purpose.
 */
function homeOptions(homeDir: string): readonly string[] {
  return homeDir === systemHome() ? [] : ['-F', join(homeDir, '.ssh', 'config')];
}

function systemHome(): string {
  return userInfo().homedir;
}

type SshAnswer = { readonly kind: 'lines'; readonly lines: readonly ConfigLine[] } | { readonly kind: 'missing' } | { readonly kind: 'failed'; readonly reason: string };

function runSsh(args: readonly string[], { env, disposed }: Environment): Promise<SshAnswer> {
  return new Promise((resolve) => {
    const child = execFile('ssh', [...args], { env: { ...env }, timeout: SSH_ANSWER_MS, windowsHide: true, ...(disposed === undefined ? {} : { signal: disposed }) }, (error, stdout, stderr) => {
      if (error === null) {
        const lines = stdout.split(/\r?\n/).flatMap((line) => {
          const space = line.indexOf(' ');
          return space < 0 ? [] : [{ keyword: line.slice(0, space).toLowerCase(), value: line.slice(space + 1) }];
        });
        resolve({ kind: 'lines', lines });
      } else if (error.code === 'ENOENT') resolve({ kind: 'missing' });
      else if (/can't open user config file/i.test(stderr)) resolve({ kind: 'lines', lines: [] });
      else resolve({ kind: 'failed', reason: error.killed === true ? `ssh -G gave no answer within ${SSH_ANSWER_MS / 1000} s.` : stderr.trim() || error.message });
    });
    child.stdin?.end();
  });
}

function interpret(host: string, lines: readonly ConfigLine[], { homeDir, env }: Environment): SshConfig {
  const first = (keyword: string): string | undefined => lines.find((line) => line.keyword === keyword)?.value;
  const all = (keyword: string): string[] => lines.filter((line) => line.keyword === keyword).map((line) => line.value);
  const given = (keyword: string): string | undefined => {
    const value = first(keyword);
    return value === undefined || value.toLowerCase() === 'none' ? undefined : value;
  };
  const user = first('user');
  const port = first('port');
  const hostName = first('hostname') ?? host;
  const tokens = { d: homeDir, h: hostName, n: host, r: user ?? userInfo().username, u: userInfo().username };
  const path = (text: string): string => movedHome(expandPath(text, { homeDir, env, tokens, baseDir: homeDir }), homeDir);
  const paths = (keyword: string, fallback: readonly string[]): readonly string[] => {
    const values = all(keyword).flatMap(splitPaths).filter((value) => value.toLowerCase() !== 'none');
    return (first(keyword) === undefined ? fallback : values).map(path);
  };
  const seconds = Number(given('connecttimeout'));
  const optional = { user, port: port === undefined ? undefined : Number(port), identityAgent: first('identityagent'), proxyJump: given('proxyjump'), proxyCommand: given('proxycommand'), hostKeyAlias: given('hostkeyalias'), connectTimeoutMs: seconds > 0 ? seconds * 1000 : undefined };
  return {
    ...withoutUndefined(optional),
    hostName,
    identityFiles: first('identityfile') === undefined ? DEFAULT_IDENTITIES.map((name) => join(homeDir, '.ssh', name)) : all('identityfile').filter((value) => value.toLowerCase() !== 'none').map(path),
    certificateFiles: all('certificatefile').map(path),
    identitiesOnly: first('identitiesonly') === 'yes',
    userKnownHostsFiles: paths('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    globalKnownHostsFiles: paths('globalknownhostsfile', process.platform === 'win32' ? [] : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    hashKnownHosts: first('hashknownhosts') === 'yes',
    strictHostKeyChecking: strictness(first('stricthostkeychecking')),
  };
}

/** `no` and `off` would also accept a changed key; that is never done here, so they mean "accept a new one". */
function strictness(value: string | undefined): SshConfig['strictHostKeyChecking'] {
  if (value === 'yes' || value === 'true') return 'yes';
  return value === 'accept-new' || value === 'no' || value === 'off' || value === 'false' ? 'accept-new' : 'ask';
}

/** `ssh -G` prints several paths on one line without quotes: a path begins where a root, a home or a drive begins. */
function splitPaths(value: string): readonly string[] {
  return value.split(/\s+(?=[/~%$]|[A-Za-z]:[\\/]|none$)/);
}

/** ssh -G has already expanded `~` to the home of the password database. */
function movedHome(path: string, homeDir: string): string {
  const system = join(systemHome(), '.ssh');
  return path.startsWith(system) ? join(homeDir, '.ssh', path.slice(system.length)) : path;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Present<T>;
}

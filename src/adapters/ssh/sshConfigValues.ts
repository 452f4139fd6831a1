import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join, sep } from 'node:path';
import type { AlgorithmLists } from './algorithms';
import { expandPath } from './paths';
import type { ConfigLine } from './sshConfigFile';

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
  /** Something besides known_hosts vouches for host keys. */
  readonly knownHostsCommand: boolean;
  readonly gssapi: boolean;
  /** Socket at which a connection of the person's own `ssh` to this host is shared. */
  readonly controlPath?: string;
  readonly hostKeyAlias?: string;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  /** A key in one of them is refused, and so is every key when one of them cannot be read. */
  readonly revokedHostKeysFiles: readonly string[];
  readonly algorithms: AlgorithmLists;
  readonly hashKnownHosts: boolean;
  readonly strictHostKeyChecking: 'ask' | 'yes' | 'accept-new';
  readonly connectTimeoutMs?: number;
}

/** What the cluster file sets and a command line of ssh would. */
export interface Overrides {
  readonly user?: string;
  readonly port?: number;
}

interface Environment {
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** File names that ssh tries when nothing is configured. */
export const DEFAULT_IDENTITIES: readonly string[] = [
  'id_rsa',
  'id_ecdsa',
  'id_ecdsa_sk',
  'id_ed25519',
  'id_ed25519_sk',
];

/** The settings in `lines` for `host`, with ssh's own defaults for what they leave out. */
export function interpret(
  host: string,
  lines: readonly ConfigLine[],
  overrides: Overrides,
  { homeDir, env }: Environment,
): SshConfig {
  const first = (keyword: string): string | undefined => lines.find((line) => line.keyword === keyword)?.value;
  const all = (keyword: string): string[] => lines.filter((line) => line.keyword === keyword).map((line) => line.value);
  const given = (keyword: string): string | undefined => {
    const value = first(keyword);
    return value === undefined || value.toLowerCase() === 'none' ? undefined : value;
  };
  const user = first('user');
  const port = first('port');
  const hostName = first('hostname') ?? host;
  const tokens = tokensOf({
    d: homeDir,
    h: hostName,
    n: host,
    k: given('hostkeyalias') ?? host,
    p: String(overrides.port ?? port ?? 22),
    r: overrides.user ?? user ?? userInfo().username,
    u: userInfo().username,
    i: String(process.getuid?.() ?? ''),
    l: hostname(),
    j: '',
  });
  const path = (text: string): string =>
    movedHome(expandPath(text, { homeDir, env, tokens, baseDir: homeDir }), homeDir);
  const paths = (keyword: string, fallback: readonly string[]): readonly string[] => {
    const values = all(keyword)
      .flatMap(splitPaths)
      .filter((value) => value.toLowerCase() !== 'none');
    return (first(keyword) === undefined ? fallback : values).map(path);
  };
  const seconds = Number(given('connecttimeout'));
  const controlPath = given('controlpath');
  const optional = {
    controlPath: controlPath === undefined ? undefined : path(controlPath),
    user,
    port: port === undefined ? undefined : Number(port),
    identityAgent: first('identityagent'),
    proxyJump: given('proxyjump'),
    proxyCommand: given('proxycommand'),
    hostKeyAlias: given('hostkeyalias'),
    connectTimeoutMs: seconds > 0 ? seconds * 1000 : undefined,
  };
  return {
    ...withoutUndefined(optional),
    hostName,
    identityFiles:
      first('identityfile') === undefined
        ? DEFAULT_IDENTITIES.map((name) => join(homeDir, '.ssh', name))
        : all('identityfile')
            .filter((value) => value.toLowerCase() !== 'none')
            .map(path),
    certificateFiles: all('certificatefile').map(path),
    identitiesOnly: first('identitiesonly') === 'yes',
    knownHostsCommand:
      given('knownhostscommand') !== undefined || /^(yes|true|ask)$/.test(first('verifyhostkeydns') ?? ''),
    gssapi: first('gssapiauthentication') === 'yes',
    userKnownHostsFiles: paths('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    globalKnownHostsFiles: paths(
      'globalknownhostsfile',
      process.platform === 'win32' ? [] : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
    ),
    revokedHostKeysFiles: paths('revokedhostkeys', []),
    algorithms: withoutUndefined({
      hostKeyAlgorithms: first('hostkeyalgorithms'),
      kexAlgorithms: first('kexalgorithms'),
      ciphers: first('ciphers'),
      macs: first('macs'),
      pubkeyAcceptedAlgorithms: first('pubkeyacceptedalgorithms') ?? first('pubkeyacceptedkeytypes'),
    }),
    hashKnownHosts: first('hashknownhosts') === 'yes',
    strictHostKeyChecking: strictness(first('stricthostkeychecking')),
  };
}

/** `no` and `off` would also accept a changed key; that is never done here, so they mean "accept a new one". */
function strictness(value: string | undefined): SshConfig['strictHostKeyChecking'] {
  if (value === 'yes' || value === 'true') return 'yes';
  return value === 'accept-new' || value === 'no' || value === 'off' || value === 'false' ? 'accept-new' : 'ask';
}

/** Percent tokens of ssh_config(5), "TOKENS", that are made of others: `%L`, and `%C` for the connection. */
function tokensOf<
  T extends { readonly l: string; readonly h: string; readonly p: string; readonly r: string; readonly j: string },
>(tokens: T): T & { readonly L: string; readonly C: string } {
  const { l, h, p, r, j } = tokens;
  return { ...tokens, L: l.split('.')[0] ?? '', C: createHash('sha1').update(`${l}${h}${p}${r}${j}`).digest('hex') };
}

/** `ssh -G` prints several paths on one line without quotes: a path begins where a root, a home or a drive begins. */
function splitPaths(value: string): readonly string[] {
  return value.split(/\s+(?=[/~%$]|[A-Za-z]:[\\/]|none$)/);
}

/** ssh -G has already expanded `~` to the home of the password database. */
function movedHome(path: string, homeDir: string): string {
  const system = join(userInfo().homedir, '.ssh');
  return path.startsWith(system + sep) ? join(homeDir, '.ssh', path.slice(system.length)) : path;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Present<T>;
}

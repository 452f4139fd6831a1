import { userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { SshSettings } from '../../core/cluster/cluster';
import type { MachineAddress } from '../../engine/ports';
import { contains } from '../files/realPath';
import type { AlgorithmLists } from './algorithms';
import { onlySystemSsh } from './clientChoice';
import { ownControlPath } from './controlPath';
import { proxyCommandProblem, refuseHostName, refuseSettings } from './hopProblems';
import { knownHostName } from './knownHosts';
import type { KnownHostsFiles } from './knownHostsFiles';
import { expandPath } from './paths';
import type { SshConfigSource } from './sshConfig';
import { DEFAULT_IDENTITIES, type SshConfig } from './sshConfigValues';

/** One SSH server on the way to a host, with everything needed to log in to it. */
export interface Hop {
  /** The machine of the cluster file that this hop is for; absent for a jump host. */
  readonly machine?: MachineAddress;
  /** Equal for two targets that can share a connection. */
  readonly key: string;
  /** As it is written in the cluster file or as a jump host: what ssh_config is asked about. */
  readonly name: string;
  /** Whose SSH logs in. */
  readonly client: 'builtin' | 'openssh';
  /** `proxyJump: none`: whatever ssh_config says, there is nothing in between. */
  readonly direct: boolean;
  /** `user@host`, with `:port` when it is not 22: how people and messages name it. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly IdentityFile[];
  readonly certificateFiles: readonly string[];
  /** Where the person's own `ssh` shares its connection to this very host. */
  readonly controlPath?: string;
  readonly identitiesOnly: boolean;
  /** Socket or pipe of the agent, if there is one. */
  readonly agentSocket?: string;
  readonly hostKeyAlias?: string;
  /** Of the person, from ssh_config; new keys are written to the first one. */
  readonly knownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  /** Named in the cluster file: read, never written, and never enough to trust a key. */
  readonly fileKnownHosts: readonly string[];
  readonly revokedHostKeysFiles: readonly string[];
  readonly algorithms: AlgorithmLists;
  readonly hashKnownHosts: boolean;
  readonly strictHostKeyChecking: SshConfig['strictHostKeyChecking'];
  readonly connectTimeoutMs?: number;
  /** References or literals from the cluster file; a jump host never gets the password of the host behind it. */
  readonly password?: string;
  readonly passphrase?: string;
  readonly sudoPassword?: string;
  /** The server that is logged in to first. */
  readonly via?: Hop;
}

export interface IdentityFile {
  readonly path: string;
  /** Named in the cluster file, so a missing file is worth a word. */
  readonly explicit: boolean;
  /** The folder of the cluster file, for a path in it: a link must not lead out of it to a key that the path does not show. */
  readonly inside?: string;
}

interface Context {
  readonly config: SshConfigSource;
  readonly baseDir: string;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this machine has an `ssh` that can share its connection. */
  readonly hasSystemSsh: () => Promise<boolean>;
  readonly knownHosts: KnownHostsFiles;
  readonly onChoice: (message: string) => void;
}

/** More jumps than anybody has; a longer chain is a loop in ssh_config. */
const MAX_JUMPS = 8;

/**
 * The way to `host`: settings of the cluster file first, then ssh_config, then ssh's defaults. One client goes the whole
 * way: what it takes for one of the servers on it, it takes for all.
 */
export async function resolveHop(host: string, settings: SshSettings, context: Context): Promise<Result<Hop, Problem>> {
  const found = await resolve(host, settings, settings.proxyJump, context, 0);
  if (!found.ok) return found;
  const way: Hop[] = [];
  for (let hop: Hop | undefined = found.value; hop !== undefined; hop = hop.via) way.push(hop);
  return way.some(({ client }) => client === 'openssh') ? ok(bySystemSsh(found.value)) : found;
}

function bySystemSsh(hop: Hop): Hop {
  return withKey({ ...hop, client: 'openssh', ...(hop.via === undefined ? {} : { via: bySystemSsh(hop.via) }) });
}

async function resolve(
  host: string,
  settings: SshSettings,
  jump: string | undefined,
  context: Context,
  depth: number,
): Promise<Result<Hop, Problem>> {
  const refused = refuseSettings(host, settings, context);
  if (refused !== undefined) return err(refused);
  if (depth > MAX_JUMPS) {
    return err(
      problem('ssh-jump-loop', `The jump hosts on the way to ${host} form a loop.`, {
        nextSteps: ['Check ProxyJump in ~/.ssh/config and `ssh.proxyJump` in the cluster file.'],
      }),
    );
  }
  const read = await context.config.read(host, settings);
  if (!read.ok) return read;
  const config = read.value;
  const wrongName = refuseHostName(config.hostName);
  if (wrongName !== undefined) return err(wrongName);
  const proxyJump = jump ?? config.proxyJump;
  const via =
    proxyJump === undefined || proxyJump.toLowerCase() === 'none'
      ? ok(undefined)
      : await resolveJumps(proxyJump, settings, context, depth + 1);
  if (!via.ok) return via;
  const built = buildHop(host, config, settings, context, via.value);
  const controlPath = jump === undefined ? ownControlPath(built, config) : undefined;
  const hop: Hop = {
    ...built,
    direct: proxyJump?.toLowerCase() === 'none',
    ...(controlPath === undefined ? {} : { controlPath }),
  };
  const client = await chooseClient(hop, config, settings, context);
  return client.ok ? ok(withKey({ ...hop, client: client.value })) : client;
}

/** The built-in client wherever it can: it asks for passwords and passphrases, and works on every system. */
async function chooseClient(
  hop: Hop,
  config: SshConfig,
  { client = 'auto' }: SshSettings,
  { env, hasSystemSsh, knownHosts, onChoice }: Context,
): Promise<Result<Hop['client'], Problem>> {
  if (client === 'openssh') return ok('openssh');
  const jumps = hop.via !== undefined || hop.direct;
  const { agentSocket, identityFiles, controlPath } = hop;
  if (client === 'auto' && (await hasSystemSsh())) {
    const reason = await onlySystemSsh({
      config,
      agentSocket,
      identityFiles,
      knownAs: hop.hostKeyAlias?.toLowerCase() ?? knownHostName(hop.host, hop.port),
      knownHosts,
      controlPath,
      jumps,
      env,
    });
    if (reason === undefined) return ok('builtin');
    onChoice(`${hop.label} is reached by the system's ssh: ${reason}.`);
    return ok('openssh');
  }
  return config.proxyCommand === undefined || jumps ? ok('builtin') : err(proxyCommandProblem(hop.name));
}

/** The last of `a,b` is the one that reaches the host; what stands before it is the way there, as `ssh -J` has it. */
async function resolveJumps(
  proxyJump: string,
  settings: SshSettings,
  context: Context,
  depth: number,
): Promise<Result<Hop, Problem>> {
  const comma = proxyJump.lastIndexOf(',');
  const jump = parseJump(proxyJump.slice(comma + 1).trim());
  if (jump === undefined) {
    return err(
      problem('ssh-host-invalid', `"${proxyJump}" does not name jump hosts.`, {
        nextSteps: ['Write `proxyJump` as [user@]host[:port], several separated by commas.'],
      }),
    );
  }
  const own: SshSettings = {
    identityFiles: settings.identityFiles,
    ...(jump.user === undefined ? {} : { user: jump.user }),
    ...(jump.port === undefined ? {} : { port: jump.port }),
    ...(settings.passphrase === undefined ? {} : { passphrase: settings.passphrase }),
    ...(settings.knownHostsFile === undefined ? {} : { knownHostsFile: settings.knownHostsFile }),
    ...(settings.client === undefined ? {} : { client: settings.client }),
  };
  return resolve(jump.host, own, comma < 0 ? undefined : proxyJump.slice(0, comma), context, depth);
}

/** `[ssh://][user@]host[:port]`, with an IPv6 address in brackets when a port follows. */
function parseJump(
  text: string,
): { readonly host: string; readonly user?: string; readonly port?: number } | undefined {
  const match = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^\s:]+)|([0-9a-fA-F:]+))(?::(\d+))?\/?$/.exec(text);
  const host = match?.[2] ?? match?.[3] ?? match?.[4];
  if (host === undefined) return undefined;
  return {
    host,
    ...(match?.[1] === undefined ? {} : { user: match[1] }),
    ...(match?.[5] === undefined ? {} : { port: Number(match[5]) }),
  };
}

/** Hops of one key share a connection. To the system's ssh the name says more than what we know of it. */
function withKey(hop: Hop): Hop {
  const { via, label, identityFiles, fileKnownHosts, password, passphrase, sudoPassword, client, name } = hop;
  const ours = [via?.key, label, identityFiles, fileKnownHosts, password, passphrase, sudoPassword];
  return { ...hop, key: JSON.stringify(client === 'openssh' ? [...ours, client, name] : ours) };
}

function buildHop(name: string, config: SshConfig, settings: SshSettings, context: Context, via: Hop | undefined): Hop {
  const user = settings.user ?? config.user ?? userInfo().username;
  const port = settings.port ?? config.port ?? 22;
  const host = config.hostName;
  // Of the environment a cluster file may name the home folder only: a path is told in messages and logs.
  const path = (text: string): string => expandPath(text, { ...context, env: { HOME: context.homeDir } });
  const identityFiles = chooseIdentities(
    settings.identityFiles.map((text) => namedKey(text, path(text), context.baseDir)),
    config.identityFiles,
    context.homeDir,
  );
  const fileKnownHosts = settings.knownHostsFile === undefined ? [] : [path(settings.knownHostsFile)];
  const agentSocket = findAgent(config.identityAgent, context);
  const { password, passphrase, sudoPassword } = settings;
  const label = `${user}@${host.includes(':') && port !== 22 ? `[${host}]` : host}${port === 22 ? '' : `:${port}`}`;
  return {
    key: '',
    name,
    client: 'builtin',
    direct: false,
    label,
    host,
    port,
    user,
    identityFiles,
    certificateFiles: config.certificateFiles,
    identitiesOnly: config.identitiesOnly,
    knownHostsFiles: config.userKnownHostsFiles,
    globalKnownHostsFiles: config.globalKnownHostsFiles,
    fileKnownHosts,
    revokedHostKeysFiles: config.revokedHostKeysFiles,
    algorithms: config.algorithms,
    hashKnownHosts: config.hashKnownHosts,
    strictHostKeyChecking: config.strictHostKeyChecking,
    ...(agentSocket === undefined ? {} : { agentSocket }),
    ...(config.hostKeyAlias === undefined ? {} : { hostKeyAlias: config.hostKeyAlias }),
    ...(config.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: config.connectTimeoutMs }),
    ...(password === undefined ? {} : { password }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(sudoPassword === undefined ? {} : { sudoPassword }),
    ...(via === undefined ? {} : { via }),
  };
}

/** A key of the cluster file. A path that begins with / or ~ or leads out by .. shows where it leads; any other one stays inside. */
function namedKey(text: string, path: string, baseDir: string): IdentityFile {
  const shows = isAbsolute(text) || text.startsWith('~') || !contains(baseDir, path);
  return { path, explicit: true, ...(shows ? {} : { inside: baseDir }) };
}

/** Keys of the cluster file come first and, as with `ssh -i`, replace the default ones but not those of ssh_config. */
function chooseIdentities(
  explicit: readonly IdentityFile[],
  configured: readonly string[],
  homeDir: string,
): readonly IdentityFile[] {
  const isDefault = (path: string): boolean =>
    dirname(path) === join(homeDir, '.ssh') && [...DEFAULT_IDENTITIES, 'id_dsa', 'id_xmss'].includes(basename(path));
  const others = configured.filter(
    (path) => explicit.every((key) => key.path !== path) && (explicit.length === 0 || !isDefault(path)),
  );
  return [...explicit, ...others.map((path) => ({ path, explicit: false }))];
}

const WINDOWS_AGENT = '//./pipe/openssh-ssh-agent';

function findAgent(setting: string | undefined, context: Context): string | undefined {
  const fromEnvironment = context.env['SSH_AUTH_SOCK'] || (process.platform === 'win32' ? WINDOWS_AGENT : undefined);
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') return fromEnvironment;
  if (setting.toLowerCase() === 'none') return undefined;
  if (/^\$\w+$/.test(setting)) return context.env[setting.slice(1)];
  return /^[/\\]{2}\.[/\\]pipe[/\\]/.test(setting)
    ? setting
    : expandPath(setting, { ...context, baseDir: context.homeDir });
}

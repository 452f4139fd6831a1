import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { shellWord } from '../../../core/remote/shell';
import type { Hop } from '../hops';

/** Whom to believe: the person's own known_hosts, exactly one key, or whoever answers, to see which key it has. */
export type Trust =
  | { readonly kind: 'own' }
  | { readonly kind: 'pinned'; readonly file: string; readonly algorithms: string }
  | { readonly kind: 'look'; readonly file: string; readonly algorithms: string };

export interface Way {
  /** The absolute path of ssh. */
  readonly program: string;
  readonly homeDir: string;
  /** Where the connection is shared. */
  readonly controlPath: string;
  /** The control socket of the jump host's connection, if there is one. */
  readonly through: string | undefined;
  /** Key files of the cluster file that may be used. */
  readonly keys: readonly string[];
  readonly connectMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveCount: number;
}

/** The name under which the one key is listed that is believed or looked at. */
export const PINNED = 'k3s-ha-host';

/** Seconds that a connection outlives the program that used it, should that be killed. */
const PERSIST_S = 10;

/**
 * The arguments of an ssh that logs in, shares its connection and goes into the background. What the cluster file says is
 * given by options; everything else is as the person's ssh_config has it. No word of the cluster file is a program.
 */
export async function masterArguments(hop: Hop, way: Way, trust: Trust): Promise<readonly string[]> {
  const moved = way.homeDir !== userInfo().homedir;
  return [
    '-v',
    '-N',
    ...(await configFile(way.homeDir)),
    ...(trust.kind === 'look'
      ? [
          '-S',
          'none',
          ...options({ ControlMaster: 'no', PubkeyAuthentication: 'no', PreferredAuthentications: 'none' }),
        ]
      : ['-M', '-S', tokenFree(way.controlPath), ...options({ ControlPersist: String(PERSIST_S) })]),
    ...options({
      BatchMode: 'yes',
      ServerAliveInterval: String(Math.max(1, Math.round(way.keepaliveMs / 1000))),
      ServerAliveCountMax: String(way.keepaliveCount),
      ClearAllForwardings: 'yes',
      ForwardAgent: 'no',
      ForwardX11: 'no',
      PermitLocalCommand: 'no',
      RemoteCommand: 'none',
      UpdateHostKeys: 'no',
      ...(hop.connectTimeoutMs === undefined
        ? { ConnectTimeout: String(Math.max(1, Math.ceil(way.connectMs / 1000))) }
        : {}),
      ...proxy(hop, way),
      ...trusting(trust),
      ...(moved && trust.kind === 'own' ? { UserKnownHostsFile: hop.knownHostsFiles.map(quoted).join(' ') } : {}),
      // A full agent would use up the attempts of the host before the key that the cluster file names.
      ...(way.keys.length > 0 ? { IdentitiesOnly: 'yes' } : {}),
    }),
    ...way.keys.flatMap((path) => ['-i', tokenFree(path)]),
    ...(moved
      ? hop.identityFiles
          .filter(({ explicit }) => !explicit)
          .flatMap(({ path }) => options({ IdentityFile: quoted(path) }))
      : []),
    '-l',
    hop.user,
    '-p',
    String(hop.port),
    '--',
    hop.name,
  ];
}

/** ssh takes the home folder from the password database; another one is named, and may have no configuration. */
async function configFile(homeDir: string): Promise<readonly string[]> {
  if (homeDir === userInfo().homedir) return [];
  const path = join(homeDir, '.ssh', 'config');
  return [
    '-F',
    await access(path).then(
      () => path,
      () => 'none',
    ),
  ];
}

function proxy(hop: Hop, { program, through }: Way): Readonly<Record<string, string>> {
  if (hop.via === undefined) return hop.direct ? { ProxyCommand: 'none' } : {};
  const host = hop.host.includes(':') ? `[${hop.host}]` : hop.host;
  // The shared connection or nothing: without it this ssh would log in by itself.
  const words = [
    program,
    '-F',
    'none',
    '-S',
    through ?? '',
    '-o',
    'ProxyCommand=false',
    '-W',
    `${host}:${hop.port}`,
    '--',
    hop.via.host,
  ];
  return { ProxyCommand: tokenFree(words.map(shellWord).join(' ')) };
}

function trusting(trust: Trust): Readonly<Record<string, string>> {
  if (trust.kind === 'own') return { StrictHostKeyChecking: 'yes' };
  return {
    StrictHostKeyChecking: trust.kind === 'look' ? 'accept-new' : 'yes',
    UserKnownHostsFile: quoted(trust.file),
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: PINNED,
    HostKeyAlgorithms: trust.algorithms,
    HashKnownHosts: 'no',
    CheckHostIP: 'no',
    VerifyHostKeyDNS: 'no',
    // OpenSSH before 8.4 does not know it.
    IgnoreUnknown: 'KnownHostsCommand',
    KnownHostsCommand: 'none',
    ...(trust.kind === 'look' ? { RevokedHostKeys: 'none' } : {}),
  };
}

function options(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** A path as one word of ssh_config. */
function quoted(path: string): string {
  return `"${tokenFree(path)}"`;
}

/** ssh fills in what stands after %. */
function tokenFree(text: string): string {
  return text.replaceAll('%', '%%');
}

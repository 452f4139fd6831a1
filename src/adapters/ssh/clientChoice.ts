import { access, open } from 'node:fs/promises';
import { connect } from 'node:net';
import { listAgentKeys } from './agent';
import { entriesFor } from './knownHosts';
import type { KnownHostsFiles } from './knownHostsFiles';
import type { SshConfig } from './sshConfigValues';

interface Circumstances {
  readonly config: SshConfig;
  readonly agentSocket: string | undefined;
  readonly identityFiles: readonly { readonly path: string; readonly explicit: boolean }[];
  /** The name of the host in known_hosts, and who reads these. */
  readonly knownAs: string;
  readonly knownHosts: KnownHostsFiles;
  /** Where the person's own `ssh` shares its connection to this very host, if it may be used. */
  readonly controlPath: string | undefined;
  /** A jump host that the cluster file names takes the place of a ProxyCommand. */
  readonly jumps: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What of a host's login only the system's `ssh` can do, in words; undefined where the built-in client can do it. */
export async function onlySystemSsh({
  config,
  agentSocket,
  identityFiles,
  knownAs,
  knownHosts,
  controlPath,
  jumps,
  env,
}: Circumstances): Promise<string | undefined> {
  if (config.proxyCommand !== undefined && !jumps) return 'a ProxyCommand leads there';
  if (controlPath !== undefined && (await isListening(controlPath)))
    return `your own ssh is connected there and shares that (${controlPath})`;
  if (await hasAuthority(config, knownAs, knownHosts))
    return 'an authority of your known_hosts (@cert-authority) vouches for its key';
  if (config.knownHostsCommand) return 'KnownHostsCommand or VerifyHostKeyDNS tells its host key';

  const certificates = [...config.certificateFiles, ...identityFiles.map(({ path }) => `${path}-cert.pub`)];
  const certificate = (await Promise.all(certificates.map(isThere))).findIndex(Boolean);
  if (certificate >= 0) return `${certificates[certificate] ?? ''} is a certificate`;
  const kinds = await Promise.all(
    identityFiles.map(async ({ path, explicit }) => ({ path, explicit, kind: await kindOf(path) })),
  );
  const named = kinds.find(({ explicit, kind }) => explicit && kind === 'security-key');
  if (named !== undefined) return `${named.path} is a security key`;

  const listed = agentSocket === undefined ? [] : await listAgentKeys(agentSocket);
  const held = typeof listed === 'string' ? [] : listed;
  if (held.some(({ type }) => type.includes('-cert-'))) return 'the agent holds a certificate';
  // What can be tried without a touch is tried; ssh would do the same.
  if (kinds.some(({ kind }) => kind === 'plain') || held.some(({ key }) => key !== undefined)) return undefined;
  const key = kinds.find(({ kind }) => kind === 'security-key')?.path;
  if (key !== undefined) return `${key} is a security key`;
  if (held.some(({ type }) => type.startsWith('sk-'))) return 'the agent holds a security key';
  if (config.gssapi && (await hasTicket(env))) return 'GSSAPIAuthentication is set, and you have a Kerberos ticket';
  return undefined;
}

/** Only a host certificate would make the host known. */
async function hasAuthority(config: SshConfig, name: string, files: KnownHostsFiles): Promise<boolean> {
  const read = await files.read([...config.userKnownHostsFiles, ...config.globalKnownHostsFiles]);
  const entries = read.ok ? entriesFor(read.value, name) : [];
  return (
    entries.every(({ marker }) => marker !== undefined) && entries.some(({ marker }) => marker === 'cert-authority')
  );
}

/** A socket that nobody listens at any more was left by an ssh that was killed. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true)).once('error', () => finish(false));
  });
}

async function kindOf(path: string): Promise<'absent' | 'plain' | 'security-key'> {
  const text = (await beginning(`${path}.pub`)) ?? (await beginning(path));
  if (text === undefined) return 'absent';
  return /^sk-/.test(text) ? 'security-key' : 'plain';
}

/** The first bytes of a regular file. */
async function beginning(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** A ticket cache of MIT Kerberos: the one that the environment names, or the usual file. Whether it is valid, ssh will see. */
async function hasTicket(env: Circumstances['env']): Promise<boolean> {
  return env['KRB5CCNAME'] !== undefined || isThere(`/tmp/krb5cc_${process.getuid?.() ?? ''}`);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import type { SshConfig } from './sshConfigValues';

/** Where a connection is to lead, as `ssh` knows it. */
interface Goal {
  readonly host: string;
  readonly name: string;
  readonly user: string;
  readonly hostKeyAlias?: string;
}

/** `%C`, which stands for the whole way. */
const HASH = /[0-9a-f]{40}/;

/**
 * Where the person's own `ssh` shares its connection to a host. A path that is the same for several hosts or several users could
 * lead somewhere else, and is not used: what is sent there is meant for this host and this user.
 */
export function ownControlPath(
  { host, name, user, hostKeyAlias }: Goal,
  { controlPath }: Pick<SshConfig, 'controlPath'>,
): string | undefined {
  if (controlPath === undefined || process.platform === 'win32') return undefined;
  const last = controlPath.slice(controlPath.lastIndexOf('/') + 1);
  if (HASH.test(last)) return controlPath;
  const namesHost = [host, name, hostKeyAlias].some((one) => one !== undefined && last.includes(one));
  return namesHost && last.includes(user) ? controlPath : undefined;
}

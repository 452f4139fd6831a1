import { problem, type Problem } from '../../core/base/problem';
import type { SshSettings } from '../../core/cluster/cluster';
import { isHostName, isUserName } from './hostName';
import { isNetworkPath, type PathContext } from './paths';

/** What is wrong with a host and its settings before anybody reads them: names and paths that could mean something else. */
export function refuseSettings(host: string, settings: SshSettings, context: PathContext): Problem | undefined {
  if (!isHostName(host)) return invalidHost(host, 'the cluster file');
  if (settings.user !== undefined && !isUserName(settings.user)) return invalidUser(settings.user, host);
  const path = [settings.knownHostsFile ?? '', ...settings.identityFiles].find(
    (one) => INVISIBLE.test(one) || isNetworkPath(one, context),
  );
  return path === undefined ? undefined : invalidPath(path, host);
}

/** A HostName of ssh_config that is none; undefined when it is one. */
export function refuseHostName(hostName: string): Problem | undefined {
  return isHostName(hostName) ? undefined : invalidHost(hostName, '~/.ssh/config');
}

/** The built-in client runs no programs; `name` is the host that one leads to. */
export function proxyCommandProblem(name: string): Problem {
  return problem(
    'ssh-proxy-command',
    `~/.ssh/config reaches ${name} through a ProxyCommand, which the built-in SSH client does not run.`,
    {
      nextSteps: [
        'Leave `ssh.client` at auto where an OpenSSH client is installed (not on Windows), use ProxyJump in ~/.ssh/config, or set `ssh.proxyJump` for this host in the cluster file (`none` connects directly).',
      ],
    },
  );
}

/** Characters that make a text look like another one. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;

/** In quotes, with nothing invisible in it. */
function shown(text: string): string {
  return `"${text.replaceAll(new RegExp(INVISIBLE, 'gu'), (one) => `\\u{${one.codePointAt(0)?.toString(16) ?? ''}}`)}"`;
}

/** `where` names the file that holds the name. */
function invalidHost(host: string, where: string): Problem {
  return problem('ssh-host-invalid', `${shown(host)} is not a host name or an address.`, {
    why: 'A host is a name of letters, digits, dots, hyphens and underscores, or an IP address without brackets.',
    nextSteps: [`Correct the host in ${where}, or give it such an alias in ~/.ssh/config.`],
  });
}

function invalidUser(user: string, host: string): Problem {
  return problem('ssh-user-invalid', `${shown(user)} is not a user name, so nothing was sent to ${host}.`, {
    why: 'ssh_config can put the name of the user into paths and commands, so only letters, digits and the characters . _ - @ + \\ and a $ at the end are taken.',
    nextSteps: ['Correct `ssh.user` or the jump host in the cluster file, or set User for this host in ~/.ssh/config.'],
  });
}

function invalidPath(path: string, host: string): Problem {
  return problem(
    'ssh-path-invalid',
    `${shown(path)} is no path that a cluster file may name for ${host}, so nothing was sent to it.`,
    {
      why: 'A path with invisible characters does not look like the file that it names, and reading one of a network share (\\\\server\\share) logs in to that server.',
      nextSteps: ['Correct `ssh.knownHostsFile` or `ssh.identityFile` in the cluster file.'],
    },
  );
}

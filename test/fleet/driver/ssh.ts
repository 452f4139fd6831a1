import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetHost } from './host';
import { run, type RunOptions, type RunResult } from './run';
import { passwordOf, type FleetUser } from './users';

interface Login {
  readonly user: FleetUser;
  readonly identityFile: string;
  /** Where to keep files while the command runs. */
  readonly folder: string;
}

/**
 * Runs a command with OpenSSH's own client as `user`. The host key is checked against the one the host has now.
 * Users without a key log in by password, which reaches ssh through the environment of sshpass.
 */
export async function ssh(
  host: FleetHost,
  { user, identityFile, folder: parent }: Login,
  command: string,
  options: RunOptions = {},
): Promise<RunResult> {
  const folder = await mkdtemp(join(parent, 'ssh-'));
  try {
    const knownHosts = join(folder, 'known_hosts');
    await writeFile(knownHosts, `${host.address} ${await host.hostKey()}\n`);
    const password = passwordOf(user);
    const login =
      password === undefined
        ? ['-i', identityFile, '-o', 'BatchMode=yes']
        : ['-o', 'PubkeyAuthentication=no', '-o', 'NumberOfPasswordPrompts=1'];
    const args = [
      '-F',
      'none',
      '-o',
      `UserKnownHostsFile=${knownHosts}`,
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'ConnectTimeout=5',
      ...login,
      `${user}@${host.address}`,
      command,
    ];
    return password === undefined
      ? await run('ssh', args, options)
      : await run('sshpass', ['-e', 'ssh', ...args], { ...options, env: { ...options.env, SSHPASS: password } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

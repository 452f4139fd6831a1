import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { PRIVILEGE_SCRIPT, type Privilege, type RemoteOutput } from '../../core/remote/remoteCommand';
import { commandLine, STDIN_MARK_MISSING, type Elevation } from '../../core/remote/shell';
import type { Connection } from './connection';
import { exec, type ExecEnd } from './exec';
import type { Vault } from './vault';

/** How commands become root on a connection. */
export interface Elevated {
  readonly elevation: Elevation;
  readonly password?: string;
}

export interface Elevator {
  /** Found out once per connection, a sudo password checked before anything depends on it. */
  elevate(connection: Connection): Promise<Result<Elevated, Problem>>;
  /** What was found out no longer holds. */
  forget(connection: Connection): void;
}

const PROBE_MS = 10_000;
/** PAM waits two seconds or more after a wrong password. */
const PASSWORD_CHECK_MS = 15_000;

export function createElevator(vault: Vault): Elevator {
  const known = new WeakMap<Connection, Promise<Result<Elevated, Problem>>>();

  const findOut = async (connection: Connection): Promise<Result<Elevated, Problem>> => {
    const label = connection.hop.label;
    const probe = await exec(connection, {
      line: commandLine(PRIVILEGE_SCRIPT, [], 'none'),
      input: '',
      timeoutMs: PROBE_MS,
    });
    if (probe.kind !== 'exited') return err(probeFailed(label, probe));
    switch (probe.output.stdout.trim() as Privilege) {
      case 'root':
        return ok({ elevation: 'none' });
      case 'sudo':
        return ok({ elevation: 'sudo' });
      case 'sudo-password':
        return checkPassword(connection);
      case 'none':
        return err(
          problem('sudo-not-allowed', `${label} is not root and has no sudo.`, {
            nextSteps: [
              `Install sudo on the host and allow it for ${connection.hop.user}, or log in as root (\`ssh.user: root\`).`,
            ],
          }),
        );
      default:
        return err(
          problem('remote-shell-unusable', `${label} does not run commands in a POSIX shell.`, {
            why: `Asked for its privileges, it ended with status ${probe.output.exitCode} and printed: ${JSON.stringify(firstLine(probe.output))}`,
            nextSteps: [
              `Give ${connection.hop.user} a login shell such as /bin/sh or /bin/bash, and remove output from its shell start-up files.`,
            ],
          }),
        );
    }
  };

  const checkPassword = async (connection: Connection): Promise<Result<Elevated, Problem>> => {
    const { hop, loginPassword } = connection;
    const id = `sudo-password:${hop.label}`;
    const given = hop.sudoPassword === undefined ? undefined : await vault.resolve(hop.sudoPassword);
    if (given?.ok === false) return given;
    const password =
      given?.value ??
      (await vault.ask({ kind: 'sudo-password', id, prompt: `sudo password of ${hop.label}` })) ??
      loginPassword;
    if (password === undefined) return err(passwordMissing(hop.label));
    if (/[\r\n]/.test(password)) return err(passwordWrong(hop.label, 'The password contains a line end.'));
    // Only the password is sent. sudo reads it once and a second try meets the end of the input, so a wrong one costs
    // one attempt; after the right one the guard misses its mark, and its exit status proves that root was reached.
    const check = await exec(connection, {
      line: commandLine(PRIVILEGE_SCRIPT, [], 'sudo-password'),
      input: `${password}\n`,
      timeoutMs: PASSWORD_CHECK_MS,
    });
    if (check.kind !== 'exited') return err(probeFailed(hop.label, check));
    if (check.output.exitCode === STDIN_MARK_MISSING) {
      if (hop.sudoPassword !== undefined) await vault.worked(hop.sudoPassword);
      return ok({ elevation: 'sudo-password', password });
    }
    vault.forget(id);
    if (hop.sudoPassword !== undefined) vault.refused(hop.sudoPassword);
    return err(
      sudoRefusal(hop.label, check.output) ??
        (check.output.exitCode === 1
          ? passwordWrong(hop.label, firstLine(check.output))
          : sudoBroken(hop.label, check.output)),
    );
  };

  return {
    elevate(connection) {
      const existing = known.get(connection);
      if (existing !== undefined) return existing;
      const result = findOut(connection).then((found) => {
        if (!found.ok) known.delete(connection);
        return found;
      });
      known.set(connection, result);
      return result;
    },
    forget(connection) {
      known.delete(connection);
    },
  };
}

/** What sudo itself says when it will not run a command, whatever the password. */
export function sudoRefusal(label: string, output: RemoteOutput): Problem | undefined {
  if (output.exitCode !== 1) return undefined;
  if (/^sudo: .*(must have a tty|no tty present)/m.test(output.stderr)) {
    return problem('sudo-not-allowed', `sudo on ${label} demands a terminal.`, {
      why: firstLine(output),
      nextSteps: ['Remove `Defaults requiretty` from /etc/sudoers of the host (use visudo), or log in as root.'],
    });
  }
  if (
    /not in the sudoers|is not allowed to (execute|run)|may not run sudo|^sudo: a password is required/m.test(
      output.stderr,
    )
  ) {
    return problem('sudo-not-allowed', `sudo on ${label} does not allow this user to run commands as root.`, {
      why: firstLine(output),
      nextSteps: ['Allow the user to run any command in /etc/sudoers of the host (use visudo), or log in as root.'],
    });
  }
  return undefined;
}

function probeFailed(label: string, end: Exclude<ExecEnd, { kind: 'exited' }>): Problem {
  if (end.kind === 'timeout')
    return problem('remote-timeout', `${label} did not say in time how to become root.`, {
      nextSteps: ['Check the load of the host, and that `sudo -n true` returns quickly there.'],
    });
  if (end.kind === 'refused')
    return problem('ssh-session-refused', `${label} refuses to run commands.`, {
      why: end.reason,
      nextSteps: ['Check MaxSessions and ForceCommand in sshd_config of the host.'],
    });
  return problem('connection-lost', `The connection to ${label} was lost before anything was done.`, {
    ...('reason' in end ? { why: end.reason } : {}),
    nextSteps: ['Try again.'],
  });
}

function passwordWrong(label: string, why: string): Problem {
  return problem('sudo-password-wrong', `sudo on ${label} does not accept the password.`, {
    ...(why === '' ? {} : { why }),
    nextSteps: ['Correct `ssh.sudoPassword` or its secret and try again; nothing was changed on the host.'],
  });
}

function sudoBroken(label: string, output: RemoteOutput): Problem {
  return problem('sudo-not-allowed', `sudo on ${label} does not work.`, {
    why: `It ended with status ${output.exitCode} and printed: ${JSON.stringify(firstLine(output))}`,
    nextSteps: ['Run `sudo true` on the host and correct what it reports, or log in as root.'],
  });
}

function passwordMissing(label: string): Problem {
  return problem('sudo-password-wrong', `sudo on ${label} needs a password, and none was given.`, {
    nextSteps: ['Set `ssh.sudoPassword` to a secret reference, or allow sudo without a password for this user.'],
  });
}

function firstLine({ stdout, stderr }: RemoteOutput): string {
  return (stderr.trim() || stdout.trim()).split('\n')[0] ?? '';
}

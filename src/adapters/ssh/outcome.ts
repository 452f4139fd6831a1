import { problem, type Problem } from '../../core/base/problem';
import { megabytes } from '../../core/base/words';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import type { HostTarget, RemoteOutcome } from '../../engine/ports';
import { seconds } from './dial';
import { OUTPUT_LIMIT, type ExecEnd } from './exec';
import type { SourceFault } from './send';

/** What the end of a command means for whoever asked for it. */
export function outcomeOf<T>(
  target: HostTarget,
  command: RemoteCommand<T>,
  end: Exclude<ExecEnd, { kind: 'refused' | 'not-started' }>,
): RemoteOutcome<T> {
  switch (end.kind) {
    case 'cancelled':
      return end.started ? unknown(cancelled(target, true)) : failed(cancelled(target, false));
    case 'timeout':
      return unknown(timedOut(target, command, end.taken));
    case 'lost':
      return unknown(
        problem(
          'connection-lost',
          `The connection to ${target.id} was lost while "${command.script.id}" was running.`,
          {
            why: end.reason,
            nextSteps: ['Run the operation again when the host can be reached: it first looks at what has been done.'],
          },
        ),
      );
    case 'exited': {
      if (end.fault !== undefined) return failed(sourceFault(target, command, end.fault));
      if (end.tooLong) {
        return failed(
          problem(
            'remote-output-too-long',
            `"${command.script.id}" on ${target.id} printed more than ${OUTPUT_LIMIT / 1024 / 1024} MiB.`,
            {
              why: `It ended with status ${end.output.exitCode}.`,
              nextSteps: ['Look on the host what makes its output this long.'],
            },
          ),
        );
      }
      const parsed = command.parse(end.output);
      return parsed.ok ? { kind: 'done', value: parsed.value } : failed(parsed.error);
    }
  }
}

/** It is certain that the command did not do its work. */
export function failed(reason: Problem): { readonly kind: 'failed'; readonly problem: Problem } {
  return { kind: 'failed', problem: reason };
}

function unknown(reason: Problem): { readonly kind: 'unknown'; readonly problem: Problem } {
  return { kind: 'unknown', problem: reason };
}

/** Given up because somebody asked for it. */
export function cancelled(target: HostTarget, started: boolean): Problem {
  return problem(
    'remote-cancelled',
    `The work on ${target.id} was cancelled${started ? ' while a command was running' : ' before it began'}.`,
    {
      ...(started
        ? {
            why: 'The command may still be running on the host.',
            nextSteps: ['Run the operation again: it first looks at what has been done.'],
          }
        : {}),
    },
  );
}

function timedOut(target: HostTarget, { script, stdin, timeoutMs }: RemoteCommand<unknown>, taken: number): Problem {
  const bytes = typeof stdin === 'object';
  const sent = bytes ? `${megabytes(taken)} of ${megabytes(stdin.size)} were sent. ` : '';
  return problem(
    'remote-timeout',
    `"${script.id}" on ${target.id} did not ${bytes ? 'get any further' : 'finish'} within ${seconds(timeoutMs)}.`,
    {
      why: `${sent}The command was given up; it may still be running on the host.`,
      nextSteps: [
        'Check the load and the log of the host, then run the operation again: it first looks at what has been done.',
      ],
    },
  );
}

function sourceFault(target: HostTarget, { script }: RemoteCommand<unknown>, fault: SourceFault): Problem {
  if (fault.kind === 'unreadable')
    return problem('input-unreadable', `What "${script.id}" sends to ${target.id} could not be read to its end.`, {
      why: fault.reason,
      nextSteps: ['Check the file on this machine, then run the operation again.'],
    });
  const { bytes, size } = fault;
  return problem('input-changed', `What "${script.id}" sends to ${target.id} changed while it was read.`, {
    why:
      bytes < size ? `It had ${size} bytes and ended after ${bytes}.` : `It had ${size} bytes, and more of them came.`,
    nextSteps: ['Wait until nothing writes to the file on this machine any more, then run the operation again.'],
  });
}

/** Nothing was run, and a new connection did not help. */
export function noSession(target: HostTarget): Problem {
  return problem('ssh-session-refused', `${target.id} takes the login but does not run commands.`, {
    why: 'The connection ended, or the server refused a session, twice in a row.',
    nextSteps: ['Check MaxSessions and ForceCommand in sshd_config of the host, and its log (`journalctl -u ssh`).'],
  });
}

/** The guard in front of the script ended it, see `core/remote/shell`. */
export function markMissing(target: HostTarget): Problem {
  return problem('sudo-state-changed', `sudo on ${target.id} no longer asks for a password, so nothing was run.`, {
    why: 'It asked when the connection was opened. Going on would have put the password into the input of the command.',
    nextSteps: ['Try again: how to become root is found out anew.'],
  });
}

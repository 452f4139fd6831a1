import { StringDecoder } from 'node:string_decoder';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { RemoteShell, ShellEnd, TerminalSize } from '../../engine/ports';
import type { Connection } from './connection';
import type { TerminalChannel } from './transport';

/** What terminals of editors and most others understand. */
const TERM = 'xterm-256color';

interface ShellOptions {
  readonly size: TerminalSize;
  readonly onData: (text: string) => void;
}

/** Opens the login shell of a connection in a terminal, as soon as one of its places for sessions is free. */
export async function openShell(
  connection: Connection,
  label: string,
  options: ShellOptions,
  signal?: AbortSignal,
): Promise<Result<RemoteShell, Problem>> {
  const place = await connection.channels.acquire(signal).catch(() => undefined);
  if (place === undefined) return err(refusal(label, 'It was given up before the host could answer.'));
  return new Promise((resolve) => {
    const refuse = (why: string): void => {
      place();
      resolve(err(refusal(label, why)));
    };
    const onChannel = (error: Error | undefined, channel: TerminalChannel): void => {
      if (error !== undefined) return refuse(connection.lostReason() ?? error.message);
      if (signal?.aborted === true) {
        channel.resume();
        channel.stderr.resume();
        channel.close();
        return refuse('It was given up.');
      }
      resolve(ok(shellOf(channel, connection, label, options, place)));
    };
    try {
      connection.client.shell({ term: TERM, rows: options.size.rows, cols: options.size.columns }, onChannel);
    } catch (error) {
      refuse(connection.lostReason() ?? String(error));
    }
  });
}

function shellOf(
  channel: TerminalChannel,
  connection: Connection,
  label: string,
  { onData }: ShellOptions,
  place: () => void,
): RemoteShell {
  let exitCode: number | undefined;
  for (const stream of [channel, channel.stderr]) {
    const decoder = new StringDecoder('utf8');
    stream.on('data', (chunk: Buffer) => onData(decoder.write(chunk)));
  }
  // A channel that is gone takes nothing any more; the end of the shell tells it.
  channel.on('error', () => undefined);
  channel.on('exit', (status: number | null) => (exitCode = status ?? 255));
  const ended = new Promise<ShellEnd>((resolve) => {
    channel.once('close', () => {
      place();
      const lost = connection.lostReason();
      if (exitCode !== undefined || lost === undefined) return resolve({ kind: 'exited', exitCode: exitCode ?? 255 });
      resolve({
        kind: 'lost',
        problem: problem('connection-lost', `The connection to ${label} was lost.`, {
          why: lost,
          nextSteps: ['Open a new shell when the host can be reached again.'],
        }),
      });
    });
  });
  return {
    write: (data) => void (channel.writable && channel.write(data)),
    resize: ({ columns, rows }) => (channel.writable ? channel.setWindow(rows, columns, 0, 0) : undefined),
    close: () => channel.close(),
    ended,
  };
}

function refusal(label: string, why: string): Problem {
  return problem('shell-refused', `${label} does not open a shell.`, {
    why,
    nextSteps: ['Check PermitTTY, ForceCommand and MaxSessions in sshd_config of the host, and the login shell there.'],
  });
}

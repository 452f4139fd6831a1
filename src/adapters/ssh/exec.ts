import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import type { RemoteOutput } from '../../core/remote/remoteCommand';
import type { Connection } from './connection';
import { createLineSplitter } from './lines';

export interface ExecRequest {
  readonly line: string;
  readonly stdin: string;
  /** Counts from the moment the command is sent. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
}

/** How a command line ended. Only after `not-started` and `refused` is it certain that nothing ran. */
export type ExecEnd =
  | { readonly kind: 'exited'; readonly output: RemoteOutput; readonly tooLong: boolean }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled'; readonly started: boolean };

/** What a command may print on both streams together, in bytes; the rest is read and dropped. */
export const OUTPUT_LIMIT = 8 * 1024 * 1024;

/** The last resort against a server that allows no session at all while others still come and go. */
const MAX_REFUSALS = 20;

/** Runs a command line on a connection, as soon as one of its places for commands is free. */
export async function exec(connection: Connection, request: ExecRequest): Promise<ExecEnd> {
  for (let refusals = 0; ; refusals += 1) {
    const place = await connection.channels.acquire(request.signal).catch(() => undefined);
    if (place === undefined) return { kind: 'cancelled', started: false };
    if (request.signal?.aborted === true) {
      place();
      return { kind: 'cancelled', started: false };
    }
    const alone = connection.channels.active === 1;
    const end = await execNow(connection, request);
    const wait = end.kind === 'refused' && !alone && refusals < MAX_REFUSALS;
    // MaxSessions is lower than expected, or sessions that were given up still occupy it. The limit comes down before
    // the place is given back, or somebody who waits would take it and be refused in turn.
    if (wait) connection.channels.setLimit(Math.max(connection.channels.active - 1, 1));
    place();
    if (!wait) return end;
  }
}

/** A command that is given up may stay a session of the server until its program ends; waiting for that could take forever. */
function execNow(connection: Connection, request: ExecRequest): Promise<ExecEnd> {
  return new Promise((resolve) => {
    let channel: ClientChannel | undefined;
    let settled = false;
    const settle = (end: ExecEnd): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      if (end.kind === 'timeout' || end.kind === 'cancelled') channel?.close();
      resolve(end);
    };
    const onAbort = (): void => settle({ kind: 'cancelled', started: true });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), request.timeoutMs);
    request.signal?.addEventListener('abort', onAbort, { once: true });

    const onChannel = (error: Error | undefined, opened: ClientChannel): void => {
      if (error !== undefined) {
        settle(classify(error, connection));
        return;
      }
      channel = opened;
      if (settled) {
        opened.resume();
        opened.stderr.resume();
        opened.close();
      } else collect(opened, request, connection, settle);
    };
    try {
      // English messages from sudo and others, where the server lets us choose (AcceptEnv LC_*).
      connection.client.exec(request.line, { env: { LC_ALL: 'C' } }, onChannel);
    } catch (error) {
      settle({ kind: 'not-started', reason: connection.lostReason() ?? String(error) });
    }
  });
}

/** ssh2 tells apart a channel that was refused, one that was never answered, and a command that got no confirmation only by its messages. */
function classify(error: Error, connection: Connection): ExecEnd {
  const lost = connection.lostReason();
  if (/channel open failure/i.test(error.message))
    return { kind: 'refused', reason: error.message.replace('(SSH) ', '') };
  if (/no response from server/i.test(error.message)) return { kind: 'not-started', reason: lost ?? error.message };
  return lost === undefined ? { kind: 'refused', reason: error.message } : { kind: 'lost', reason: lost };
}

function collect(
  channel: ClientChannel,
  request: ExecRequest,
  connection: Connection,
  settle: (end: ExecEnd) => void,
): void {
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  let size = 0;
  let code: number | undefined;
  // ssh2 closes a channel only when both streams have been read to their end.
  const read = (stream: NodeJS.ReadableStream, name: 'stdout' | 'stderr'): (() => void) => {
    const lines = request.onLine === undefined ? undefined : createLineSplitter((line) => request.onLine?.(line, name));
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > OUTPUT_LIMIT) return;
      chunks[name].push(chunk);
      lines?.push(chunk);
    });
    return () => lines?.end();
  };
  const endLines = [read(channel, 'stdout'), read(channel.stderr, 'stderr')];

  channel.on('error', () => undefined);
  channel.on('exit', (status: number | null, signal?: string) => (code = status ?? signalStatus(signal)));
  channel.once('close', () => {
    for (const end of endLines) end();
    if (code === undefined)
      settle({ kind: 'lost', reason: connection.lostReason() ?? 'The host ended the command without an exit status.' });
    else
      settle({
        kind: 'exited',
        tooLong: size > OUTPUT_LIMIT,
        output: { stdout: text(chunks.stdout), stderr: text(chunks.stderr), exitCode: code },
      });
  });
  channel.end(request.stdin);
}

/** As a shell counts: 128 + number of the signal. */
function signalStatus(signal: string | undefined): number {
  const numbers: Readonly<Record<string, number | undefined>> = constants.signals;
  return 128 + (numbers[signal ?? ''] ?? 0);
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

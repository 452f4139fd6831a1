import { constants } from 'node:os';
import type { Input, RemoteOutput } from '../../core/remote/remoteCommand';
import type { Connection } from './connection';
import { createLineSplitter } from './lines';
import type { Pace } from './pace';
import { sendBytes, type SourceFault } from './send';
import type { CommandChannel } from './transport';

export interface ExecRequest {
  readonly line: string;
  /** Goes before the input: what sudo reads. */
  readonly head?: string;
  readonly input: Input;
  /** Counts from the moment the command is sent, and anew whenever a byte input or a sink has taken more. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of a byte input that the host has taken, and how many there are. */
  readonly onSent?: ((bytes: number, size: number) => void) | undefined;
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  /** Takes what the command prints piece by piece; nothing of it is kept then. Must not fail. */
  readonly sink?: ((piece: Uint8Array) => Promise<void>) | undefined;
  /** How fast a byte input may be sent. */
  readonly pace?: Pace | undefined;
}

/** How a command line ended. Only after `not-started` and `refused` is it certain that nothing ran. */
export type ExecEnd =
  | {
      readonly kind: 'exited';
      readonly output: RemoteOutput;
      readonly tooLong: boolean;
      /** The input was not what it promised to be. */
      readonly fault?: SourceFault;
    }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'timeout'; readonly taken: number }
  | { readonly kind: 'cancelled'; readonly started: boolean };

/** What a command may print on both streams together, in bytes; the rest is read and dropped. */
export const OUTPUT_LIMIT = 8 * 1024 * 1024;

/** Between two reports of what was sent: as often as a person can read a number. */
const REPORT_MS = 250;

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
    let channel: CommandChannel | undefined;
    let settled = false;
    let taken = 0;
    const over = new AbortController();
    const settle = (end: ExecEnd): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      over.abort();
      if (end.kind === 'timeout' || end.kind === 'cancelled') channel?.close();
      resolve(end);
    };
    const onAbort = (): void => settle({ kind: 'cancelled', started: true });
    const timer = setTimeout(() => settle({ kind: 'timeout', taken }), request.timeoutMs);
    request.signal?.addEventListener('abort', onAbort, { once: true });

    const onChannel = (error: Error | undefined, opened: CommandChannel): void => {
      if (error !== undefined) {
        settle(classify(error, connection));
        return;
      }
      channel = opened;
      if (settled) {
        opened.resume();
        opened.stderr.resume();
        opened.close();
      } else {
        const fault = send(opened, request, connection, over.signal, (bytes) => {
          taken = bytes;
          timer.refresh();
        });
        collect(opened, request, connection, fault, () => timer.refresh(), settle);
      }
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
  channel: CommandChannel,
  request: ExecRequest,
  connection: Connection,
  fault: () => SourceFault | undefined,
  onTaken: () => void,
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
  const { sink } = request;
  let sunk: Promise<unknown> = Promise.resolve();
  // The host is not read from while a piece is taken, so that it waits, too.
  const hand = (take: NonNullable<typeof sink>): (() => void) => {
    channel.on('data', (piece: Buffer) => {
      channel.pause();
      sunk = sunk
        .then(() => take(piece))
        .then(() => {
          onTaken();
          channel.resume();
        });
    });
    return () => undefined;
  };
  const endLines = [sink === undefined ? read(channel, 'stdout') : hand(sink), read(channel.stderr, 'stderr')];

  channel.on('error', () => undefined);
  channel.on('exit', (status: number | null, signal?: string) => (code = status ?? signalStatus(signal)));
  channel.once('close', () => void sunk.then(finish));
  const finish = (): void => {
    for (const end of endLines) end();
    if (code === undefined)
      settle({ kind: 'lost', reason: connection.lostReason() ?? 'The host ended the command without an exit status.' });
    else {
      const found = fault();
      settle({
        kind: 'exited',
        tooLong: size > OUTPUT_LIMIT,
        output: { stdout: text(chunks.stdout), stderr: text(chunks.stderr), exitCode: code },
        ...(found === undefined ? {} : { fault: found }),
      });
    }
  };
}

/** Begins to send the input. Gives a function that tells what was wrong with it, as far as that is known. */
function send(
  channel: CommandChannel,
  { head = '', input, onSent, pace }: ExecRequest,
  connection: Connection,
  over: AbortSignal,
  onTaken: (bytes: number) => void,
): () => SourceFault | undefined {
  if (typeof input === 'string') {
    channel.end(head + input);
    return () => undefined;
  }
  let fault: SourceFault | undefined;
  let reportedAt = 0;
  let reported = 0;
  if (head !== '') channel.write(head);
  const report = (bytes: number): void => {
    if (over.aborted) return;
    onTaken(bytes);
    const now = performance.now();
    if (bytes === reported || (bytes < input.size && now - reportedAt < REPORT_MS)) return;
    reportedAt = now;
    reported = bytes;
    onSent?.(bytes, input.size);
  };
  void sendBytes(channel, connection.socket, input, { onTaken: report, ended: over, pace }).then((found) => {
    fault = found;
  });
  return () => fault;
}

/** As a shell counts: 128 + number of the signal. */
function signalStatus(signal: string | undefined): number {
  const numbers: Readonly<Record<string, number | undefined>> = constants.signals;
  return 128 + (numbers[signal ?? ''] ?? 0);
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

import type { Duplex, Writable } from 'node:stream';
import { problemIn } from '../../core/base/problem';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { Pace } from './pace';

/** Why the bytes of a source are not those that it promised. */
export type SourceFault =
  | { readonly kind: 'length'; readonly bytes: number; readonly size: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface SendOptions {
  /** The other side has taken more, up to so many bytes; the last call says all of them. */
  readonly onTaken: (bytes: number) => void;
  /** Nobody wants the rest any more. */
  readonly ended: AbortSignal;
  /** How fast bytes may leave; as fast as they are taken when it is absent. */
  readonly pace?: Pace | undefined;
}

/**
 * How much may wait for the network here. ssh2 looks at the window of the channel only, and servers are free to open
 * it as wide as they like.
 */
const WAITING = 1024 * 1024;

/**
 * Writes all bytes of a source to a channel and ends it, reading only as fast as the other side takes them. When the
 * source is not what it promised, the channel ends after a number of bytes that is not its size, so that a script that
 * counts them refuses them.
 */
export async function sendBytes(
  channel: Writable,
  socket: Duplex,
  source: ByteInput,
  { onTaken, ended, pace }: SendOptions,
): Promise<SourceFault | undefined> {
  let bytes = 0;
  try {
    for await (const chunk of paced(source.open(), pace, ended)) {
      bytes += chunk.length;
      // ssh2 writes each packet in three pieces; together they leave in one system call instead of dozens.
      socket.cork();
      const taken = channel.write(chunk);
      socket.uncork();
      if (!taken) await drained(channel, ended);
      while (socket.writableNeedDrain && socket.writableLength > WAITING && !ended.aborted)
        await drained(socket, ended);
      // Leaving the loop closes the source.
      if (ended.aborted) return undefined;
      onTaken(Math.max(0, bytes - channel.writableLength));
      if (bytes > source.size) break;
    }
  } catch (error) {
    channel.end();
    const reason = problemIn(error)?.message ?? (error instanceof Error ? error.message : String(error));
    return { kind: 'unreadable', reason };
  }
  channel.end(() => onTaken(bytes));
  return bytes === source.size ? undefined : { kind: 'length', bytes, size: source.size };
}

/** The same bytes, in pieces that leave at their time. */
async function* paced(
  chunks: AsyncIterable<Uint8Array>,
  pace: Pace | undefined,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    const size = pace?.piece ?? chunk.length;
    for (let at = 0; at < chunk.length; at += size) {
      const piece = chunk.subarray(at, at + size);
      await pace?.admit(piece.length, ended);
      yield piece;
    }
  }
}

/** Resolves when a stream has written what it held, or when nobody waits for it any more. */
function drained(stream: Writable, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      ended.removeEventListener('abort', done);
      resolve();
    };
    stream.on('drain', done);
    ended.addEventListener('abort', done);
    if (ended.aborted) done();
  });
}

import type { Readable } from 'node:stream';

/** Standard input of a script, read when the script reads it; what nobody has read waits at the client. */
export interface HostInput {
  /** The next line without its end, or what is left when there is no line end. */
  line(): Promise<string>;
  /** All that is left, as text: at most {@link LONGEST_TEXT} bytes, the rest is dropped. */
  text(): Promise<string>;
  /** All that is left, piece by piece. */
  pieces(): AsyncIterable<Buffer>;
}

/** Far more than any text that a script reads; what is larger goes through {@link HostInput.pieces}. */
const LONGEST_TEXT = 8 * 1024 * 1024;

export function hostInput(channel: Readable): HostInput {
  const pieces = piecesOf(channel);
  let rest: Buffer = Buffer.alloc(0);

  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done === true) return false;
    rest = Buffer.concat([rest, next.value]);
    return true;
  };
  const take = (bytes: number): Buffer => {
    const taken = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    return taken;
  };
  async function* left(): AsyncGenerator<Buffer, void> {
    if (rest.length > 0) yield take(rest.length);
    yield* pieces;
  }

  return {
    async line() {
      while (!rest.includes('\n') && rest.length < LONGEST_TEXT && (await more()));
      const end = rest.indexOf('\n');
      return end < 0 ? take(rest.length).toString('utf8') : take(end + 1).toString('utf8', 0, end);
    },
    async text() {
      const kept: Buffer[] = [];
      let bytes = 0;
      for await (const piece of left()) {
        bytes += piece.length;
        if (bytes <= LONGEST_TEXT) kept.push(piece);
      }
      return Buffer.concat(kept).toString('utf8');
    },
    pieces: left,
  };
}

/** A client that goes away has sent all that it will ever send: a script sees the end of its input. */
async function* piecesOf(channel: Readable): AsyncGenerator<Buffer, void> {
  try {
    for await (const piece of channel.iterator({ destroyOnReturn: false })) yield piece as Buffer;
  } catch {
    return;
  }
}

import { Duplex, Readable } from 'node:stream';
import type { TerminalChannel } from '../transport';

/** What a channel has to say to the other side. */
export interface ChannelWires {
  data(bytes: Buffer): void;
  adjust(bytes: number): void;
  eof(): void;
  close(): void;
  resize(rows: number, columns: number): void;
}

/** How much a host may send ahead of what was read here. */
export const WINDOW = 2 * 1024 * 1024;

/** One channel of RFC 4254, 5: it sends only what the other side has room for, and makes room only for what was read. */
export class MuxChannel extends Duplex implements TerminalChannel {
  readonly stderr: Readable;
  private room = 0;
  private largest = 0;
  private unsent: { readonly bytes: Buffer; readonly done: () => void } | undefined;
  private owed = 0;
  private closeSent = false;
  private openStreams = 2;
  private readonly full = { stdout: false, stderr: false };

  constructor(private readonly wires: ChannelWires) {
    super({ allowHalfOpen: true, autoDestroy: false });
    this.stderr = new Readable({ read: () => this.wanted('stderr'), autoDestroy: false });
    // As with ssh2: closed only when both streams have been read to their end.
    const ended = (): void => {
      this.openStreams -= 1;
      if (this.openStreams === 0 && this.closeSent) this.destroy();
    };
    this.once('end', ended);
    this.stderr.once('end', ended);
  }

  /** The other side has agreed to the channel. */
  opened(room: number, largest: number): void {
    this.room = room;
    this.largest = largest;
  }

  roomFor(bytes: number): void {
    this.room += bytes;
    this.send();
  }

  received(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this.owed += bytes.length;
    this.full[stream] = !(stream === 'stdout' ? this.push(bytes) : this.stderr.push(bytes));
    this.giveRoom();
  }

  /** Nothing more will come. */
  ended(): void {
    if (!this.readableEnded) this.push(null);
    if (!this.stderr.readableEnded) this.stderr.push(null);
  }

  /** The other side has closed the channel, or the connection is gone. */
  closedByHost(): void {
    this.ended();
    this.close();
    const waiting = this.unsent;
    this.unsent = undefined;
    waiting?.done();
    if (this.openStreams === 0) this.destroy();
  }

  close(): void {
    if (this.closeSent) return;
    this.closeSent = true;
    this.wires.close();
  }

  setWindow(rows: number, columns: number): void {
    if (!this.closeSent) this.wires.resize(rows, columns);
  }

  override _read(): void {
    this.wanted('stdout');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.unsent = { bytes: chunk, done };
    this.send();
  }

  override _final(done: () => void): void {
    if (!this.closeSent) this.wires.eof();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.close();
    const waiting = this.unsent;
    this.unsent = undefined;
    waiting?.done();
    this.stderr.destroy();
    done(error);
  }

  private send(): void {
    if (this.unsent === undefined) return;
    let { bytes } = this.unsent;
    const { done } = this.unsent;
    while (bytes.length > 0 && this.room > 0 && !this.closeSent) {
      const part = bytes.subarray(0, Math.min(this.room, this.largest));
      this.room -= part.length;
      bytes = bytes.subarray(part.length);
      this.wires.data(part);
    }
    const over = bytes.length === 0 || this.closeSent;
    this.unsent = over ? undefined : { bytes, done };
    if (over) done();
  }

  private wanted(stream: 'stdout' | 'stderr'): void {
    this.full[stream] = false;
    this.giveRoom();
  }

  private giveRoom(): void {
    if (this.full.stdout || this.full.stderr || this.closeSent || this.owed < WINDOW / 2) return;
    this.wires.adjust(this.owed);
    this.owed = 0;
  }
}

import type { Duplex, Readable } from 'node:stream';

/** A command that runs on a host: its standard input and output; emits `exit` with a status, or null and the name of a signal. */
export interface CommandChannel extends Duplex {
  readonly stderr: Readable;
  /** Says that nobody wants it any more. */
  close(): void;
}

/** A shell in a terminal. */
export interface TerminalChannel extends CommandChannel {
  /** The terminal has another size; those in pixels are not known. */
  setWindow(rows: number, columns: number, height: number, width: number): void;
}

/** What a host is told of a terminal. */
export interface TerminalWindow {
  readonly term: string;
  readonly rows: number;
  readonly cols: number;
}

/** What carries channels to one server: ssh2's client, or a connection of the system's `ssh`. */
export interface Transport {
  exec(
    line: string,
    options: { readonly env: Record<string, string> },
    callback: (error: Error | undefined, channel: CommandChannel) => void,
  ): unknown;
  /** The person's shell, in a terminal of this size. */
  shell(window: TerminalWindow, callback: (error: Error | undefined, channel: TerminalChannel) => void): unknown;
  forwardOut(
    sourceHost: string,
    sourcePort: number,
    host: string,
    port: number,
    callback: (error: Error | undefined, channel: Duplex) => void,
  ): unknown;
  end(): unknown;
  on(event: 'error', listener: (error: Error & { level?: string }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

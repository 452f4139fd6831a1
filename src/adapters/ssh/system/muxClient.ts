import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CommandChannel, Transport } from '../transport';
import { createFrameSplitter, frame, readFields, type Field, type FieldReader } from './frames';
import { MuxChannel, WINDOW } from './muxChannel';

/*
 * A connection of the system's ssh, spoken to through its control socket in proxy mode: ssh has logged in and encrypts, the
 * channels are ours. That gives what its command line does not: exit signals, refusals with their reasons, back-pressure, and no
 * process for each command. https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.mux, "proxy mode"; since OpenSSH 7.4.
 */

const HELLO = 1;
const VERSION = 4;
const REQUEST_TERMINATE = 0x10000005;
const REQUEST_PROXY = 0x1000000f;
const PROXY = 0x8000000f;

/** Messages of RFC 4254, 9. */
const OPEN = 90;
const OPEN_CONFIRMATION = 91;
const OPEN_FAILURE = 92;
const WINDOW_ADJUST = 93;
const DATA = 94;
const EXTENDED_DATA = 95;
const EOF = 96;
const CLOSE = 97;
const REQUEST = 98;
const SUCCESS = 99;
const FAILURE = 100;

const LARGEST_PACKET = 32 * 1024;
const HELLO_MS = 5_000;

interface Entry {
  readonly channel: MuxChannel;
  /** The number that the other side has for the channel. */
  remote: number;
  /** Who waits for the channel, until it is there or refused. */
  opening: ((error: Error | undefined) => void) | undefined;
  /** What is to be asked for once the channel is open, until it was granted. */
  request: (() => void) | undefined;
}

/** A client of one control socket; `socket` is what it writes to. */
export interface MuxClient extends Transport {
  readonly socket: Socket;
}

/** Goes into proxy mode; rejects when what listens is no ssh that can. The ssh of a person goes on when the client ends. */
export function openMux(
  controlPath: string,
  lastWords: () => string | undefined,
  whose: 'ours' | 'of a person' = 'ours',
): Promise<MuxClient> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlPath);
    const refuse = (reason: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => refuse('its control socket does not answer'), HELLO_MS);
    const client = createClient(
      socket,
      whose === 'ours' ? () => void terminateMux(controlPath) : () => socket.destroy(),
      lastWords,
    );
    let proxied = false;
    const split = createFrameSplitter((message) => {
      if (proxied) return client.receive(message);
      const type = message.length < 4 ? 0 : message.readUInt32BE(0);
      if (type === HELLO) return;
      if (type !== PROXY) return refuse('it is too old to share its connection (OpenSSH 7.4 is the first that does)');
      proxied = true;
      clearTimeout(timer);
      resolve(client.transport);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        split(chunk);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
    socket.once('error', (error) => (proxied ? undefined : refuse(error.message)));
    socket.once('close', () => (proxied ? undefined : refuse('it closed its control socket')));
    socket.write(frame({ u32: HELLO }, { u32: VERSION }));
    socket.write(frame({ u32: REQUEST_PROXY }, { u32: 1 }));
  });
}

/** Has the ssh behind a control socket end; resolves when it is told. */
export function terminateMux(controlPath: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(controlPath);
    const timer = setTimeout(() => socket.destroy(), HELLO_MS);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    socket.write(frame({ u32: HELLO }, { u32: VERSION }));
    socket.write(frame({ u32: REQUEST_TERMINATE }, { u32: 1 }));
  });
}

/** TTY_OP_END alone: the host's own modes. */
const NO_MODES = Buffer.from([0]);

/** The size of a terminal in characters; in pixels it is not known. RFC 4254, 6.2. */
function windowFields(rows: number, columns: number): readonly Field[] {
  return [{ u32: columns }, { u32: rows }, { u32: 0 }, { u32: 0 }];
}

function createClient(
  socket: Socket,
  end: () => void,
  lastWords: () => string | undefined,
): { readonly transport: MuxClient; receive(message: Buffer): void } {
  const events = new EventEmitter();
  const entries = new Map<number, Entry>();
  let lastId = 0;
  let gone = false;

  /** A message of the protocol of channels: no padding before its type. */
  const send = (type: number, ...fields: readonly Field[]): void => {
    if (!gone) socket.write(frame({ u8: 0 }, { u8: type }, ...fields));
  };

  const open = (
    type: string,
    details: readonly Field[],
    request: ((entry: Entry) => void) | undefined,
    callback: (error: Error | undefined, channel: MuxChannel) => void,
  ): void => {
    if (gone) throw new Error('Not connected');
    lastId += 1;
    const id = lastId;
    const channel = new MuxChannel({
      data: (bytes) => send(DATA, { u32: entry.remote }, { text: bytes }),
      adjust: (bytes) => send(WINDOW_ADJUST, { u32: entry.remote }, { u32: bytes }),
      eof: () => send(EOF, { u32: entry.remote }),
      close: () => (entry.remote < 0 ? undefined : send(CLOSE, { u32: entry.remote })),
      resize: (rows, columns) =>
        send(REQUEST, { u32: entry.remote }, { text: 'window-change' }, { u8: 0 }, ...windowFields(rows, columns)),
    });
    channel.on('error', () => undefined);
    const entry: Entry = {
      channel,
      remote: -1,
      opening: (error) => callback(error, channel),
      request: request === undefined ? undefined : () => request(entry),
    };
    entries.set(id, entry);
    send(OPEN, { text: type }, { u32: id }, { u32: WINDOW }, { u32: LARGEST_PACKET }, ...details);
  };

  const settle = (entry: Entry, error?: Error): void => {
    const waiting = entry.opening;
    entry.opening = undefined;
    waiting?.(error);
  };

  const handlers: Readonly<Record<number, (entry: Entry, fields: FieldReader, id: number) => void>> = {
    [OPEN_CONFIRMATION](entry, fields) {
      entry.remote = fields.u32();
      entry.channel.opened(fields.u32(), fields.u32());
      if (entry.request === undefined) settle(entry);
      else entry.request();
    },
    [OPEN_FAILURE](entry, fields, id) {
      entries.delete(id);
      const reason = fields.u32();
      settle(entry, Object.assign(new Error(`(SSH) Channel open failure: ${fields.text()}`), { reason }));
    },
    [WINDOW_ADJUST]: ({ channel }, fields) => channel.roomFor(fields.u32()),
    [DATA]: ({ channel }, fields) => channel.received('stdout', fields.bytes()),
    [EXTENDED_DATA]({ channel }, fields) {
      fields.u32();
      channel.received('stderr', fields.bytes());
    },
    [EOF]: ({ channel }) => channel.ended(),
    [CLOSE](entry, _fields, id) {
      entry.channel.closedByHost();
      entries.delete(id);
      settle(entry, new Error('The host closed the session.'));
    },
    [REQUEST](entry, fields) {
      const name = fields.text();
      if (fields.u8() !== 0) send(FAILURE, { u32: entry.remote });
      if (name === 'exit-status') entry.channel.emit('exit', fields.u32());
      if (name === 'exit-signal') entry.channel.emit('exit', null, `SIG${fields.text()}`);
    },
    [SUCCESS]: (entry) => settle(entry),
    [FAILURE](entry) {
      entry.channel.close();
      settle(entry, new Error('Unable to exec'));
    },
  };

  socket.once('close', () => {
    gone = true;
    for (const entry of entries.values()) {
      entry.channel.closedByHost();
      settle(entry, new Error('No response from server'));
    }
    entries.clear();
    const words = lastWords();
    if (words !== undefined) {
      const level = /^Timeout, server /.test(words) ? 'client-timeout' : 'client-socket';
      events.emit('error', Object.assign(new Error(words), { level }));
    }
    events.emit('close');
  });
  socket.on('error', () => undefined);
  events.on('error', () => undefined);

  const transport: MuxClient = {
    socket,
    exec(line, { env }, callback) {
      const request = (entry: Entry): void => {
        const ask = (name: string, reply: number, ...fields: readonly Field[]): void =>
          send(REQUEST, { u32: entry.remote }, { text: name }, { u8: reply }, ...fields);
        for (const [name, value] of Object.entries(env)) ask('env', 0, { text: name }, { text: value });
        ask('exec', 1, { text: line });
      };
      open('session', [], request, (error, channel: CommandChannel) => callback(error, channel));
    },
    shell({ term, rows, cols }, callback) {
      const request = (entry: Entry): void => {
        const ask = (name: string, reply: number, ...fields: readonly Field[]): void =>
          send(REQUEST, { u32: entry.remote }, { text: name }, { u8: reply }, ...fields);
        // A terminal that is refused leaves a shell without one, which is of no use: only the shell is waited for.
        ask('pty-req', 0, { text: term }, ...windowFields(rows, cols), { text: NO_MODES });
        ask('shell', 1);
      };
      open('session', [], request, callback);
    },
    forwardOut(sourceHost, sourcePort, host, port, callback) {
      const way = [{ text: host }, { u32: port }, { text: sourceHost }, { u32: sourcePort }];
      open('direct-tcpip', way, undefined, (error, channel) => {
        channel.stderr.resume();
        callback(error, channel as Duplex);
      });
    },
    end,
    on: (event: 'error' | 'close', listener: (error: Error & { level?: string }) => void) => events.on(event, listener),
  };

  return {
    transport,
    receive(message) {
      const fields = readFields(message);
      fields.u8();
      const type = fields.u8();
      const handler = handlers[type];
      if (handler === undefined) return;
      const id = fields.u32();
      const entry = entries.get(id);
      if (entry !== undefined) handler(entry, fields, id);
    },
  };
}

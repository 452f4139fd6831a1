import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { DatabaseFacts } from '../../core/datastore/trial/answer';
import { firstLine, refused, shortestRoundTrip, type Client } from './client';
import { fromNatsKey, toNatsKey } from './kineKeys';
import { encrypted } from './tls';

/** What a server says first, as far as it matters. https://docs.nats.io/reference/reference-protocols/nats-protocol#info */
interface Info {
  readonly version?: string;
  readonly jetstream?: boolean;
  readonly tls_required?: boolean;
  readonly tls_available?: boolean;
}

const LARGEST = 2 ** 20;

/** Speaks the protocol itself, which is lines of text: greets, logs in, asks JetStream for the bucket. */
export const askNats: Client = async (access, open) => {
  const opened = await open();
  if (!opened.ok) return refused(opened.error);
  const info = JSON.parse((await firstLine(opened.value)).replace(/^INFO /, '')) as Info;
  if (access.tls === undefined && info.tls_required === true)
    return refused({
      at: 'encryption',
      code: 'wants-tls',
      says: 'It asks for TLS, and the cluster file names no authority for it.',
    });
  if (access.tls !== undefined && info.tls_required !== true && info.tls_available !== true)
    return refused({ at: 'encryption', code: 'NO_SSL', says: 'It offers no TLS.' });
  const secured = await encrypted(opened.value, access);
  if (!secured.ok) return refused(secured.error);
  const wire = createWire(secured.value);
  const { user, password } = access;
  wire.send(
    `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, lang: 'k3s-ha', version: '1', headers: true, no_responders: true, ...(user === '' ? {} : { user, pass: password }) })}`,
  );
  const greeting = await wire.ping();
  if (greeting !== undefined)
    return refused({
      at: 'login',
      code: /authorization|authentication/i.test(greeting) ? 'authorization' : 'protocol',
      says: greeting,
    });
  const roundTripMs = await shortestRoundTrip(() => wire.ping());
  const account = info.jetstream === true ? await wire.request('$JS.API.INFO') : undefined;
  const subjects = `$KV.${access.database}.`;
  const bucket =
    account === undefined || account['error'] !== undefined
      ? { settings: { jetstream: 'off' } }
      : readBucket(
          await wire.request(`$JS.API.STREAM.INFO.KV_${access.database}`, {
            subjects_filter: `${subjects}${toNatsKey('/bootstrap')}.>`,
          }),
          subjects,
        );
  const facts: DatabaseFacts = {
    product: 'NATS',
    version: info.version ?? '',
    roundTripMs,
    exists: true,
    lacks: [],
    ...bucket,
  };
  return { kind: 'answered', facts };
};

/** How much is in the bucket, and what clusters keep there. A server before 2.7.2 tells no subjects. */
function readBucket(
  reply: Readonly<Record<string, unknown>> | undefined,
  prefix: string,
): Pick<DatabaseFacts, 'settings' | 'bootstrapKeys'> {
  const settings = { jetstream: 'on' };
  if (reply === undefined || reply['error'] !== undefined) return { settings };
  const { messages, subjects } = (reply['state'] ?? {}) as { readonly messages?: unknown; readonly subjects?: unknown };
  const names = typeof subjects === 'object' && subjects !== null ? Object.keys(subjects) : [];
  return {
    settings: { ...settings, messages: String(messages ?? 0) },
    bootstrapKeys: names.flatMap((name) =>
      name.startsWith(prefix) ? (fromNatsKey(name.slice(prefix.length)) ?? []) : [],
    ),
  };
}

interface Wire {
  send(line: string): void;
  /** Undefined when the server answers, else what it says against us. */
  ping(): Promise<string | undefined>;
  /** The answer of a service as JSON; undefined when nobody answers for it. */
  request(subject: string, question?: object): Promise<Readonly<Record<string, unknown>> | undefined>;
}

function createWire(stream: Duplex): Wire {
  const inbox = `_INBOX.${randomBytes(12).toString('hex')}`;
  let text = Buffer.alloc(0);
  let onPong: ((said: string | undefined) => void) | undefined;
  let onReply: ((reply: Readonly<Record<string, unknown>> | undefined) => void) | undefined;
  let subscribed = false;
  let said = '';
  const end = (): void => {
    onPong?.(said === '' ? 'It closed the connection.' : said);
    onReply?.(undefined);
  };
  const send = (line: string): void => void stream.write(`${line}\r\n`);
  const take = (): boolean => {
    const at = text.indexOf('\r\n');
    if (at < 0) return false;
    const line = text.subarray(0, at).toString('utf8');
    const message = /^H?MSG \S+ \S+ (?:\S+ )??(?:(\d+) )?(\d+)$/.exec(line);
    const size = message === null ? 0 : Number(message[2]) + 2;
    if (text.length < at + 2 + size) return false;
    const body = text.subarray(at + 2 + Number(message?.[1] ?? 0), at + 2 + Math.max(0, size - 2)).toString('utf8');
    text = text.subarray(at + 2 + size);
    if (message !== null)
      onReply?.(line.startsWith('HMSG') ? undefined : (JSON.parse(body) as Record<string, unknown>));
    else if (line === 'PING') send('PONG');
    else if (line === 'PONG') onPong?.(undefined);
    else if (line.startsWith('-ERR')) {
      said = line.replace(/^-ERR\s*/, '').replaceAll("'", '');
      if (/permissions violation/i.test(said)) onReply?.(undefined);
      else onPong?.(said);
    }
    return true;
  };
  stream.on('data', (bytes: Buffer) => {
    text = Buffer.concat([text, bytes]);
    if (text.length > LARGEST) stream.destroy();
    while (take());
  });
  stream.on('error', end);
  stream.on('close', end);
  stream.resume();
  return {
    send,
    ping: () =>
      new Promise((resolve) => {
        onPong = resolve;
        send('PING');
      }),
    request: (subject, question) =>
      new Promise((resolve) => {
        const text = question === undefined ? '' : JSON.stringify(question);
        onReply = resolve;
        if (!subscribed) send(`SUB ${inbox} 1`);
        subscribed = true;
        send(`PUB ${subject} ${inbox} ${Buffer.byteLength(text)}\r\n${text}`);
      }),
  };
}

import { request as requestPlain, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestEncrypted } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { AwsV4Signer } from 'aws4fetch';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { WantedObject } from '../../engine/ports';
import { refused } from './objectProblem';

export interface Limits {
  /** Until it is connected, and then without a single byte. */
  readonly connectMs: number;
  readonly silenceMs: number;
}

export interface ObjectAnswer {
  /** What it says to have. */
  readonly size: number | undefined;
  readonly pieces: AsyncIterable<Uint8Array>;
  end(): void;
}

const LONGEST_REFUSAL = 16 * 1024;

/** Asks for an object with a signed request. Throws when nothing answers; a refusal is a problem. */
export async function requestObject(
  wanted: WantedObject,
  through: WantedObject['connect'],
  limits: Limits,
): Promise<Result<ObjectAnswer, Problem>> {
  const { accessKey, secretKey, sessionToken, region, signal } = wanted;
  const signed = await new AwsV4Signer({
    method: 'GET',
    url: wanted.url,
    service: 's3',
    region,
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  }).sign();
  const { url } = signed;
  const encrypted = url.protocol === 'https:';
  const tls = {
    ...(wanted.ca === undefined ? {} : { ca: wanted.ca }),
    rejectUnauthorized: wanted.checksCertificate,
  };
  const options: RequestOptions & Partial<typeof tls> = {
    method: 'GET',
    headers: Object.fromEntries(signed.headers),
    ...(encrypted ? tls : {}),
    ...(signal === undefined ? {} : { signal }),
  };
  const stream = through === undefined ? undefined : await tunnel(through, url);
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const dial = (socket: Duplex): Duplex =>
    encrypted ? connectTls({ ...tls, socket, ...(isIP(name) === 0 ? { servername: name } : { host: name }) }) : socket;
  const asked = (encrypted ? requestEncrypted : requestPlain)(url, {
    ...options,
    // With an agent the connection would be the agent's.
    ...(stream === undefined ? { agent: false } : { createConnection: () => dial(stream) }),
  });
  try {
    const answer = await answerTo(asked, limits);
    if (answer.statusCode === 200) {
      const length = answer.headers['content-length'];
      return ok({
        size: length === undefined ? undefined : Number(length),
        pieces: answer,
        end: () => asked.destroy(),
      });
    }
    const text = await firstBytes(answer);
    asked.destroy();
    return err(refused(wanted, answer.statusCode ?? 0, text));
  } catch (error) {
    stream?.destroy();
    throw error;
  }
}

async function tunnel(
  through: NonNullable<WantedObject['connect']>,
  { hostname, port, protocol }: URL,
): Promise<Duplex> {
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const opened = await through(hostname.replace(/^\[(.*)\]$/, '$1'), number);
  if (!opened.ok) throw Object.assign(new Error(opened.error.message), { problem: opened.error });
  // By the contract of ByteStream a Node Duplex.
  return opened.value as unknown as Duplex;
}

function answerTo(asked: ClientRequest, { connectMs, silenceMs }: Limits): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const late = (ms: number) => () =>
      asked.destroy(Object.assign(new Error(`nothing came for ${ms / 1000} seconds`), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late(connectMs), connectMs);
    asked.setTimeout(silenceMs, late(silenceMs));
    asked.once('response', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    // Stays: an error after the answer ends the reading of its pieces, and must not become an unhandled one.
    asked.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    asked.end();
  });
}

async function firstBytes(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    if (size > LONGEST_REFUSAL) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

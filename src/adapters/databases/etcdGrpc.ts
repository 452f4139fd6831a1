import { connect, constants } from 'node:http2';
import type { Duplex } from 'node:stream';
import { err, ok, type Result } from '../../core/base/result';
import type { DatabaseRefusal } from '../../core/datastore/trial/answer';
import { refusalOf } from './client';

/*
 * The two questions in etcd's own protocol, for an etcd with users: it knows a client by the name in its certificate here, and
 * not at its JSON gateway. Messages of Protocol Buffers are written by hand, for there are two of them.
 * https://github.com/etcd-io/etcd/blob/main/api/etcdserverpb/rpc.proto
 */

/** Status of gRPC: 0 is well. https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export interface GrpcReply {
  readonly status: number;
  readonly says: string;
  readonly body: Buffer;
}

type AskGrpc = (method: 'Range' | 'Txn', message: Buffer) => Promise<Result<GrpcReply, DatabaseRefusal>>;

const LARGEST = 2 ** 20;
const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH } = constants;

/** Asks over one connection, on which `h2` was agreed; `end` leaves the stream to its owner. */
export function grpcOver(stream: Duplex, host: string): { readonly ask: AskGrpc; readonly end: () => void } {
  const session = connect(`http://${host.includes(':') ? `[${host}]` : host}`, { createConnection: () => stream });
  const broken = new Promise<DatabaseRefusal>((resolve) => {
    session.on('error', (error) => resolve(refusalOf(error, 'question')));
    session.on('close', () => resolve({ at: 'question', code: 'closed', says: 'It closed the connection.' }));
  });
  const ask: AskGrpc = (method, message) => {
    const answered = new Promise<Result<GrpcReply, DatabaseRefusal>>((resolve) => {
      const request = session.request({
        [HTTP2_HEADER_METHOD]: 'POST',
        [HTTP2_HEADER_PATH]: `/etcdserverpb.KV/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      let said: Readonly<Record<string, unknown>> = {};
      const pieces: Buffer[] = [];
      let size = 0;
      request.on('response', (headers) => (said = { ...said, ...headers }));
      request.on('trailers', (trailers) => (said = { ...said, ...trailers }));
      request.on('data', (piece: Buffer) => {
        pieces.push(piece);
        size += piece.length;
        if (size > LARGEST) request.destroy(new Error('The answer is too long.'));
      });
      request.on('error', (error) => resolve(err(refusalOf(error, 'question'))));
      request.on('end', () =>
        resolve(
          ok({
            status: Number(said['grpc-status'] ?? 2),
            says: textOf(String(said['grpc-message'] ?? '')),
            body: Buffer.concat(pieces).subarray(5),
          }),
        ),
      );
      const head = Buffer.alloc(5);
      head.writeUInt32BE(message.length, 1);
      request.end(Buffer.concat([head, message]));
    });
    return Promise.race([answered, broken.then((refusal) => err(refusal))]);
  };
  return { ask, end: () => session.destroy() };
}

/** RangeRequest: at most a hundred keys that begin as this one, without their values. */
export function rangeMessage(from: string, to: string): Buffer {
  return Buffer.concat([bytes(1, from), bytes(2, to), number(3, 100), number(8, 1)]);
}

/** TxnRequest: puts a key under a condition that is never true (its version is less than 0). */
export function impossiblePut(key: string): Buffer {
  const LESS = 2;
  const compare = Buffer.concat([number(1, LESS), bytes(3, key), number(4, 0)]);
  return Buffer.concat([bytes(1, compare), bytes(2, bytes(2, bytes(1, key)))]);
}

/** The keys of a RangeResponse. */
export function keysOfRange(body: Buffer): readonly string[] {
  return fields(body, 2).flatMap((pair) => fields(pair, 1).map((key) => key.toString('utf8')));
}

function bytes(field: number, content: string | Buffer): Buffer {
  const value = Buffer.from(content as string);
  return Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}

/** What a message has of one field of bytes; everything else is passed over. */
function fields(message: Buffer, wanted: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; at < message.length; factor *= 128) {
      const digit = message[at++] ?? 0;
      value += (digit % 128) * factor;
      if (digit < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = next();
    const kind = tag % 8;
    if (kind === 0) next();
    else if (kind === 2) {
      const length = next();
      if (Math.floor(tag / 8) === wanted) found.push(message.subarray(at, at + length));
      at += length;
    } else at += kind === 1 ? 8 : 4;
  }
  return found;
}

/** Messages are percent-encoded. */
function textOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

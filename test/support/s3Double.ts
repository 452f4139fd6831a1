import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createEncrypted } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface S3DoubleOptions {
  readonly host?: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
  readonly region?: string;
  /** The bucket stands in the host name. */
  readonly inHost?: boolean;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Ends the connection after so many bytes of an object. */
  readonly cutAfter?: number;
}

/** A double of an S3 service: it keeps objects of one bucket and judges signatures (version 4) by itself. */
export interface S3Double {
  readonly port: number;
  readonly objects: Map<string, Buffer>;
  /** `METHOD host path` of every request, with what was answered. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function s3Double(options: S3DoubleOptions): Promise<S3Double> {
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [status, body] = judged(request, options, objects);
    asked.push(`${request.method} ${request.headers.host} ${request.url} ${status}`);
    response.writeHead(status, { 'content-length': body.length });
    if (status !== 200 || options.cutAfter === undefined) return void response.end(body);
    response.write(body.subarray(0, options.cutAfter), () => request.socket.destroy());
  };
  const server: Server = options.tls === undefined ? createServer(answer) : createEncrypted(options.tls, answer);
  await new Promise<void>((resolve) => server.listen(0, options.host ?? '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    objects,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function judged(
  request: IncomingMessage,
  options: S3DoubleOptions,
  objects: ReadonlyMap<string, Buffer>,
): [number, Buffer] {
  const refuse = (status: number, code: string, says: string): [number, Buffer] => [
    status,
    Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${says}</Message></Error>`),
  ];
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const [accessKey, day = '', region = ''] = credential.split('/');
  if (accessKey !== options.accessKey)
    return refuse(403, 'InvalidAccessKeyId', 'The Access Key Id you provided does not exist in our records.');
  if (region !== (options.region ?? 'us-east-1'))
    return refuse(400, 'AuthorizationHeaderMalformed', `The region '${region}' is wrong`);
  if (request.headers['x-amz-security-token'] !== options.sessionToken)
    return refuse(403, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name] ?? '')}\n`);
  const payload = String(request.headers['x-amz-content-sha256']);
  const canonical = [request.method, path, query, headers.join(''), names, payload].join('\n');
  const scope = credential.slice(credential.indexOf('/') + 1);
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${options.secretKey}`);
  const right = hmac(key, ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), scope, hash].join('\n'));
  if (signature !== right.toString('hex') || !names.split(';').includes('host'))
    return refuse(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.');
  const named = decodeURIComponent(path.slice(1));
  const full = options.inHost === true ? `${(request.headers.host ?? '').split('.')[0]}/${named}` : named;
  if (full.slice(0, full.indexOf('/')) !== options.bucket)
    return refuse(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const found = objects.get(full.slice(options.bucket.length + 1));
  return found === undefined ? refuse(404, 'NoSuchKey', 'The specified key does not exist.') : [200, found];
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

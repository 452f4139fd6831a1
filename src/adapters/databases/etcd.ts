import { Agent, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { objectOf } from '../../core/base/json';
import { err, ok, type Result } from '../../core/base/result';
import type { DatabaseAccess, DatabaseAnswer, DatabaseFacts, DatabaseRefusal } from '../../core/datastore/trial/answer';
import { refusalOf, refused, shortestRoundTrip, type Client, type OpenStream } from './client';
import { grpcOver, impossiblePut, keysOfRange, rangeMessage, type GrpcReply } from './etcdGrpc';
import { encrypted } from './tls';

interface Reply {
  readonly status: number;
  readonly body: string;
}
type Ask = (path: string, body?: object) => Promise<Result<Reply, DatabaseRefusal>>;

const ALARM = /NOSPACE|space exceeded|corrupt/i;
const LARGEST = 2 ** 20;
const BOOTSTRAP = '/bootstrap/';
const ALL_KEYS = '/registry/';

/**
 * Asks the JSON gateway that etcd has beside gRPC. Whether it may write is asked with a transaction whose condition cannot be true: etcd
 * checks the rights of both of its branches, its alarms and its quorum, and changes nothing. Where the gateway is off, or does not
 * know a user by a certificate, the same is asked by gRPC.
 * https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/
 */
export const askEtcd: Client = async (access, open) => {
  const opened = await open();
  if (!opened.ok) return refused(opened.error);
  const secured = await encrypted(opened.value, access);
  if (!secured.ok) return refused(secured.error);
  const ask = asking(secured.value, access.host);
  const version = await ask('/version');
  if (!version.ok) return refused(version.error);
  const told = objectOf(version.value.body);
  if (typeof told['etcdserver'] !== 'string')
    return refused({ at: 'question', code: 'no-etcd', says: 'What answers there tells no version of etcd.' });
  const roundTripMs = await shortestRoundTrip(() => ask('/version'));
  const facts: DatabaseFacts = {
    product: 'etcd',
    version: told['etcdserver'],
    roundTripMs,
    exists: true,
    settings: {},
  };
  const kept = await ask('/v3/kv/range', {
    key: base64(BOOTSTRAP),
    range_end: base64(after(BOOTSTRAP)),
    keys_only: true,
    limit: 100,
  });
  if (!kept.ok) return refused(kept.error);
  if (kept.value.status !== 200) return withoutGateway(kept.value, () => askByGrpc(facts, access, open));
  const bootstrapKeys = keysIn(kept.value.body);
  const key = base64(`${ALL_KEYS}k3s-ha-trial`);
  const written = await ask('/v3/kv/txn', {
    compare: [{ key, target: 'VERSION', result: 'LESS', version: '0' }],
    success: [{ request_put: { key, value: '' } }],
  });
  if (!written.ok) return refused(written.error);
  if (written.value.status !== 200 && ALARM.test(written.value.body))
    return { kind: 'answered', facts: { ...facts, bootstrapKeys, settings: { alarms: saidIn(written.value.body) } } };
  if (written.value.status !== 200) return withoutGateway(written.value, () => askByGrpc(facts, access, open));
  return { kind: 'answered', facts: { ...facts, bootstrapKeys, lacks: [] } };
};

/** Asks over one connection, which stays open between questions. */
function asking(stream: Duplex, host: string): Ask {
  const agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), { createConnection: () => stream });
  return (path, body) =>
    new Promise((resolve) => {
      const method = body === undefined ? 'GET' : 'POST';
      const sent = request({ agent, host, path, method, headers: { 'content-type': 'application/json' } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
          if (text.length > LARGEST) stream.destroy(new Error('The answer is too long.'));
        });
        answer.on('end', () => resolve(ok({ status: answer.statusCode ?? 0, body: text })));
        answer.on('error', (error) => resolve(err(refusalOf(error, 'question'))));
      });
      sent.on('error', (error) => resolve(err(refusalOf(error, 'question'))));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** A gateway that is off, or that takes no client certificate for a user, keeps a client of gRPC from nothing. */
async function withoutGateway(
  { status, body }: Reply,
  otherwise: () => Promise<DatabaseAnswer>,
): Promise<DatabaseAnswer> {
  const says = saidIn(body);
  if (/permission denied/i.test(says)) return refused({ at: 'question', code: 'permission', says });
  if (status >= 500 && !NO_USER.test(says)) return refused({ at: 'question', code: String(status), says });
  return otherwise();
}

/** PERMISSION_DENIED and UNAUTHENTICATED, and what etcd says with INVALID_ARGUMENT to a certificate without a user. */
const NO_RIGHT = [7, 16];
const NO_USER = /user name is empty|invalid auth token|authentication failed/i;

async function askByGrpc(facts: DatabaseFacts, access: DatabaseAccess, open: OpenStream): Promise<DatabaseAnswer> {
  const opened = await open();
  if (!opened.ok) return refused(opened.error);
  const secured = await encrypted(opened.value, access, 'h2');
  if (!secured.ok) return refused(secured.error);
  const { ask, end } = grpcOver(secured.value, access.host);
  try {
    const kept = await ask('Range', rangeMessage(BOOTSTRAP, after(BOOTSTRAP)));
    if (!kept.ok) return refused(kept.error);
    if (kept.value.status !== 0) return refused(refusedBy(kept.value));
    const bootstrapKeys = keysOfRange(kept.value.body);
    const written = await ask('Txn', impossiblePut(`${ALL_KEYS}k3s-ha-trial`));
    if (!written.ok) return refused(written.error);
    const { status, says } = written.value;
    if (status !== 0 && ALARM.test(says))
      return { kind: 'answered', facts: { ...facts, bootstrapKeys, settings: { alarms: says } } };
    if (status !== 0) return refused(refusedBy(written.value));
    return { kind: 'answered', facts: { ...facts, bootstrapKeys, lacks: [] } };
  } finally {
    end();
  }
}

function refusedBy({ status, says }: GrpcReply): DatabaseRefusal {
  const isRight = NO_RIGHT.includes(status) || NO_USER.test(says);
  return { at: 'question', code: isRight ? 'permission' : String(status), says };
}

function saidIn(body: string): string {
  const { error, message } = objectOf(body);
  return [error, message].find((one) => typeof one === 'string') ?? body.slice(0, 200);
}

function keysIn(body: string): readonly string[] {
  const { kvs } = objectOf(body);
  return (Array.isArray(kvs) ? kvs : []).map((one: { readonly key?: unknown }) =>
    Buffer.from(String(one.key ?? ''), 'base64').toString('utf8'),
  );
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The first key behind all that begin with this one. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

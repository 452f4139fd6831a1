import type { Duplex } from 'node:stream';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { DatastoreType } from '../../core/datastore/kind';
import type { DatabaseAccess, DatabaseAnswer } from '../../core/datastore/trial/answer';
import { trialOf } from '../../core/datastore/trial/registry';
import { verdict } from '../../core/datastore/trial/verdict';
import type { ByteStream, DatabaseClients } from '../../engine/ports';
import { refusalOf, refused, type Client, type OpenStream } from './client';
import { askEtcd } from './etcd';
import { askMysql } from './mysql';
import { askNats } from './nats';
import { askPostgres } from './postgres';
import { askSimulated } from './simulated';

const CLIENTS: Partial<Record<DatastoreType, Client>> = {
  mysql: askMysql,
  postgres: askPostgres,
  etcd: askEtcd,
  nats: askNats,
};

/** {@link DatabaseClients} with a real client for each kind. */
export const databaseClients: DatabaseClients = {
  async try({ type, endpoint, tls, context, nearMs, simulated }, connect, limits) {
    const trial = trialOf(type);
    const client = simulated === true ? askSimulated : CLIENTS[type];
    const [first, ...others] = trial?.accesses(endpoint, tls) ?? [];
    if (trial === undefined || client === undefined || first === undefined) return undefined;
    const tried = await Promise.all(
      [first, ...others].map(async (access) => {
        const { host, port } = access;
        const answer = await askWithin(client, access, () => connect(host, port), limits);
        return { host, port, answer: answer.kind === 'answered' ? withoutWay(answer, nearMs) : answer };
      }),
    );
    return verdict(trial, tried, { ...context, database: first.database, user: first.user });
  },
};

type Answered = DatabaseAnswer & { readonly kind: 'answered' };

/** The way to the server is the trial's and not that of K3s. */
function withoutWay({ facts, ...answer }: Answered, nearMs: number): Answered {
  return { ...answer, facts: { ...facts, roundTripMs: Math.max(0, facts.roundTripMs - nearMs) } };
}

/** The answer, or that there was none in time; closes every connection in any case. */
async function askWithin(
  client: Client,
  access: DatabaseAccess,
  connect: () => Promise<Result<ByteStream, Problem>>,
  { timeoutMs, signal }: Parameters<DatabaseClients['try']>[2],
): Promise<DatabaseAnswer> {
  const streams: Duplex[] = [];
  let over = false;
  const open: OpenStream = async () => {
    const opened = await connect();
    if (!opened.ok)
      return err({ at: 'connection', code: opened.error.code, says: opened.error.message, cause: opened.error });
    const stream = opened.value as Duplex;
    // Whoever uses it hears of its errors; afterwards nobody has to.
    stream.on('error', () => undefined);
    streams.push(stream);
    if (over) stream.destroy();
    return ok(stream);
  };
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<DatabaseAnswer>((resolve) => {
    const end = (code: string, says: string): void =>
      resolve(refused({ at: streams.length === 0 ? 'connection' : 'question', code, says }));
    timer = setTimeout(
      () => end(streams.length === 0 ? 'silent' : 'timeout', `There was no answer within ${timeoutMs / 1000} s.`),
      timeoutMs,
    );
    onAbort = () => end('cancelled', 'It was cancelled.');
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
  try {
    const asked = client(access, open).catch((error: unknown) => refused(refusalOf(error, 'question')));
    return await Promise.race([asked, ended]);
  } finally {
    over = true;
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    for (const stream of streams) stream.destroy();
  }
}

import type { Duplex } from 'node:stream';
import { Client as PgClient } from 'pg';
import { err, ok, type Result } from '../../core/base/result';
import type { DatabaseAccess, DatabaseFacts, DatabaseRefusal } from '../../core/datastore/trial/answer';
import { refusalOf, refused, shortestRoundTrip, type Client, type OpenStream } from './client';
import { tlsOptions } from './tls';

type Rows = readonly Readonly<Record<string, unknown>>[];
type Ask = (sql: string, values?: readonly string[]) => Promise<Rows>;

const UNKNOWN_DATABASE = '3D000';
const NO_TLS = 'NO_SSL';
/** From here kine creates the database of the endpoint. https://github.com/k3s-io/kine/blob/master/pkg/drivers/pgsql/pgsql.go */
const COMMON_DATABASE = 'postgres';

const SCHEMA_RIGHTS = ['CREATE', 'USAGE'];
const TABLE_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** Logs in as pgx does, reads, and closes; all rights can be asked for, so nothing is made. */
export const askPostgres: Client = async (access, open) => {
  const inside = await logIn(access, access.database, open);
  const isMissing = !inside.ok && inside.error.code === UNKNOWN_DATABASE;
  const connected = isMissing ? await logIn(access, COMMON_DATABASE, open) : inside;
  if (!connected.ok) return refused(isMissing && !inside.ok ? inside.error : connected.error);
  const client = connected.value;
  try {
    const ask: Ask = async (sql, values = []) => (await client.query(sql, [...values])).rows as Rows;
    return { kind: 'answered', facts: await look(ask, inside.ok) };
  } catch (error) {
    return refused(refusalOf(error, 'question'));
  }
};

async function logIn(
  access: DatabaseAccess,
  database: string,
  open: OpenStream,
): Promise<Result<PgClient, DatabaseRefusal>> {
  const first = await logInOnce(access, database, open);
  if (first.ok || first.error.code !== NO_TLS || access.tls?.optional !== true) return first;
  const { tls: _, ...plain } = access;
  return logInOnce(plain, database, open);
}

async function logInOnce(
  { host, port, user, password, tls }: DatabaseAccess,
  database: string,
  open: OpenStream,
): Promise<Result<PgClient, DatabaseRefusal>> {
  const opened = await open();
  if (!opened.ok) return opened;
  const client = new PgClient({
    host,
    port,
    user,
    // A function, so that neither PGPASSWORD nor ~/.pgpass of this machine is ever looked at.
    password: () => password,
    database,
    // As for the password: what is not said is taken from variables of this machine.
    ssl: tls === undefined ? false : tlsOptions(tls, host),
    application_name: 'k3s-ha',
    client_encoding: 'UTF8',
    stream: () => asSocket(opened.value),
  } as ConstructorParameters<typeof PgClient>[0]);
  client.on('error', () => undefined);
  // It took PGOPTIONS of this machine.
  Object.assign((client as unknown as { connectionParameters: object }).connectionParameters, { options: undefined });
  try {
    await client.connect();
    await client.query('SET default_transaction_read_only = on');
    return ok(client);
  } catch (error) {
    const found = refusalOf(error, 'login');
    return err(/does not support SSL/.test(found.says) ? { ...found, at: 'encryption', code: NO_TLS } : found);
  }
}

/** The client opens its socket itself; this one is open already. */
function asSocket(stream: Duplex): Duplex {
  const nothing = (): Duplex => stream;
  return Object.assign(stream, {
    connect: () => {
      setImmediate(() => stream.emit('connect'));
      return stream;
    },
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
  });
}

const HEAD = `SELECT current_setting('server_version') AS version, extract(epoch FROM clock_timestamp()) AS time,
  current_setting('max_connections')::int AS most, current_setting('superuser_reserved_connections')::int AS kept,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used, pg_is_in_recovery() AS replica,
  (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS creates`;

async function look(ask: Ask, isInside: boolean): Promise<DatabaseFacts> {
  const [head] = await ask(HEAD);
  const ours = Date.now() / 1000;
  const roundTripMs = await shortestRoundTrip(() => ask('SELECT 1'));
  const inside = isInside ? await content(ask) : { lacks: head?.['creates'] === true ? [] : ['CREATEDB'] };
  return {
    product: 'PostgreSQL',
    version: /^[\d.]+/.exec(String(head?.['version']))?.[0] ?? '',
    clock: { theirs: Number(head?.['time']), ours },
    roundTripMs,
    exists: isInside,
    ...(head?.['replica'] === true ? { readOnly: 'It is a replica (pg_is_in_recovery).' } : {}),
    ...inside,
    connections: {
      limit: Number(head?.['most']) - Number(head?.['kept']),
      used: Number(head?.['used']),
      kept: Number(head?.['kept']),
    },
    settings: {},
  };
}

/** What kine keeps, and whether it may make it or change it. https://github.com/k3s-io/kine/blob/master/pkg/drivers/generic/generic.go */
async function content(ask: Ask): Promise<Pick<DatabaseFacts, 'bootstrapKeys' | 'revisions' | 'lacks'>> {
  const [place] = await ask("SELECT current_schema() AS schema, to_regclass('kine') IS NOT NULL AS there");
  const schema = place?.['schema'];
  if (place?.['there'] !== true) {
    if (typeof schema !== 'string') return { bootstrapKeys: [], lacks: ['a schema in search_path'] };
    const rights = await held(ask, 'has_schema_privilege', schema, SCHEMA_RIGHTS);
    return { bootstrapKeys: [], lacks: rights.map((right) => `${right} on the schema ${schema}`) };
  }
  const rights = await held(ask, 'has_table_privilege', 'kine', TABLE_RIGHTS);
  const lacks = rights.map((right) => `${right} on the table kine`);
  if (rights.includes('SELECT')) return { lacks };
  const keys = await ask("SELECT DISTINCT name FROM kine WHERE name LIKE '/bootstrap/%' LIMIT 100");
  const [revision] = await ask(
    "SELECT (SELECT max(id) FROM kine) AS last, (SELECT max(prev_revision) FROM kine WHERE name = 'compact_rev_key') AS compacted",
  );
  return {
    lacks,
    bootstrapKeys: keys.map(({ name }) => String(name)),
    revisions: { last: Number(revision?.['last'] ?? 0), compacted: Number(revision?.['compacted'] ?? 0) },
  };
}

/** Those of the rights that the login does not have. */
async function held(
  ask: Ask,
  question: 'has_schema_privilege' | 'has_table_privilege',
  on: string,
  rights: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    rights.map(async (right) => {
      const [row] = await ask(`SELECT ${question}($1, $2) AS held`, [on, right]);
      return row?.['held'] === true ? [] : [right];
    }),
  );
  return found.flat();
}

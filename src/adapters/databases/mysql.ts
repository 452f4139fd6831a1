import { randomBytes } from 'node:crypto';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2';
import { err, ok, type Result } from '../../core/base/result';
import type { DatabaseAccess, DatabaseFacts, DatabaseRefusal, Grant } from '../../core/datastore/trial/answer';
import { lackingRights } from '../../core/datastore/trial/mysqlRights';
import { refusalOf, refused, shortestRoundTrip, type Client, type OpenStream } from './client';

type Rows = readonly Readonly<Record<string, string | number | null>>[];
type Ask = (sql: string, values?: readonly string[]) => Promise<Rows>;

const DENIED_DATABASE = '1044';
const UNKNOWN_DATABASE = '1049';

/** Variables that decide whether K3s can work with the database; those that a server does not have are not told. */
const SETTINGS = [
  'auto_increment_increment',
  'innodb_default_row_format',
  'innodb_large_prefix',
  'innodb_snapshot_isolation',
  'wsrep_on',
];

const GRANTS = `SELECT PRIVILEGE_TYPE AS privilege, NULL AS place FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = @me
UNION ALL SELECT PRIVILEGE_TYPE, TABLE_SCHEMA FROM information_schema.SCHEMA_PRIVILEGES WHERE GRANTEE = @me`;

/** Logs in as go-sql-driver does, reads, and closes. */
export const askMysql: Client = async (access, open) => {
  const inside = await logIn(access, access.database, open);
  const isMissing = !inside.ok && [DENIED_DATABASE, UNKNOWN_DATABASE].includes(inside.error.code);
  const connected = isMissing ? await logIn(access, undefined, open) : inside;
  if (!connected.ok) return refused(connected.error);
  const connection = connected.value;
  const ask = asking(connection);
  try {
    return { kind: 'answered', facts: await look(access, ask, inside.ok) };
  } catch (error) {
    return refused(mysqlRefusal(error, 'question'));
  } finally {
    connection.destroy();
  }
};

async function logIn(
  { host, port, user, password, tls }: DatabaseAccess,
  database: string | undefined,
  open: OpenStream,
): Promise<Result<Connection, DatabaseRefusal>> {
  const opened = await open();
  if (!opened.ok) return opened;
  // Where there is no name for SNI, Node compares the certificate with this: https://github.com/nodejs/node/blob/v22.x/lib/internal/tls/wrap.js
  const stream = Object.assign(opened.value, { _host: host });
  const connection = createConnection({
    stream: () => stream,
    host,
    port,
    user,
    password,
    ...(database === undefined ? {} : { database }),
    charset: 'utf8mb4',
    dateStrings: true,
    disableEval: true,
    flags: ['-LOCAL_FILES'],
    ...(tls === undefined
      ? {}
      : {
          ssl: {
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
            ...(tls.key === undefined ? {} : { key: tls.key }),
            rejectUnauthorized: tls.checks !== 'nothing',
            verifyIdentity: tls.checks === 'name',
          },
        }),
  });
  connection.on('error', () => undefined);
  return new Promise((resolve) => {
    connection.connect((error) => {
      if (error === null) return resolve(ok(connection));
      connection.destroy();
      resolve(err(mysqlRefusal(error, 'login')));
    });
  });
}

/** Numbers of the server stay numbers; whatever else has a code of TLS or of the library. */
function mysqlRefusal(error: unknown, at: DatabaseRefusal['at']): DatabaseRefusal {
  const found = refusalOf(error, at);
  const { errno, sqlState } = error as { readonly errno?: unknown; readonly sqlState?: unknown };
  if (typeof errno === 'number' && typeof sqlState === 'string') return { ...found, code: String(errno) };
  if (/authentication using unknown plugin|auth.*plugin/i.test(found.says)) return { ...found, code: 'unsupported' };
  return found;
}

function asking(connection: Connection): Ask {
  return (sql, values = []) =>
    new Promise((resolve, reject) => {
      connection.query<RowDataPacket[]>(sql, [...values], (error, rows) => {
        if (error === null) resolve(rows as Rows);
        else reject(error);
      });
    });
}

async function look({ database }: DatabaseAccess, ask: Ask, isInside: boolean): Promise<DatabaseFacts> {
  const [head] = await ask(
    'SELECT VERSION() AS version, UNIX_TIMESTAMP() AS time, @@max_connections AS most, @@read_only AS readOnly, CURRENT_USER() AS me',
  );
  const version = String(head?.['version'] ?? '');
  const ours = Date.now() / 1000;
  const settings = await ask('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?, ?, ?, ?, ?)', SETTINGS);
  const [used] = await ask("SHOW GLOBAL STATUS LIKE 'Threads_connected'");
  const roundTripMs = await shortestRoundTrip(() => ask('DO 1'));
  const exists = isInside || (await isThere(ask, database));
  const lacks = await rightsThatLack(ask, String(head?.['me'] ?? ''), database, isInside);
  const readOnly = ['1', 'ON'].includes(String(head?.['readOnly'])) ? 'The variable read_only is on.' : undefined;
  return {
    product: /mariadb/i.test(version) ? 'MariaDB' : 'MySQL',
    // MariaDB puts 5.5.5- in front for old clients.
    version: /\d+\.\d+\.\d+/.exec(version.replace(/^5\.5\.5-(?=\d)/, ''))?.[0] ?? version,
    clock: { theirs: Number(head?.['time']), ours },
    roundTripMs,
    exists,
    ...(lacks === undefined ? {} : { lacks }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(isInside ? await content(ask, database) : {}),
    connections: { limit: Number(head?.['most']), used: Number(used?.['Value'] ?? 0) },
    settings: Object.fromEntries(settings.map((row) => [String(row['Variable_name']), String(row['Value'])])),
  };
}

async function isThere(ask: Ask, database: string): Promise<boolean> {
  return (await ask('SELECT 1 AS there FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [database])).length > 0;
}

/**
 * What the grants say, if that is enough. Roles give rights that stand in no list which the user may read: then a table is made
 * in the database, if that is there, and dropped.
 */
async function rightsThatLack(
  ask: Ask,
  me: string,
  database: string,
  isInside: boolean,
): Promise<readonly string[] | undefined> {
  const at = me.lastIndexOf('@');
  await ask('SET @me = ?', [`'${me.slice(0, at)}'@'${me.slice(at + 1)}'`]);
  const grants = (await ask(GRANTS)).map(({ privilege, place }): Grant => ({
    privilege: String(privilege).toUpperCase(),
    ...(place === null || place === undefined ? {} : { database: String(place) }),
  }));
  const lacks = lackingRights(grants, database);
  if (lacks.length === 0) return lacks;
  if (!isInside) return (await hasRole(ask)) ? undefined : lacks;
  if (!(await hasRole(ask))) return lacks;
  const table = `k3s_ha_trial_${randomBytes(8).toString('hex')}`;
  try {
    await ask(
      `CREATE TABLE ${table} (id BIGINT PRIMARY KEY, name VARCHAR(630) CHARACTER SET ascii, UNIQUE KEY (name))`,
    );
    return [];
  } catch {
    return lacks;
  } finally {
    await ask(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
  }
}

async function hasRole(ask: Ask): Promise<boolean> {
  try {
    const [row] = await ask('SELECT CURRENT_ROLE() AS role');
    return !['', 'NONE', 'null', 'undefined'].includes(String(row?.['role']));
  } catch {
    return false; // MySQL 5.7 has none
  }
}

/** What kine keeps. https://github.com/k3s-io/kine/blob/master/pkg/drivers/generic/generic.go */
async function content(ask: Ask, database: string): Promise<Pick<DatabaseFacts, 'bootstrapKeys' | 'revisions'>> {
  const tables = await ask(
    "SELECT 1 AS there FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'kine'",
    [database],
  );
  if (tables.length === 0) return { bootstrapKeys: [] };
  const keys = await ask("SELECT DISTINCT name FROM kine WHERE name LIKE '/bootstrap/%' LIMIT 100");
  const [last] = await ask('SELECT MAX(id) AS id FROM kine');
  const [compacted] = await ask("SELECT MAX(prev_revision) AS id FROM kine WHERE name = 'compact_rev_key'");
  return {
    bootstrapKeys: keys.map(({ name }) => String(name)),
    revisions: { last: Number(last?.['id'] ?? 0), compacted: Number(compacted?.['id'] ?? 0) },
  };
}

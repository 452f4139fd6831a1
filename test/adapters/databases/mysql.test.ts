import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databaseClients } from '../../../src/adapters/databases/clients';
import { problem } from '../../../src/core/base/problem';
import { err, ok } from '../../../src/core/base/result';
import type { PlacedFinding, TlsTexts } from '../../../src/core/datastore/trial/trial';
import { tlsFolder, type TlsFolder } from '../../support/tlsFiles';
import { mysqlDouble, type MysqlDouble } from './mysqlDouble';

const PASSWORD = 'p-ss-word-of-mysql';
const OWN = 'aaaaaaaaaaaa';
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'INDEX', 'ALTER'];

/** What a usual MySQL 8.4 says, and a table of kine that holds one cluster, if any. */
function mysqlAnswers(cluster?: string): (sql: string) => readonly Readonly<Record<string, string>>[] | undefined {
  return (sql) => {
    const head = { time: String(Math.round(Date.now() / 1000)), most: '151', readOnly: '0', me: 'ksd@%' };
    if (sql.startsWith('SELECT VERSION()')) return [{ version: '8.4.5', ...head }];
    if (sql.includes('SHOW GLOBAL STATUS')) return [{ Variable_name: 'Threads_connected', Value: '3' }];
    if (sql.includes('innodb_snapshot')) return [{ Variable_name: 'innodb_default_row_format', Value: 'dynamic' }];
    if (sql.includes('PRIVILEGE_TYPE')) return RIGHTS.map((privilege) => ({ privilege, place: 'k3s' }));
    if (sql.includes('information_schema.TABLES')) return cluster === undefined ? [] : [{ there: '1' }];
    if (sql.includes('/bootstrap/')) return [{ name: `/bootstrap/${cluster ?? ''}` }];
    if (sql.startsWith('SELECT MAX(')) return [{ id: '7' }];
    return sql.includes('SCHEMATA') ? [] : undefined;
  };
}

describe('MySQL (a double of it) tried before use', () => {
  let tls: TlsFolder;
  let server: MysqlDouble | undefined;
  beforeAll(() => {
    tls = tlsFolder(mkdtempSync(join(tmpdir(), 'k3s-ha-mysql-')));
    tls.authority('ca');
    tls.authority('other-ca');
    tls.issue('server', 'ca', 'subjectAltName=IP:127.0.0.1', 'extendedKeyUsage=serverAuth');
    tls.issue('elsewhere', 'ca', 'subjectAltName=DNS:elsewhere.example.com', 'extendedKeyUsage=serverAuth');
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  afterAll(() => rmSync(tls.folder, { recursive: true, force: true }));
  const pem = (name: string): string => readFileSync(join(tls.folder, name), 'utf8');

  interface How {
    readonly password?: string;
    readonly database?: string;
    /** Name of the certificate that the server has. */
    readonly certificate?: string;
    readonly texts?: TlsTexts;
    readonly cluster?: string;
  }

  async function tried({ password = PASSWORD, database = 'k3s', certificate, texts = {}, cluster }: How = {}) {
    const made = await mysqlDouble({
      user: 'ksd',
      password: PASSWORD,
      databases: ['k3s'],
      answer: mysqlAnswers(cluster),
      ...(certificate === undefined
        ? {}
        : { tls: { certificate: pem(`${certificate}.crt`), key: pem(`${certificate}.key`) } }),
    });
    server = made;
    const found = await databaseClients.try(
      {
        type: 'mysql',
        endpoint: `mysql://ksd:${password}@tcp(127.0.0.1:${made.port})/${database}`,
        tls: texts,
        nearMs: 0,
        context: { servers: 2, k3sVersion: 'v1.36.3+k3s1', tokenHash: OWN },
      },
      () =>
        new Promise((resolve) => {
          const socket = connect(made.port, '127.0.0.1', () => resolve(ok(socket)));
        }),
      { timeoutMs: 5_000 },
    );
    expect(JSON.stringify(found)).not.toContain(password);
    return found ?? [];
  }
  const codes = (found: readonly PlacedFinding[]): readonly string[] =>
    found.map(({ weight, code }) => `${weight} ${code}`);

  it('finds nothing wrong, and makes nothing: the password goes sealed with the key of the server, or over TLS', async () => {
    expect(codes(await tried())).toEqual([]);
    expect(server?.asked.filter((sql) => /^\s*(?:CREATE|DROP|INSERT|UPDATE|DELETE|ALTER)/i.test(sql))).toEqual([]);
    await server?.close();
    expect(codes(await tried({ certificate: 'server', texts: { ca: pem('ca.crt') } }))).toEqual([]);
  });

  it('tells a wrong password and a database that is not there, in the words of MySQL', async () => {
    const [login] = await tried({ password: 'another-one' });
    expect(login).toMatchObject({ weight: 'stops', code: 'datastore-login' });
    expect(login?.why).toBe("Access denied for user 'ksd'@'127.0.0.1' (using password: YES)");
    await server?.close();
    const missing = await tried({ database: 'other' });
    expect(missing.map(({ code }) => code)).toContain('datastore-database-missing');
  });

  it('tells a certificate of another authority, one for other names, and that there is no TLS', async () => {
    expect(codes(await tried({ certificate: 'server', texts: { ca: pem('other-ca.crt') } }))).toEqual([
      'stops datastore-certificate-authority',
    ]);
    await server?.close();
    expect(codes(await tried({ certificate: 'elsewhere', texts: { ca: pem('ca.crt') } }))).toEqual([
      'stops datastore-certificate-name',
    ]);
    await server?.close();
    expect(codes(await tried({ texts: { ca: pem('ca.crt') } }))).toEqual(['stops datastore-not-encrypted']);
  });

  it('knows the data of another cluster from its own', async () => {
    expect(codes(await tried({ cluster: '0123456789ab' }))).toEqual(['stops datastore-other-cluster']);
    await server?.close();
    expect(codes(await tried({ cluster: OWN }))).toEqual(['note datastore-own-data']);
  });

  it('tells a host on which nothing listens', async () => {
    const found = await databaseClients.try(
      { type: 'mysql', endpoint: 'mysql://ksd:x@tcp(10.0.0.9)/k3s', tls: {}, nearMs: 0, context: { servers: 1 } },
      async () => err(problem('ssh-port-refused', 'Nothing listens on port 3306 of 10.0.0.9.')),
      { timeoutMs: 5_000 },
    );
    expect(found).toMatchObject([{ code: 'datastore-unreachable', part: '10.0.0.9:3306' }]);
  });
});

import { createRequire } from 'node:module';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseClients } from '../../src/adapters/databases/clients';
import type * as clientsModule from '../../src/adapters/databases/clients';
import type { DatabaseClients } from '../../src/engine/ports';
import { toNatsKey } from '../../src/adapters/databases/kineKeys';
import { sha256 } from '../../src/adapters/system/sha256';
import type { Plan } from '../../src/core/plan/plan';
import { tlsFolder, type TlsFolder } from '../support/tlsFiles';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { startEtcd, startMariadb, startNats, startPostgres } from './driver/services';
import { engineFor } from './engine';

const SERVERS = ['server-1', 'server-2'];
const PASSWORD = 'p-ss-word-of-the-fleet';
const OWN_KEY = `/bootstrap/${sha256(TOKEN).slice(0, 12)}`;
const OTHER_KEY = '/bootstrap/0123456789ab';

/** As it ships, without what the libraries bring and no question needs. */
const shipped = (): DatabaseClients =>
  (createRequire(import.meta.url)('../../dist/databases.js') as typeof clientsModule).databaseClients;

interface How {
  readonly password?: string;
  /** Names of certificates of the folder. */
  readonly ca?: string;
  readonly client?: string;
  readonly clients?: DatabaseClients;
}

describe.skipIf(fleetSkipReason() !== undefined)('a datastore is tried before a server is started with it', () => {
  let fleet: Fleet;
  let tls: TlsFolder;
  let at: string;
  const pem = (name: string): string => readFileSync(join(tls.folder, name), 'utf8');
  const onDb = (command: string, stdin = ''): Promise<string> => fleet.host('db').mustExec(command, { stdin });
  const sql = (statements: string): Promise<string> => onDb('mariadb -N', statements);
  const psql = (statements: string, database = 'postgres'): Promise<string> =>
    onDb(`runuser -u postgres -- psql -v ON_ERROR_STOP=1 -qAt ${database}`, statements);

  /** The plan of a new cluster on this datastore; `files` lie beside the cluster file. */
  async function planOn(
    type: string,
    endpoint: string,
    { password = PASSWORD, ca, client, clients = databaseClients }: How = {},
  ): Promise<Plan & { readonly told: string }> {
    const lines = [
      ['type', type],
      ['endpoint', JSON.stringify(endpoint)],
      ...(ca === undefined ? [] : [['caFile', './certs/ca.crt']]),
      ...(client === undefined
        ? []
        : [
            ['certFile', './certs/client.crt'],
            ['keyFile', './certs/client.key'],
          ]),
    ];
    const datastore = lines.map(([key, value]) => `  ${key}: ${value}\n`).join('');
    const balancer = fleet.address(100);
    const text = clusterFile(fleet, { servers: SERVERS, agents: [], balancer, datastore }).replace(/^agents:[^]*/m, '');
    const engine = await engineFor(fleet, text, { token: TOKEN, db: password }, clients);
    try {
      mkdirSync(join(engine.folder, 'certs'));
      if (ca !== undefined) writeFileSync(join(engine.folder, 'certs/ca.crt'), pem(`${ca}.crt`));
      for (const ending of client === undefined ? [] : ['crt', 'key'])
        writeFileSync(join(engine.folder, `certs/client.${ending}`), pem(`${client}.${ending}`), { mode: 0o600 });
      const { plan } = await engine.plan();
      const told = JSON.stringify([plan.problems, plan.notes]);
      expect(told + engine.told.join('\n')).not.toContain(password);
      return { ...plan, told };
    } finally {
      await engine.dispose();
    }
  }
  const codes = ({ problems }: Plan): readonly string[] => problems.map(({ code }) => code);

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [...SERVERS.map((name) => ({ name })), { name: 'db', services: true }] });
    at = fleet.host('db').address;
    tls = tlsFolder(mkdtempSync(join(tmpdir(), 'k3s-ha-tls-')));
    tls.authority('ca');
    tls.authority('other-ca');
    tls.issue('server', 'ca', `subjectAltName=IP:${at}`, 'extendedKeyUsage=serverAuth,clientAuth');
    tls.issue('elsewhere', 'ca', 'subjectAltName=DNS:elsewhere.example.com', 'extendedKeyUsage=serverAuth');
    tls.issue('client', 'ca', 'extendedKeyUsage=clientAuth');
    tls.issue('reader', 'ca', 'extendedKeyUsage=clientAuth');
    tls.issue('stranger', 'other-ca', 'extendedKeyUsage=clientAuth');
    const own = { ca: pem('ca.crt'), certificate: pem('server.crt'), key: pem('server.key') };
    await startPostgres(fleet.host('db'), own);
    await startMariadb(fleet.host('db'), { name: 'k3s', user: 'ksd', password: PASSWORD });
    await startEtcd(fleet.host('db'), own);
  });

  afterAll(async () => {
    rmSync(tls.folder, { recursive: true, force: true });
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  describe('PostgreSQL', () => {
    const endpoint = (more: { host?: string; database?: string; mode?: string } = {}): string => {
      const query = more.mode === undefined ? '' : `?sslmode=${more.mode}`;
      return `postgres://ksd:\${secret:db}@${more.host ?? at}:5432/${more.database ?? 'k3s'}${query}`;
    };

    beforeAll(async () => {
      await psql(`CREATE ROLE ksd LOGIN PASSWORD '${PASSWORD}'; CREATE DATABASE k3s OWNER ksd;
CREATE DATABASE foreign_one;`);
    });

    it('lets a plan be, and leaves nothing in the database', async () => {
      const plan = await planOn('postgres', endpoint());
      expect(plan.problems).toEqual([]);
      expect(plan.steps.filter(({ kind }) => kind === 'start')).toHaveLength(2);
      expect(plan.told).not.toContain('the datastore ');
      expect(await psql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", 'k3s')).toBe(
        '0\n',
      );
    });

    it('names user, servers and the words of the database when the password is wrong', async () => {
      const plan = await planOn('postgres', endpoint(), { password: 'another-one' });
      expect(codes(plan)).toEqual(['datastore-login']);
      expect(plan.problems[0]?.message).toBe(
        `From server-1 and server-2: the datastore ${at}:5432 refuses the user ksd or its password`,
      );
      expect(plan.problems[0]?.why).toBe('password authentication failed for user "ksd"');
      expect(plan.steps).toEqual([]);
    });

    it('says from which servers nothing answers', async () => {
      const { problems } = await planOn('postgres', endpoint({ host: fleet.host('server-2').address }));
      expect(problems.map(({ code }) => code)).toEqual(['datastore-unreachable']);
      expect(problems[0]?.why).toContain(`Nothing listens on port 5432 of ${fleet.host('server-2').address}`);
    });

    it('tells a server whose way to the database is cut', async () => {
      await fleet.setPartition('server-2', 'db', 'cut');
      const plan = await planOn('postgres', endpoint());
      await fleet.setPartition('server-2', 'db', 'healed');
      expect(plan.problems).toMatchObject([{ code: 'datastore-unreachable', host: 'server-2' }]);
    });

    it('tells a database that is missing and that the user may not create, or may', async () => {
      expect(codes(await planOn('postgres', endpoint({ database: 'other' })))).toEqual(['datastore-database-missing']);
      await psql('ALTER ROLE ksd CREATEDB');
      expect((await planOn('postgres', endpoint({ database: 'other' }))).problems).toEqual([]);
      await psql('ALTER ROLE ksd NOCREATEDB');
      expect(await psql("SELECT count(*) FROM pg_database WHERE datname = 'other'")).toBe('0\n');
    });

    it('tells a database in which the user may make no table, as PostgreSQL 15 has it for all but the owner', async () => {
      const plan = await planOn('postgres', endpoint({ database: 'foreign_one' }));
      expect(plan.problems).toMatchObject([
        { code: 'datastore-right-missing', why: 'Missing: CREATE on the schema public.' },
      ]);
    });

    it('notes a limit that servers may reach, and a table that is not compacted', async () => {
      await psql('ALTER SYSTEM SET max_connections = 25');
      await onDb('systemctl restart postgresql@15-main');
      await psql(
        `SET ROLE ksd; CREATE TABLE kine (id BIGSERIAL PRIMARY KEY, name VARCHAR(630), prev_revision BIGINT);
INSERT INTO kine (id, name, prev_revision) VALUES (1, 'compact_rev_key', 7), (2, '${OWN_KEY}', 0), (200008, '/registry/x', 0);`,
        'k3s',
      );
      const plan = await planOn('postgres', endpoint());
      await psql('DROP TABLE kine', 'k3s');
      // What the advice says is enough.
      await psql('ALTER SYSTEM SET max_connections = 53');
      await onDb('systemctl restart postgresql@15-main');
      expect((await planOn('postgres', endpoint())).told).not.toContain('the datastore ');
      expect(plan.problems).toEqual([]);
      const notes = plan.notes.join('\n');
      expect(notes).toMatch(
        /allows 22 connections, of which \d+ are in use; 2 servers of K3s may want 40, and 10 should be left/,
      );
      expect(notes).toContain('Raise max_connections to at least 53');
      expect(notes).toContain('200001 revisions wait');
      expect(notes).toContain('The last revision is 200008, compacted up to 7.');
    });

    it('checks authority and name of the certificate as the endpoint says', async () => {
      for (const clients of [databaseClients, shipped()])
        expect((await planOn('postgres', endpoint(), { ca: 'ca', clients })).problems).toEqual([]);
      expect(codes(await planOn('postgres', endpoint(), { ca: 'other-ca' }))).toEqual([
        'datastore-certificate-authority',
      ]);
      await startPostgres(fleet.host('db'), { certificate: pem('elsewhere.crt'), key: pem('elsewhere.key') });
      expect(codes(await planOn('postgres', endpoint(), { ca: 'ca' }))).toEqual(['datastore-certificate-name']);
      expect((await planOn('postgres', endpoint({ mode: 'verify-ca' }), { ca: 'ca' })).problems).toEqual([]);
    });

    it('gives an answer whenever the database is restarted under it, and the right one afterwards', async () => {
      const restarted = onDb('for i in 1 2 3; do systemctl restart postgresql@15-main; done');
      const during = await planOn('postgres', endpoint());
      for (const code of codes(during)) expect(code).toMatch(/^datastore-(?:unreachable|not-up|refuses|slow)$/);
      await restarted;
      expect((await planOn('postgres', endpoint())).problems).toEqual([]);
    });

    it('does not wait longer than 5 s for one that hangs', async () => {
      await onDb('systemctl kill -s STOP postgresql@15-main');
      const plan = await planOn('postgres', endpoint());
      await onDb('systemctl kill -s CONT postgresql@15-main');
      expect(plan.problems).toMatchObject([{ code: 'datastore-slow', why: 'There was no answer within 5 s.' }]);
    });
  });

  describe('MariaDB', () => {
    const endpoint = ({ host = at, database = 'k3s', user = 'ksd' } = {}): string =>
      `mysql://${user}:\${secret:db}@tcp(${host}:3306)/${database}`;
    const tables = async (): Promise<string> =>
      sql("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'k3s';");

    it('lets a plan be, and leaves nothing in the database', async () => {
      expect((await planOn('mysql', endpoint(), { clients: shipped() })).problems).toEqual([]);
      const plan = await planOn('mysql', endpoint());
      expect(plan.problems).toEqual([]);
      expect(plan.told).not.toContain('the datastore ');
      expect(await tables()).toBe('0\n');
    });

    it('tells a wrong password, a wrong host and a missing database', async () => {
      const wrong = await planOn('mysql', endpoint(), { password: 'another-one' });
      expect(codes(wrong)).toEqual(['datastore-login']);
      expect(wrong.problems[0]?.why).toContain("Access denied for user 'ksd'@");
      expect(codes(await planOn('mysql', endpoint({ host: fleet.host('server-1').address })))).toEqual([
        'datastore-unreachable',
      ]);
      expect(codes(await planOn('mysql', endpoint({ database: 'other' })))).toEqual(['datastore-database-missing']);
    });

    it('finds rights that come with a role by making a table, which does not stay', async () => {
      await sql(`CREATE ROLE keeper; GRANT ALL ON k3s.* TO keeper;
CREATE USER ruled@'%' IDENTIFIED BY '${PASSWORD}'; GRANT keeper TO ruled@'%'; SET DEFAULT ROLE keeper FOR ruled@'%';
CREATE USER reader@'%' IDENTIFIED BY '${PASSWORD}'; GRANT SELECT ON k3s.* TO reader@'%';`);
      expect((await planOn('mysql', endpoint({ user: 'ruled' }))).problems).toEqual([]);
      const plan = await planOn('mysql', endpoint({ user: 'reader' }));
      expect(plan.problems).toMatchObject([
        { code: 'datastore-right-missing', why: expect.stringContaining('INSERT') as string },
      ]);
      expect(await tables()).toBe('0\n');
    });

    it('refuses what K3s cannot compact, and notes a limit that servers may reach', async () => {
      await sql('SET GLOBAL innodb_snapshot_isolation = ON; SET GLOBAL max_connections = 30;');
      const plan = await planOn('mysql', endpoint());
      await sql('SET GLOBAL innodb_snapshot_isolation = OFF;');
      expect(codes(plan)).toEqual(['datastore-snapshot-isolation']);
      expect(plan.notes.join('\n')).toContain('allows 30 connections');
      await sql('SET GLOBAL max_connections = 151;');
    });

    it('knows the data of a cluster with this token from that of another one', async () => {
      await sql(`USE k3s; CREATE TABLE kine (id BIGINT PRIMARY KEY, name VARCHAR(630), prev_revision BIGINT);
INSERT INTO kine VALUES (1, 'compact_rev_key', 0), (2, '${OTHER_KEY}', 0);`);
      const foreign = await planOn('mysql', endpoint());
      expect(codes(foreign)).toEqual(['datastore-other-cluster']);
      expect(foreign.told).not.toContain(TOKEN);
      await sql(
        `USE k3s; UPDATE kine SET name = '${OWN_KEY}' WHERE id = 2; INSERT INTO kine VALUES (300000, '/registry/x', 0);`,
      );
      const own = await planOn('mysql', endpoint());
      expect(own.problems).toEqual([]);
      expect(own.notes.join('\n')).toContain('holds the data of a cluster with this token');
      expect(own.notes.join('\n')).toContain('300000 revisions wait');
      await sql('DROP TABLE k3s.kine;');
    });

    it('checks the certificate, and says when there is no TLS at all', async () => {
      expect(codes(await planOn('mysql', endpoint(), { ca: 'ca' }))).toEqual(['datastore-not-encrypted']);
      for (const name of ['server', 'elsewhere'])
        for (const ending of ['crt', 'key']) await onDb(`cat > /etc/mysql/${name}.${ending}`, pem(`${name}.${ending}`));
      await onDb('chown mysql /etc/mysql/*.key');
      const use = (name: string): Promise<string> =>
        onDb(
          'cat > /etc/mysql/mariadb.conf.d/99-tls.cnf && systemctl restart mariadb',
          `[mysqld]\nssl-cert=/etc/mysql/${name}.crt\nssl-key=/etc/mysql/${name}.key\n`,
        );
      await use('server');
      expect((await planOn('mysql', endpoint(), { ca: 'ca' })).problems).toEqual([]);
      for (const clients of [databaseClients, shipped()])
        expect(codes(await planOn('mysql', endpoint(), { ca: 'other-ca', clients }))).toEqual([
          'datastore-certificate-authority',
        ]);
      await use('elsewhere');
      expect(codes(await planOn('mysql', endpoint(), { ca: 'ca' }))).toEqual(['datastore-certificate-name']);
    });

    it('gives an answer whenever the database is restarted under it', async () => {
      const restarted = onDb('systemctl restart mariadb');
      for (const code of codes(await planOn('mysql', endpoint())))
        expect(code).toMatch(/^datastore-(?:unreachable|refuses|slow)$/);
      await restarted;
      expect((await planOn('mysql', endpoint())).problems).toEqual([]);
    });
  });

  describe('etcd with client certificates', () => {
    const endpoint = (): string => `https://${at}:2379`;
    const curl = (path: string, body: object): Promise<string> =>
      onDb(
        `curl -sS --cacert /etc/etcd/ca.crt --cert /etc/etcd/server.crt --key /etc/etcd/server.key https://${at}:2379${path} -d @-`,
        JSON.stringify(body),
      );
    const base64 = (text: string): string => Buffer.from(text).toString('base64');

    it('lets a plan be, writes nothing, and notes a version that nobody tests', async () => {
      const plan = await planOn('etcd', endpoint(), { ca: 'ca', client: 'client' });
      expect(plan.problems).toEqual([]);
      expect(plan.notes.join('\n')).toMatch(/is etcd 3\.4\.\d+, which the K3s project does not test; it tests 3\.5/);
      const { count } = JSON.parse(await curl('/v3/kv/range', { key: 'AA==', range_end: 'AA==' })) as {
        count?: string;
      };
      expect(count).toBeUndefined();
    });

    it('tells a client certificate that is missing or foreign, and a server of another authority', async () => {
      expect(codes(await planOn('etcd', endpoint(), { ca: 'ca' }))).toEqual(['datastore-client-certificate']);
      expect(codes(await planOn('etcd', endpoint(), { ca: 'ca', client: 'stranger' }))).toEqual([
        'datastore-client-certificate',
      ]);
      expect(codes(await planOn('etcd', endpoint(), { ca: 'other-ca', client: 'client' }))).toEqual([
        'datastore-certificate-authority',
      ]);
    });

    it('needs more than half of the members', async () => {
      const gone = `https://${fleet.host('server-1').address}:2379`;
      expect(codes(await planOn('etcd', `${endpoint()},${gone}`, { ca: 'ca', client: 'client' }))).toContain(
        'datastore-unreachable',
      );
    });

    it('knows the data of another cluster', async () => {
      await curl('/v3/kv/put', { key: base64(OTHER_KEY), value: '' });
      expect(codes(await planOn('etcd', endpoint(), { ca: 'ca', client: 'client' }))).toEqual([
        'datastore-other-cluster',
      ]);
      await curl('/v3/kv/deleterange', { key: base64(OTHER_KEY) });
    });

    it('gives an answer whenever it is restarted', async () => {
      const restarted = onDb('systemctl restart etcd');
      for (const code of codes(await planOn('etcd', endpoint(), { ca: 'ca', client: 'client' })))
        expect(code).toMatch(/^datastore-(?:unreachable|refuses|slow)$/);
      await restarted;
      await until('etcd', 20_000, async () =>
        (await planOn('etcd', endpoint(), { ca: 'ca', client: 'client' })).problems.length === 0 ? true : undefined,
      );
    });
  });

  describe('etcd with users', () => {
    const endpoint = (): string => `https://${at}:2379`;

    it('asks as the one whom the certificate names: whose data is there, and whether he may write', async () => {
      const post = (path: string, body: object): string =>
        `curl -sSf --cacert /etc/etcd/ca.crt --cert /etc/etcd/server.crt --key /etc/etcd/server.key https://${at}:2379/v3${path} -d '${JSON.stringify(body)}'`;
      const all = { key: 'AA==', range_end: 'AA==' };
      const user = (name: string, permType: string): readonly string[] => [
        post('/auth/user/add', { name, password: PASSWORD }),
        post('/auth/role/add', { name: `${name}s` }),
        post('/auth/role/grant', { name: `${name}s`, perm: { permType, ...all } }),
        post('/auth/user/grant', { user: name, role: `${name}s` }),
      ];
      await onDb(
        [
          post('/kv/put', { key: Buffer.from(OTHER_KEY).toString('base64'), value: '' }),
          post('/auth/user/add', { name: 'root', password: PASSWORD }),
          post('/auth/role/add', { name: 'root' }),
          post('/auth/user/grant', { user: 'root', role: 'root' }),
          ...user('client', 'READWRITE'),
          ...user('reader', 'READ'),
          post('/auth/enable', {}),
        ].join(' && '),
      );
      for (const clients of [databaseClients, shipped()])
        expect(codes(await planOn('etcd', endpoint(), { ca: 'ca', client: 'client', clients }))).toEqual([
          'datastore-other-cluster',
        ]);
      const { problems } = await planOn('etcd', endpoint(), { ca: 'ca', client: 'reader' });
      expect(problems).toMatchObject([{ code: 'datastore-right-missing', why: 'etcdserver: permission denied' }]);
    });
  });

  describe('NATS', () => {
    const endpoint = (): string => `nats://ksd:\${secret:db}@${at}:4222?bucket=edge`;

    it('tells a wrong password and a server without JetStream, and lets a plan be', async () => {
      await startNats(fleet.host('db'), 'ksd', PASSWORD, false);
      expect(codes(await planOn('nats', endpoint()))).toEqual(['datastore-no-jetstream']);
      await startNats(fleet.host('db'), 'ksd', PASSWORD, true);
      expect(codes(await planOn('nats', endpoint(), { password: 'another-one' }))).toEqual(['datastore-login']);
      expect((await planOn('nats', endpoint())).problems).toEqual([]);
    });

    it('knows a bucket that holds another cluster from the own one', async () => {
      const say = (...lines: readonly string[]): Promise<string> =>
        onDb(
          `bash -c 'exec 3<>/dev/tcp/127.0.0.1/4222 && cat >&3 && timeout 5 sed "/^PONG/q" <&3'`,
          [
            `CONNECT {"user":"ksd","pass":"${PASSWORD}"}`,
            ...lines.flatMap((line) => {
              const [subject = '', text = ''] = line.split(' ');
              return [`PUB ${subject} ${text.length}`, text];
            }),
            'PING',
            '',
          ].join('\r\n'),
        );
      const put = (bucket: string, key: string): Promise<string> =>
        say(
          `$JS.API.STREAM.CREATE.KV_${bucket} {"name":"KV_${bucket}","subjects":["$KV.${bucket}.>"]}`,
          `$KV.${bucket}.${toNatsKey('/registry/x')} {}`,
          `$KV.${bucket}.${toNatsKey(key)} {}`,
        );
      await put('edge', OTHER_KEY);
      expect(codes(await planOn('nats', endpoint()))).toEqual(['datastore-other-cluster']);
      await put('own', OWN_KEY);
      const own = await planOn('nats', endpoint().replace('edge', 'own'));
      expect(own.problems).toEqual([]);
      expect(own.notes.join('\n')).toContain('holds the data of a cluster with this token');
    });

    it('checks its certificate, and says when it wants TLS or has none', async () => {
      const empty = endpoint().replace('edge', 'new');
      const start = (name: string): Promise<void> =>
        startNats(fleet.host('db'), 'ksd', PASSWORD, true, {
          certificate: pem(`${name}.crt`),
          key: pem(`${name}.key`),
        });
      expect(codes(await planOn('nats', empty, { ca: 'ca' }))).toEqual(['datastore-not-encrypted']);
      await start('server');
      expect((await planOn('nats', empty, { ca: 'ca' })).problems).toEqual([]);
      expect(codes(await planOn('nats', empty))).toEqual(['datastore-wants-encryption']);
      expect(codes(await planOn('nats', empty, { ca: 'other-ca' }))).toEqual(['datastore-certificate-authority']);
      await start('elsewhere');
      expect(codes(await planOn('nats', empty, { ca: 'ca' }))).toEqual(['datastore-certificate-name']);
    });
  });
});

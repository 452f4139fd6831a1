import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATASTORES } from '../../../src/core/datastore/registry';
import type { DatabaseFacts, DatabaseRefusal, TriedDatabase } from '../../../src/core/datastore/trial/answer';
import { lackingRights } from '../../../src/core/datastore/trial/mysqlRights';
import { TRIAL_IDS, TRIAL_SEVERITIES, type TrialId } from '../../../src/core/datastore/trial/ids';
import { TRIAL_PAGES } from '../../../src/core/datastore/trial/pages';
import { TRIALS, trialOf } from '../../../src/core/datastore/trial/registry';
import { RULES } from '../../../src/core/rules/registry';
import type { DatastoreTrial, TrialContext } from '../../../src/core/datastore/trial/trial';
import { verdict } from '../../../src/core/datastore/trial/verdict';

const trial = (type: DatastoreTrial['type']): DatastoreTrial => {
  const found = trialOf(type);
  if (found === undefined) throw new Error(`no trial of ${type}`);
  return found;
};
const CONTEXT: TrialContext = { servers: 3, database: 'k3s', user: 'ksd', tokenHash: '0123456789ab' };
const GOOD: Readonly<Record<string, DatabaseFacts>> = {
  mysql: facts('MariaDB', '10.11.6'),
  postgres: facts('PostgreSQL', '16.7'),
  etcd: facts('etcd', '3.5.21'),
  nats: facts('NATS', '2.11.0'),
};

function facts(product: string, version: string, more: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return { product, version, roundTripMs: 1, exists: true, lacks: [], bootstrapKeys: [], settings: {}, ...more };
}

/** `<weight> <code>` of each finding about a datastore of one part. */
function judged(
  type: DatastoreTrial['type'],
  more: Partial<DatabaseFacts>,
  context: Partial<TrialContext> = {},
): string[] {
  const answer = { kind: 'answered', facts: { ...(GOOD[type] as DatabaseFacts), ...more } } as const;
  const tried = [{ host: 'db.example.com', port: 1, answer }];
  return verdict(trial(type), tried, { ...CONTEXT, ...context }).map(({ weight, code }) => `${weight} ${code}`);
}

function refusals(type: DatastoreTrial['type'], ...found: readonly DatabaseRefusal[]): string[] {
  const tried = found.map((refusal) => ({ host: 'db', port: 1, answer: { kind: 'refused', refusal } as const }));
  return verdict(trial(type), tried, CONTEXT).map(({ weight, code }) => `${weight} ${code}`);
}

describe('trials of datastores', () => {
  it('has one for each kind that servers reach over a network, each in a file of its own', () => {
    const outside = DATASTORES.filter(({ home }) => home === 'outside').map(({ type }) => type);
    expect(TRIALS.map(({ type }) => type).sort()).toEqual([...outside].sort());
    const files = readdirSync(join(import.meta.dirname, '../../../src/core/datastore/trial'));
    expect(files.filter((name) => name.endsWith('Trial.ts'))).toHaveLength(TRIALS.length);
  });

  it('has a page, a severity and a use for everything that it can find', () => {
    const source = join(import.meta.dirname, '../../../src/core/datastore/trial');
    const written = readdirSync(source)
      .filter((name) => !['ids.ts', 'pages.ts'].includes(name))
      .map((name) => readFileSync(join(source, name), 'utf8'))
      .join('\n');
    const rules = RULES.map(({ id }) => id);
    for (const id of TRIAL_IDS) {
      const { title, rationale, sources } = TRIAL_PAGES[id];
      const page = readFileSync(join(import.meta.dirname, `../../../docs/datastores/${id}.md`), 'utf8');
      expect(page).toContain(`# ${title}\n\n\`${id}\` · ${TRIAL_SEVERITIES[id]}`);
      expect([id, rationale.length > 80, sources.length > 0]).toEqual([id, true, true]);
      expect([id, written.includes(`code: '${id}'`)]).toEqual([id, true]);
      expect([id, rules.includes(id)]).toEqual([id, false]);
    }
    const found = [...written.matchAll(/weight: '(\w+)',\s+code: '([\w-]+)'/g)];
    expect(found.length).toBeGreaterThan(20);
    // Who may not be told whether it can create its database is only warned.
    for (const [, weight = '', code = ''] of found.filter(([, , id]) => id !== 'datastore-database-missing'))
      expect([code, TRIAL_SEVERITIES[code as TrialId] === 'error']).toEqual([code, weight !== 'note']);
  });

  it('finds nothing wrong with what is as it should be', () => {
    for (const { type } of TRIALS) expect(judged(type, {})).toEqual([]);
  });

  it('takes user, password, database and TLS out of an endpoint as its driver does', () => {
    expect(trial('mysql').accesses('mysql://ksd:p@ss/w:rd@tcp(db.example.com)/edge?x=1', {})).toEqual([
      { type: 'mysql', host: 'db.example.com', port: 3306, user: 'ksd', password: 'p@ss/w:rd', database: 'edge' },
    ]);
    expect(trial('postgres').accesses('postgres://ksd:p%40ss@[fd00::1]:5433/Edge?sslmode=disable', {})).toEqual([
      { type: 'postgres', host: 'fd00::1', port: 5433, user: 'ksd', password: 'p@ss', database: 'edge' },
    ]);
    expect(trial('etcd').accesses('https://a:2379,https://b', { ca: 'CA' })).toMatchObject([
      { host: 'a', port: 2379, tls: { ca: 'CA', checks: 'name' } },
      { host: 'b', port: 2379 },
    ]);
    expect(trial('nats').accesses('nats://ksd:pw@n1:4222,n2:4223?bucket=edge', {})).toMatchObject([
      { host: 'n1', user: 'ksd', password: 'pw', database: 'edge' },
      { host: 'n2', port: 4223 },
    ]);
    expect(trial('mysql').accesses('mysql://ksd:pw@unix(/run/mysqld.sock)/k3s', {})).toEqual([]);
  });

  it.each([
    ['postgres://u@h/d', undefined, { checks: 'nothing', optional: true }],
    ['postgres://u@h/d?sslmode=require', undefined, { checks: 'nothing' }],
    ['postgres://u@h/d?sslmode=require', 'CA', { ca: 'CA', checks: 'authority' }],
    ['postgres://u@h/d?sslmode=verify-ca', 'CA', { ca: 'CA', checks: 'authority' }],
    ['postgres://u@h/d', 'CA', { ca: 'CA', checks: 'name' }],
    ['postgres://u@h/d?sslmode=disable', undefined, undefined],
  ])('protects %s with the authority %s as the driver would', (endpoint, ca, tls) => {
    expect(trial('postgres').accesses(endpoint, ca === undefined ? {} : { ca })[0]?.tls).toEqual(tls);
  });

  it('stops before the data of another cluster, and notes that of this one with what waits for compaction', () => {
    expect(judged('mysql', { bootstrapKeys: ['/bootstrap/ffffffffffff'] })).toEqual(['stops datastore-other-cluster']);
    expect(judged('etcd', { bootstrapKeys: ['/bootstrap/0123456789ab'] })).toEqual(['note datastore-own-data']);
    const revisions = { last: 900_000, compacted: 1000 };
    expect(judged('postgres', { bootstrapKeys: ['/bootstrap/0123456789ab'], revisions })).toEqual([
      'note datastore-own-data',
      'note datastore-compaction-behind',
    ]);
  });

  it('wants as many connections as the servers may open, and some more', () => {
    expect(judged('postgres', { connections: { limit: 69, used: 3 } })).toEqual(['note datastore-few-connections']);
    expect(judged('postgres', { connections: { limit: 70, used: 3 } })).toEqual([]);
    expect(judged('mysql', { connections: { limit: 69, used: 3 } }, { openConnections: 5 })).toEqual([]);
    // What the setting counts and only superusers get comes on top of it.
    const connections = { limit: 22, used: 2, kept: 3 };
    const answer = { kind: 'answered', facts: facts('PostgreSQL', '16.7', { connections }) } as const;
    expect(verdict(trial('postgres'), [{ host: 'db', port: 1, answer }], CONTEXT)[0]?.nextSteps).toEqual([
      'Raise max_connections to at least 73.',
    ]);
  });

  it.each([
    ['mysql', { product: 'MariaDB', version: '11.8.3' }],
    ['mysql', { product: 'MySQL', version: '8.3.0' }],
    ['postgres', { version: '18.1' }],
    ['etcd', { version: '3.6.0' }],
  ] as const)('notes a version of %s that nobody tests', (type, more) => {
    expect(judged(type, more)).toEqual(['note datastore-version-untested']);
  });

  it('keeps a new server from a MariaDB whose table K3s cannot compact', () => {
    expect(judged('mysql', { settings: { innodb_snapshot_isolation: 'ON' } })).toEqual([
      'new datastore-snapshot-isolation',
    ]);
    expect(judged('mysql', { settings: { innodb_snapshot_isolation: 'OFF' } })).toEqual([]);
  });

  it('tells error 1071 beforehand, for the releases of K3s that meet it', () => {
    const settings = { innodb_large_prefix: 'OFF' };
    expect(judged('mysql', { settings }, { k3sVersion: 'v1.24.9+k3s1' })).toEqual(['stops datastore-narrow-index']);
    expect(judged('mysql', { settings }, { k3sVersion: 'v1.36.3+k3s1' })).toEqual([]);
  });

  it.each<[DatastoreTrial['type'], Partial<DatabaseFacts>, string]>([
    ['postgres', { readOnly: 'It is a replica.' }, 'stops datastore-read-only'],
    ['postgres', { lacks: ['CREATE on the schema public'] }, 'stops datastore-right-missing'],
    ['mysql', { exists: false, lacks: ['CREATE'] }, 'stops datastore-database-missing'],
    ['mysql', { settings: { wsrep_on: 'ON' } }, 'note datastore-several-writers'],
    ['mysql', { clock: { theirs: 1000, ours: 1100 } }, 'note datastore-clock'],
    ['etcd', { roundTripMs: 80 }, 'note datastore-far'],
    ['etcd', { settings: { alarms: 'mvcc: database space exceeded' } }, 'stops datastore-alarm'],
    ['nats', { settings: { jetstream: 'off' } }, 'stops datastore-no-jetstream'],
    ['nats', { settings: { messages: '12' } }, 'note datastore-has-data'],
  ])('tells of %s with %o', (type, more, told) => {
    expect(judged(type, more)).toEqual([told]);
  });

  it.each<[DatastoreTrial['type'], Partial<DatabaseRefusal>, string]>([
    ['mysql', { at: 'login', code: '1045' }, 'stops datastore-login'],
    ['postgres', { at: 'login', code: '28P01' }, 'stops datastore-login'],
    ['postgres', { at: 'login', code: '28000' }, 'stops datastore-not-admitted'],
    ['postgres', { at: 'login', code: '53300' }, 'new datastore-full'],
    [
      'mysql',
      { at: 'login', code: 'HANDSHAKE_SSL_ERROR', says: 'certificate has expired' },
      'stops datastore-certificate-expired',
    ],
    ['mysql', { at: 'login', code: 'HANDSHAKE_NO_SSL_SUPPORT' }, 'stops datastore-not-encrypted'],
    ['postgres', { at: 'encryption', code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'stops datastore-certificate-name'],
    ['etcd', { at: 'encryption', code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'stops datastore-certificate-authority'],
    ['etcd', { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }, 'stops datastore-client-certificate'],
    ['etcd', { code: 'permission' }, 'stops datastore-right-missing'],
    ['nats', { at: 'login', code: 'authorization' }, 'stops datastore-login'],
    ['postgres', { at: 'connection', code: 'ssh-port-refused' }, 'stops datastore-unreachable'],
    ['postgres', { code: 'timeout' }, 'new datastore-slow'],
    ['mysql', { at: 'login', code: 'unsupported' }, 'note datastore-not-asked'],
  ])('reads a refusal of %s: %o', (type, refusal, told) => {
    expect(refusals(type, { at: 'question', code: '', says: 'no', ...refusal })).toEqual([told]);
  });

  it('stops when half of etcd is gone, and notes a member that is gone from a cluster that goes on', () => {
    const gone: TriedDatabase['answer'] = { kind: 'refused', refusal: { at: 'connection', code: 'x', says: 'no' } };
    const there: TriedDatabase['answer'] = { kind: 'answered', facts: GOOD['etcd'] as DatabaseFacts };
    const weights = (...answers: readonly TriedDatabase['answer'][]): string[] =>
      verdict(
        trial('etcd'),
        answers.map((answer, i) => ({ host: `e${i}`, port: 2379, answer })),
        CONTEXT,
      ).map(({ weight }) => weight);
    expect(weights(there, there, gone)).toEqual(['note']);
    expect(weights(there, gone)).toEqual(['stops']);
  });
});

describe('rights of a login of MySQL', () => {
  const all = { privilege: 'ALL PRIVILEGES' };
  it('come from everywhere, from the database, and from patterns that mean it', () => {
    expect(lackingRights([all], 'k3s')).toEqual([]);
    expect(lackingRights([{ ...all, database: 'k3s' }], 'k3s')).toEqual([]);
    expect(lackingRights([{ ...all, database: 'k3s\\_edge' }], 'k3s_edge')).toEqual([]);
    expect(lackingRights([{ ...all, database: 'k%' }], 'k3s')).toEqual([]);
    expect(lackingRights([{ ...all, database: 'k3s\\_edge' }], 'k3sxedge')).toContain('CREATE');
    expect(lackingRights([{ ...all, database: 'other' }], 'k3s')).toContain('SELECT');
    expect(lackingRights([{ privilege: 'SELECT' }], 'k3s')).not.toContain('SELECT');
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { apiReady, listNodes } from '../../src/core/remote/kubectl';
import { controlUnit } from '../../src/core/remote/unit';
import { probe } from '../../src/core/facts/probe';
import { writeFile } from '../../src/core/remote/file';
import { etcdServer, eventually, startLab, type Lab } from './lab';

const MYSQL = 'mysql://k3s:p@ss/word@tcp(10.0.0.5:3306)/k3s';
const shared = (endpoint: string, ...more: string[]): string[] => [
  'token: shared',
  `datastore-endpoint: "${endpoint}"`,
  ...more,
];

let lab: Lab;
afterEach(() => lab.stop());

async function names(id: string): Promise<string[]> {
  const nodes = await lab.run(id, listNodes());
  return nodes.ok ? (nodes.value as { metadata: { name: string } }[]).map((node) => node.metadata.name) : [];
}

describe('an external datastore', () => {
  it('makes one cluster of two servers that start at the same time', async () => {
    lab = await startLab({ servers: 2 });
    await Promise.all(['server-1', 'server-2'].map((id) => lab.bring(id, 'server', shared(MYSQL))));
    await eventually(
      async () => (await names('server-1')).join() === 'server-1,server-2',
      () => 'not one cluster',
    );
    const journals = ['server-1', 'server-2'].map((id) => lab.fleet.inspect(id).journal('k3s').join('\n'));
    expect(journals.filter((text) => text.includes('Bootstrap key locked for initial create'))).toHaveLength(1);
    expect(
      journals.filter((text) =>
        text.includes('Bootstrap key already locked - waiting for data to be populated by another server'),
      ),
    ).toHaveLength(1);
    const facts = await lab.run('server-1', probe());
    expect(facts.ok && [facts.value.etcdData, facts.value.sqliteData]).toEqual([false, false]);
  });

  it('carries the API: it stops with the database and comes back with it', async () => {
    lab = await startLab({ servers: 1 });
    lab.fleet.databaseDown(MYSQL, true);
    await lab.begin('server-1', 'server', shared(MYSQL));
    await lab.journalLine(
      'server-1',
      'creating storage endpoint: failed to create driver for configured endpoint: dial tcp 10.0.0.5:3306: connect: connection refused',
    );
    lab.fleet.databaseDown('10.0.0.5:3306', false);
    await eventually(
      async () => (await lab.status('server-1')).active === 'active',
      () => 'does not start with the database',
    );
    lab.fleet.databaseDown(MYSQL, true);
    const ready = await lab.run('server-1', apiReady());
    expect(ready.ok ? '' : ready.error.why).toContain('[-]etcd failed');
    lab.fleet.databaseDown(MYSQL, false);
    expect((await lab.run('server-1', apiReady())).ok).toBe(true);
  });

  it('may be an etcd cluster, which needs its majority and its TLS files', async () => {
    lab = await startLab({ servers: 1 });
    const endpoint = 'https://10.0.0.60:2379,https://10.0.0.61:2379,https://10.0.0.62:2379';
    await lab.begin('server-1', 'server', shared(endpoint, 'datastore-cafile: /etc/etcd/ca.crt'));
    await lab.journalLine('server-1', 'open /etc/etcd/ca.crt: no such file or directory');
    await lab.run('server-1', writeFile('/etc/etcd/ca.crt', '0644', 'certificate\n'));
    await eventually(
      async () => (await lab.status('server-1')).active === 'active',
      () => 'does not start',
    );
    lab.fleet.databaseDown('10.0.0.60:2379', true);
    expect((await lab.run('server-1', apiReady())).ok).toBe(true);
    lab.fleet.databaseDown('10.0.0.61:2379', true);
    expect((await lab.run('server-1', apiReady())).ok).toBe(false);
  });

  it.each([
    ['mysql://root:password@10.0.0.5:3306/k3s', "default addr for network '10.0.0.5:3306' unknown"],
    ['mysql://root:password@tcp(10.0.0.5:3306)', 'invalid DSN: missing the slash separating the database name'],
    [
      'mysql://root:password@tcp(10.0.0.5:3306/k3s',
      'invalid DSN: network address not terminated (missing closing brace)',
    ],
    [
      '10.0.0.5:3306/k3s',
      'invalid datastore endpoint; endpoint should be a DSN URI in the format <scheme>://<authority>',
    ],
    ['oracle://10.0.0.5/k3s', 'unknown driver'],
  ])('%s is refused in the words of its driver', async (endpoint, text) => {
    lab = await startLab({ servers: 1 });
    await lab.begin('server-1', 'server', shared(endpoint));
    expect(await lab.journalLine('server-1', 'level=fatal')).toContain(text);
  });

  it('refuses a wrong password', async () => {
    lab = await startLab({ servers: 1, databases: [{ address: '10.0.0.5:3306', user: 'k3s', password: 'right' }] });
    await lab.begin('server-1', 'server', shared('mysql://k3s:wrong@tcp(10.0.0.5:3306)/k3s'));
    expect(await lab.journalLine('server-1', 'level=fatal')).toContain(
      `Error 1045 (28000): Access denied for user 'k3s'@'${lab.address('server-1')}' (using password: YES)`,
    );
  });

  it('keeps the trap of a server that was once started without the token', async () => {
    lab = await startLab({ servers: 2 });
    await lab.bring('server-1', 'server', shared(MYSQL));
    await lab.begin('server-2', 'server', [`datastore-endpoint: "${MYSQL}"`]);
    await lab.journalLine('server-2', 'bootstrap data already found and encrypted with different token');
    await lab.begin('server-2', 'server', shared(MYSQL));
    const line = await lab.journalLine(
      'server-2',
      'newer than datastore and could cause a cluster outage. Remove the file(s) from disk and restart to be recreated from datastore.',
    );
    expect(line).toContain('/var/lib/rancher/k3s/server/tls/server-ca.crt');
    for (const name of ['tls', 'cred', 'token', 'node-token', 'agent-token'])
      lab.fleet.inspect('server-2').removeFile(`/var/lib/rancher/k3s/server/${name}`);
    await eventually(
      async () => (await lab.status('server-2')).active === 'active',
      () => 'the repair does not help',
    );
  });
});

describe('without a datastore in the configuration', () => {
  it('a server uses SQLite for itself, also one that names a server but no token', async () => {
    lab = await startLab({ servers: 2 });
    await lab.bring('server-1', 'server', ['token: x']);
    await lab.bring('server-2', 'server', [`server: https://${lab.address('server-1')}:6443`]);
    await eventually(
      async () => (await names('server-2')).join() === 'server-2',
      () => 'server-2 is not alone',
    );
    const facts = await lab.run('server-1', probe());
    expect(facts.ok && facts.value.sqliteData).toBe(true);
  });

  it('moves from SQLite to etcd with cluster-init and keeps its nodes', async () => {
    lab = await startLab({ servers: 1 });
    await lab.bring('server-1', 'server', ['token: practice-secret']);
    await eventually(
      async () => (await names('server-1')).length === 1,
      () => 'not registered',
    );
    await lab.run('server-1', controlUnit('stop', 'k3s'));
    await lab.bring('server-1', 'server', etcdServer());
    const facts = await lab.run('server-1', probe());
    expect(facts.ok && [facts.value.etcdData, facts.value.sqliteData]).toEqual([true, false]);
    expect(await names('server-1')).toEqual(['server-1']);
  });
});

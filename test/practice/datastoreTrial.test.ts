import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/core/cluster/cluster';
import type { Problem } from '../../src/core/base/problem';
import { operationById } from '../../src/engine/operations/registry';
import { engineLab, type EngineLab } from './engineLab';

const HOSTS = 'server-1, server-2 and server-3';

/** The practice fleet with another datastore in its file. */
function labWith(type: string, endpoint: string, more = ''): Promise<EngineLab> {
  return engineLab((text) => text.replace('type: embedded-etcd', `type: ${type}\n  endpoint: ${endpoint}${more}`));
}

/** What the plan says once the file has another endpoint, or another token. */
async function problemsWith(
  lab: EngineLab,
  { endpoint, token = lab.cluster.token }: { readonly endpoint: string; readonly token?: Cluster['token'] },
): Promise<readonly Problem[]> {
  const { cluster } = lab;
  lab.cluster = {
    ...cluster,
    ...(token === undefined ? {} : { token }),
    datastore: { ...cluster.datastore, endpoint },
  };
  const { plan } = await lab.plan();
  lab.cluster = cluster;
  if (plan.problems.length > 0) expect(plan.steps).toEqual([]);
  return plan.problems;
}

const said = (problems: readonly Problem[]): string[] =>
  problems.map(({ code, message, why }) => [code, message, ...(why === undefined ? [] : [why])].join(' | '));

describe('a simulated datastore before the first start', () => {
  it('of MySQL lets in who has the password of the file, and says no in its words to all others', async () => {
    const lab = await labWith('mysql', 'mysql://k3s:right@tcp(10.9.9.9:3306)/k3s');
    expect(await problemsWith(lab, { endpoint: 'mysql://k3s:right@tcp(10.9.9.9:3306)/k3s' })).toEqual([]);
    const [first, ...others] = said(await problemsWith(lab, { endpoint: 'mysql://k3s:wrong@tcp(10.9.9.9:3306)/k3s' }));
    expect(others).toEqual([]);
    expect(first).toContain(
      `datastore-login | From ${HOSTS}: the datastore 10.9.9.9:3306 refuses the user k3s or its password | Access denied for user 'k3s'@'${lab.cluster.servers[0]?.address}' (using password: YES)`,
    );
  });

  it.each([
    ['postgres', 'postgres://k3s:right@10.9.9.9:5432/k3s', 'password authentication failed for user "k3s"'],
    ['nats', 'nats://k3s:right@10.9.9.9:4222', 'Authorization Violation'],
  ])('of %s does it in the words of its protocol', async (type, endpoint, words) => {
    const lab = await labWith(type, endpoint);
    expect(await problemsWith(lab, { endpoint })).toEqual([]);
    const [first] = said(await problemsWith(lab, { endpoint: endpoint.replace('right', 'wrong') }));
    expect(first).toMatch(/^datastore-login /);
    expect(first).toContain(words);
  });

  it('is not there: taken down, cut off from one zone, or under a name that cannot exist', async () => {
    const endpoint = 'mysql://k3s:right@tcp(10.9.9.9:3306)/k3s';
    const lab = await labWith('mysql', endpoint);
    lab.fleet.databaseDown(endpoint, true);
    expect(said(await problemsWith(lab, { endpoint })).join()).toContain(
      `datastore-unreachable | From ${HOSTS}: the datastore 10.9.9.9:3306 does not answer`,
    );
    lab.fleet.databaseDown(endpoint, false);
    lab.fleet.partition('server-2', '10.9.9.9:3306');
    expect(said(await problemsWith(lab, { endpoint })).join()).toContain(
      'datastore-unreachable | From server-2: the datastore 10.9.9.9:3306 does not answer',
    );
    lab.fleet.heal();
    expect(said(await problemsWith(lab, { endpoint: 'mysql://k3s:right@tcp(db.invalid:3306)/k3s' })).join()).toContain(
      'the datastore db.invalid:3306 does not answer',
    );
  });

  it('of etcd needs its majority, and no certificate that fits', async () => {
    const endpoint = 'https://10.9.9.1:2379,https://10.9.9.2:2379,https://10.9.9.3:2379';
    const lab = await labWith('etcd', endpoint);
    lab.fleet.databaseDown('10.9.9.1:2379', true);
    expect(await problemsWith(lab, { endpoint })).toEqual([]);
    lab.fleet.databaseDown('10.9.9.2:2379', true);
    expect(said(await problemsWith(lab, { endpoint })).join()).toMatch(
      /datastore-unreachable \| .*10\.9\.9\.1:2379 and 10\.9\.9\.2:2379 does not answer/,
    );
  });

  it('knows after a reset whose data it holds, and with which password it was opened', async () => {
    const endpoint = 'mysql://k3s:${file:.practice/token}@tcp(10.9.9.9:3306)/k3s';
    const lab = await labWith('mysql', endpoint);
    expect(await problemsWith(lab, { endpoint })).toEqual([]);
    expect((await lab.run(await lab.plan())).problems).toEqual([]);
    expect((await lab.run(await lab.plan({ operation: operationById('reset-cluster'), intent: {} }))).problems).toEqual(
      [],
    );
    expect((await lab.plan()).plan.notes.join('\n')).toContain(
      'the datastore 10.9.9.9:3306 holds the data of a cluster with this token, which the servers join',
    );
    const other = said(await problemsWith(lab, { endpoint, token: 'another-token-0123456789' }));
    expect(other).toEqual([expect.stringContaining('10.9.9.9:3306 holds the data of a cluster with another token')]);
    const wrong = said(await problemsWith(lab, { endpoint: 'mysql://k3s:wrong@tcp(10.9.9.9:3306)/k3s' }));
    expect(wrong).toEqual([expect.stringContaining('refuses the user k3s or its password')]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectFailure, expectNodes, installByHand, kubeconfigFor, startByHand } from './byHand';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { startHaproxy, startMariadb } from './driver/services';

const SERVERS = ['server-1', 'server-2'];
const TOKEN = 'a-long-enough-secret';
const DATABASE = { name: 'k3s', user: 'ksd', password: 'p@ss/word' };

describe.skipIf(fleetSkipReason() !== undefined)('two servers with MariaDB behind HAProxy, by hand', () => {
  let fleet: Fleet;
  let balancer: string;
  let endpoint: string;
  let kubeconfig: string;
  const server = (more = `token: ${TOKEN}\n`): string =>
    `datastore-endpoint: ${endpoint}\ntls-san: [${balancer}]\n${more}`;

  beforeAll(async () => {
    const plain = [...SERVERS, 'agent-1', 'stray'].map((name) => ({ name }));
    fleet = await startFleet({ hosts: [...plain, { name: 'lb', services: true }, { name: 'db', services: true }] });
    balancer = fleet.host('lb').address;
    [endpoint] = await Promise.all([
      startMariadb(fleet.host('db'), DATABASE),
      startHaproxy(
        fleet.host('lb'),
        SERVERS.map((name) => fleet.host(name)),
      ),
    ]);
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('comes up, both servers started at once, and shows three Ready nodes', async () => {
    await Promise.all(SERVERS.map((name) => installByHand(fleet, name, 'server', server())));
    await Promise.all(SERVERS.map((name) => startByHand(fleet, name, 'server')));
    await installByHand(fleet, 'agent-1', 'agent', `server: https://${balancer}:6443\ntoken: ${TOKEN}\n`);
    await startByHand(fleet, 'agent-1', 'agent');
    kubeconfig = await kubeconfigFor(fleet, 'server-2', balancer);
    await expectNodes(fleet, kubeconfig, { 'agent-1': 'Ready', 'server-1': 'Ready', 'server-2': 'Ready' });
    const keys = await fleet.host('db').mustExec('mariadb -N k3s -e "SELECT DISTINCT name FROM kine"');
    expect(keys).toContain('/registry/nodes/agent-1');
    const authorities = await Promise.all(
      SERVERS.map((name) => fleet.host(name).mustExec('sha256sum < /var/lib/rancher/k3s/server/tls/server-ca.crt')),
    );
    expect(authorities[0]).toBe(authorities[1]);
  });

  it('gives reasons in the journal for what cannot start', async () => {
    const stray = fleet.host('stray');
    await installByHand(fleet, 'stray', 'server', '');
    const attempt = (config: string, reason: string): Promise<void> => expectFailure(stray, 'k3s', config, reason);
    const address = fleet.host('db').address;
    await attempt(
      `datastore-endpoint: mysql://ksd:x@${address}:3306/k3s\ntoken: x\n`,
      `default addr for network '${address}:3306' unknown`,
    );
    await attempt(
      `datastore-endpoint: mysql://ksd:x@tcp(${address}:3306)/k3s\ntoken: x\n`,
      `Error 1045 (28000): Access denied for user 'ksd'@'${stray.address}' (using password: YES)`,
    );
    await attempt(
      `datastore-endpoint: mysql://ksd:x@tcp(${stray.address}:3306)/k3s\ntoken: x\n`,
      `Failed to ping database connection: dial tcp ${stray.address}:3306: connect: connection refused`,
    );
    await attempt(
      'datastore-endpoint: 10.0.0.5\n',
      'invalid datastore endpoint; endpoint should be a DSN URI in the format <scheme>://<authority>',
    );
    await attempt(server('token: another\n'), 'bootstrap data already found and encrypted with different token');
    // Without a token it makes keys of its own before it fails, and these stand in the way of the right token.
    await attempt(server(''), 'bootstrap data already found and encrypted with different token');
    await attempt(
      server(),
      'newer than datastore and could cause a cluster outage. Remove the file(s) from disk and restart to be recreated from datastore.',
    );
  });

  it('needs only one server, and the database', async () => {
    await fleet.host('server-1').powerOff();
    await expectNodes(fleet, kubeconfig, { 'agent-1': 'Ready', 'server-1': 'NotReady', 'server-2': 'Ready' });
    await fleet.host('db').cutLink();
    await expect
      .poll(async () => (await fleet.kubectl(kubeconfig, ['get', '--raw', '/readyz', '--request-timeout=5s'])).stderr, {
        timeout: 60_000,
      })
      .toContain('[-]etcd failed');
    await fleet.host('db').healLink();
    await fleet.host('server-1').powerOn();
    await expectNodes(fleet, kubeconfig, { 'agent-1': 'Ready', 'server-1': 'Ready', 'server-2': 'Ready' });
  });
});

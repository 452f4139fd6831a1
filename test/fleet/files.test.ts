import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256';
import { tlsFolder, type TlsFolder } from '../support/tlsFiles';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { startEtcd, startHaproxy } from './driver/services';
import { engineFor, type Engine } from './engine';

const EXAMPLE = join(import.meta.dirname, '../../examples/external-etcd-tls/cluster.k3s.yaml');
const SERVERS = ['server-1', 'server-2', 'server-3'];
const AGENTS = ['agent-1', 'agent-2'];
const TOKEN = 'c0ffee1234567890c0ffee1234567890';
const FOLDER = '/etc/rancher/k3s/k3s-ha';
const CA = `${FOLDER}/datastore-ca.crt`;
const CERTIFICATE = `${FOLDER}/datastore-client.crt`;
const KEY = `${FOLDER}/datastore-client.key`;

describe.skipIf(fleetSkipReason() !== undefined)('the example external-etcd-tls on real hosts and a real etcd', () => {
  let fleet: Fleet;
  let tls: TlsFolder;
  let engine: Engine;
  let authority: string;

  const local = (name: string): string => readFileSync(join(tls.folder, name), 'utf8');
  const on = (host: string, command: string, ...args: readonly string[]): Promise<string> =>
    fleet.host(host).mustExec(command, { args });
  /** sha256, permissions and owner of a file of a host. */
  const state = async (host: string, path: string): Promise<string> =>
    (await on(host, 'sha256sum < "$1" | cut -c1-64; stat -c "%a %U:%G" "$1"', path)).trim().replace('\n', ' ');
  const restarts = async (): Promise<string[]> =>
    (await engine.plan()).plan.steps.filter(({ kind }) => kind === 'restart').map(({ on: id }) => id);

  /** The example as its user has it, on the machines of the fleet. */
  function cluster(more = '', change = (text: string): string => text): string {
    const balancer = fleet.host('services').address;
    const hosts = [...SERVERS, ...AGENTS];
    const text = readFileSync(EXAMPLE, 'utf8')
      .replaceAll('k3s.plant.example.com', balancer)
      .replace('type: dns', 'type: external')
      .replace(/endpoint: .*/, `endpoint: https://${balancer}:2379`)
      .replace('user: admin', `user: auto\n  identityFile: ${fleet.identityFile}\n  knownHostsFile: known_hosts`)
      .replace('k3s:\n', 'k3s:\n  install: { scriptUrl: https://get.k3s.io/install.sh }\n')
      .replaceAll(/10\.0\.0\.6(\d)/g, (_, digit: string) => fleet.host(hosts[Number(digit)] ?? '').address);
    return change(text) + more;
  }

  /** Lays the certificates as they are now beside the cluster file. */
  function lay(): void {
    mkdirSync(join(engine.folder, 'certs'), { recursive: true });
    for (const name of ['etcd-ca.crt', 'k3s-client.crt', 'k3s-client.key'])
      writeFileSync(join(engine.folder, 'certs', name), local(name));
  }

  /** The engine for this text of the cluster file. */
  async function as(text: string): Promise<void> {
    await engine?.dispose();
    engine = await engineFor(fleet, text, { 'plant-token': TOKEN });
    writeFileSync(join(engine.folder, 'motd'), 'welcome\n');
    lay();
  }

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [...[...SERVERS, ...AGENTS].map((name) => ({ name })), { name: 'services', services: true }],
    });
    const services = fleet.host('services');
    tls = tlsFolder(mkdtempSync(join(tmpdir(), 'k3s-ha-tls-')));
    tls.authority('etcd-ca');
    const uses = 'extendedKeyUsage=serverAuth,clientAuth';
    tls.issue('server', 'etcd-ca', `subjectAltName=IP:${services.address}`, uses);
    tls.issue('k3s-client', 'etcd-ca', 'extendedKeyUsage=clientAuth');
    authority = local('etcd-ca.crt');
    await as(cluster());
    await startEtcd(services, { ca: authority, certificate: local('server.crt'), key: local('server.key') });
    await startHaproxy(
      services,
      SERVERS.map((name) => fleet.host(name)),
    );
  });

  afterAll(async () => {
    await engine?.dispose();
    rmSync(tls.folder, { recursive: true, force: true });
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('provisions with the files beside it, readable by root alone, and no host shows the key', async () => {
    const report = await engine.run(await engine.plan());
    expect(report).toMatchObject({ result: 'done', problems: [] });
    for (const server of SERVERS) {
      expect(await state(server, KEY)).toBe(`${sha256(local('k3s-client.key'))} 600 root:root`);
      expect(await state(server, CA)).toBe(`${sha256(authority)} 600 root:root`);
      expect(await on(server, 'cat /etc/rancher/k3s/config.yaml')).toContain(`datastore-keyfile: ${KEY}\n`);
    }
    expect(await on('agent-1', 'ls /etc/rancher/k3s')).not.toContain('k3s-ha');
    const secret = local('k3s-client.key').split('\n')[1] ?? 'no key';
    expect(engine.told.join('\n') + engine.journal()).not.toContain(secret);
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('brings a renewed certificate to one server after another', async () => {
    tls.issue('k3s-client', 'etcd-ca', 'extendedKeyUsage=clientAuth');
    lay();
    expect(await restarts()).toEqual(SERVERS);
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    for (const server of SERVERS) expect(await state(server, CERTIFICATE)).toContain(sha256(local('k3s-client.crt')));
  });

  it('gives the old file back to a server that does not come up with the new one, and touches no other', async () => {
    const before = await Promise.all(SERVERS.map((server) => state(server, CA)));
    const invocation = 'systemctl show k3s -p InvocationID';
    const second = await on('server-2', invocation);
    tls.authority('other-ca');
    writeFileSync(join(engine.folder, 'certs', 'etcd-ca.crt'), local('other-ca.crt'));
    const report = await engine.run(await engine.plan());
    lay();
    expect(report.result).toBe('failed');
    expect(report.problems.map(({ host }) => host)).toEqual(['server-1']);
    expect(JSON.stringify(report.problems)).toContain('certificate signed by unknown authority');
    expect(await Promise.all(SERVERS.map((server) => state(server, CA)))).toEqual(before);
    expect((await on('server-1', 'systemctl is-active k3s')).trim()).toBe('active');
    expect(await on('server-2', invocation)).toBe(second);
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('lays files of the cluster file with their owner, and takes them away again unless somebody changed them', async () => {
    const MOTD = '/etc/motd.d/k3s';
    const files = `files:\n  - {from: ./motd, to: ${MOTD}, mode: '0640', owner: 'auto:auto'}\n`;
    const plain = cluster();
    await as(cluster(files));
    expect(await restarts()).toEqual([]);
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    for (const host of [...SERVERS, ...AGENTS])
      expect(await state(host, MOTD)).toBe(`${sha256('welcome\n')} 640 auto:auto`);
    await on('agent-2', 'echo mine > "$1"', MOTD);
    await as(plain);
    const prepared = await engine.plan();
    expect(prepared.plan.notes.join('\n')).toContain(`${MOTD} on agent-2 is not in the cluster file any more`);
    expect(await engine.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect(await on('server-3', 'ls /etc/motd.d')).toBe('');
    expect(await on('agent-2', 'cat "$1"', MOTD)).toBe('mine\n');
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('takes TLS files away when the datastore does not name them any more', async () => {
    await as(cluster('', (text) => text.replace(/ {2}(?:certFile|keyFile): .*\n/g, '')));
    const { plan } = await engine.plan();
    expect(plan.steps.filter(({ kind }) => kind === 'remove-file').map(({ id }) => id)).toContain(
      `remove-file:server-1:${KEY}`,
    );
  });
});

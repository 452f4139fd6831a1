import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeRole } from '../../src/core/k3s/nodeRole';
import type { Cluster, ClusterNode } from '../../src/core/cluster/cluster';
import { FleetStartError, planFleet, prepareDirectory, startFleet } from '../../src/practice/fleet';
import { bindProblem } from '../../src/practice/listener';
import { exec, login } from './lab';

const network = 64 + (process.pid % 128);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a fleet', () => {
  it('of 100 hosts starts within seconds, and all of them answer', async () => {
    const hosts = Array.from({ length: 100 }, (_, i) => ({ id: `host-${i}`, address: `127.${network}.200.${i + 1}` }));
    const start = performance.now();
    const fleet = await startFleet({ hosts, directory: folder });
    expect(performance.now() - start).toBeLessThan(10_000);
    for (const id of ['host-0', 'host-99']) {
      const client = await login(fleet, id);
      expect((await exec(client, 'true')).exitCode).toBe(127);
      client.end();
    }
    await fleet.stop();
  });

  it('that cannot have its addresses says which and why, and leaves nothing open', async () => {
    const taken = { id: 'a', address: `127.${network}.201.1` };
    const fleet = await startFleet({ hosts: [taken], directory: folder });
    const failure = await startFleet({
      hosts: [
        { id: 'free', address: `127.${network}.201.2` },
        { id: 'b', address: taken.address },
      ],
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FleetStartError);
    expect((failure as FleetStartError).problem).toMatchObject({
      code: 'address-in-use',
      message: `The practice fleet cannot listen on ${taken.address}:2222`,
    });
    await fleet.stop();
    const again = await startFleet({
      hosts: [taken, { id: 'free', address: `127.${network}.201.2` }],
      directory: folder,
    });
    await again.stop();
  });

  it('names the alias command on macOS and the loopback network elsewhere', () => {
    const cause = Object.assign(new Error('bind'), { code: 'EADDRNOTAVAIL' });
    expect(bindProblem('127.77.0.11', 2222, cause, 'darwin').nextSteps).toEqual([
      'macOS knows only 127.0.0.1 at first; add the address: sudo ifconfig lo0 alias 127.77.0.11 up',
    ]);
    expect(bindProblem('10.0.0.11', 2222, cause, 'linux').nextSteps.join()).toContain('127.0.0.0/8');
  });
});

describe('the folder .practice', () => {
  it('is used again, with modes that ssh accepts', async () => {
    const hosts = [{ id: 'a', address: '127.77.0.11', sshPort: 2222 }];
    const first = await prepareDirectory(folder, hosts);
    const texts = await Promise.all(
      [first.clientKey, first.knownHosts, first.tokenFile].map((path) => readFile(path, 'utf8')),
    );
    const second = await prepareDirectory(folder, hosts);
    expect(second).toEqual(first);
    expect(
      await Promise.all([first.clientKey, first.knownHosts, first.tokenFile].map((path) => readFile(path, 'utf8'))),
    ).toEqual(texts);
    expect(texts[1]).toMatch(/^\[127\.77\.0\.11\]:2222 ssh-ed25519 \S+\n$/);
    for (const path of [first.clientKey, first.tokenFile]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(`${first.clientKey}.pub`, 'utf8')).toMatch(/^ssh-ed25519 /);
  });
});

describe('planFleet', () => {
  const node = (role: NodeRole, host: string, more: Partial<ClusterNode> = {}): ClusterNode => ({
    role,
    id: more.name ?? host,
    host,
    address: host,
    ssh: { identityFiles: [], user: 'ops', port: 2022, ...more.ssh },
    config: {},
    path: [],
    ...more,
  });

  it('follows addresses, ports, users and the load balancer of the cluster file', () => {
    const cluster: Cluster = {
      name: 'practice',
      k3s: { version: 'v1.36.3+k3s1', install: { method: 'preinstalled', scriptUrl: 'https://get.k3s.io', env: {} } },
      loadBalancer: { address: '127.77.0.100', port: 8443, type: 'external', nodes: [] },
      datastore: { type: 'embedded-etcd' },
      servers: [node('server', '127.77.0.11', { name: 'server-1', config: { 'https-listen-port': 7443 } })],
      agents: [node('agent', '127.77.0.21', { ssh: { identityFiles: [], sudoPassword: 'pw' } })],
    };
    expect(planFleet(cluster)).toEqual({
      databases: [],
      hosts: [
        {
          id: 'server-1',
          address: '127.77.0.11',
          sshPort: 2022,
          hostname: 'server-1',
          users: [{ name: 'ops', sudo: 'nopasswd' }],
          k3sVersion: 'v1.36.3+k3s1',
        },
        {
          id: '127.77.0.21',
          address: '127.77.0.21',
          sshPort: 22,
          hostname: 'practice-127-77-0-21',
          users: [{ name: 'practice', sudo: 'password', password: 'pw' }],
          k3sVersion: 'v1.36.3+k3s1',
        },
      ],
      loadBalancer: { address: '127.77.0.100', port: 8443, targets: [{ address: '127.77.0.11', port: 7443 }] },
    });
  });
});

describe('the practice program', () => {
  it('starts the fleet of a cluster file, takes orders, reports events and stops cleanly', async () => {
    const bundle = join(folder, 'practice.js');
    await build({
      entryPoints: ['src/practice/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      external: ['cpu-features', '*.node'],
      outfile: bundle,
      logLevel: 'error',
    });
    const address = `127.${network}.202.11`;
    await writeFile(
      join(folder, 'cluster.k3s.yaml'),
      `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: practice}\nssh: {user: practice, port: 2222}\nservers:\n  nodes:\n    - {host: ${address}, name: server-1}\n`,
    );
    const child = spawn(
      process.execPath,
      [bundle, '--file', join(folder, 'cluster.k3s.yaml'), '--time-scale', '0.01'],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    expect(await next()).toMatchObject({
      ready: true,
      simulated: true,
      hosts: [{ id: 'server-1', address, sshPort: 2222 }],
      clientKey: join(folder, '.practice', 'id_ed25519'),
    });
    child.stdin.write('{"do":"powerOff","host":"server-1"}\n');
    const events = [await next(), await next(), await next(), await next()];
    expect(events).toContainEqual({ event: { kind: 'power', host: 'server-1', on: false } });
    expect(events).toContainEqual({ ok: true, did: 'powerOff' });
    child.stdin.write('{"do":"powerOff","host":"nobody"}\n');
    expect(await next()).toMatchObject({ ok: false, error: expect.stringContaining('no host "nobody"') });
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('says what is wrong with its arguments', async () => {
    const bundle = join(folder, 'practice.js');
    await build({
      entryPoints: ['src/practice/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      external: ['cpu-features', '*.node'],
      outfile: bundle,
      logLevel: 'error',
    });
    const child = spawn(process.execPath, [bundle], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(2);
    expect(text).toContain('Usage: practice --file');
  });
});

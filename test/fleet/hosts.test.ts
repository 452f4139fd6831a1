import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFleet, type Fleet } from './driver/fleet';
import { leftovers } from './driver/leftovers';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { OPS_PASSWORD, PLAIN_PASSWORD } from './driver/users';

const skipReason = fleetSkipReason();
if (skipReason !== undefined) console.warn(skipReason);

const PING = (address: string): string => `ping -c 1 -W 1 ${address}`;

describe.skipIf(skipReason !== undefined)('hosts of the fleet', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    const names = ['h1', 'h2', 'h3', 'h4', 'h5'];
    fleet = await startFleet({
      hosts: [...names.map((name) => ({ name })), { name: 'lb', services: true }, { name: 'db', services: true }],
    });
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('runs a whole systemd on each, without failed units', async () => {
    for (const host of fleet.hosts) {
      await until(`${host.name} is running`, 60_000, async () =>
        (await host.exec('systemctl is-system-running')).stdout.trim() === 'running' ? true : undefined,
      );
    }
    expect(await fleet.host('lb').mustExec('haproxy -v; kubectl version --client --short')).toContain(
      'HAProxy version 2.6',
    );
    expect(await fleet.host('db').mustExec('mariadb --version')).toContain('MariaDB');
    expect((await fleet.host('h1').exec('command -v haproxy mariadb')).stdout).toBe('');
  });

  it('lets root, auto and ops in over SSH', async () => {
    for (const user of ['root', 'auto', 'ops', 'plain'] as const) {
      expect(await fleet.ssh('h1', user, 'id -un; hostname'), user).toMatchObject({ code: 0, stdout: `${user}\nh1\n` });
    }
  });

  it('gives root to auto at once, to ops for the password, to plain never', async () => {
    expect(await fleet.ssh('h1', 'auto', 'sudo -n id -un')).toMatchObject({ code: 0, stdout: 'root\n' });
    expect(await fleet.ssh('h1', 'ops', 'sudo -n id -un')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a password is required'),
    });
    expect(await fleet.ssh('h1', 'ops', "sudo -k -S -p '' id -un", { stdin: `${OPS_PASSWORD}\n` })).toMatchObject({
      code: 0,
      stdout: 'root\n',
    });
    expect(await fleet.ssh('h1', 'ops', "sudo -k -S -p '' id -un", { stdin: 'wrong\n' })).toMatchObject({ code: 1 });
    const refused = await fleet.ssh('h1', 'plain', "sudo -k -S -p '' id -un", { stdin: `${PLAIN_PASSWORD}\n` });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('not in the sudoers file') });
  });

  it('keeps its disk but not its memory over a reboot and a power cut', async () => {
    const host = fleet.host('h2');
    await host.mustExec('echo kept > /root/note; echo lost > /run/note');
    const boots = [await host.bootId()];
    await host.reboot();
    boots.push(await host.bootId());
    await host.powerOff();
    expect(host.isOn()).toBe(false);
    expect((await fleet.host('h1').exec(PING(host.address))).code).not.toBe(0);
    await host.powerOn();
    boots.push(await host.bootId());
    await host.shutDown();
    await host.powerOn();
    boots.push(await host.bootId());
    expect(new Set(boots).size).toBe(4);
    expect(await fleet.ssh('h2', 'root', 'cat /root/note /run/note')).toMatchObject({
      stdout: 'kept\n',
      stderr: expect.stringContaining('No such file'),
    });
  });

  it('comes back when it is rebooted over SSH', async () => {
    const host = fleet.host('h3');
    const before = await host.bootId();
    await fleet.ssh('h3', 'auto', 'sudo systemctl reboot');
    await host.waitForReboot(before);
    expect(await fleet.ssh('h3', 'auto', 'true')).toMatchObject({ code: 0 });
  });

  it('loses the network while its link is cut, and goes on working', async () => {
    const host = fleet.host('h4');
    await host.cutLink();
    expect(await fleet.ssh('h4', 'root', 'true', { timeoutMs: 10_000 })).toMatchObject({ code: 255 });
    expect(await host.mustExec('echo alive')).toBe('alive\n');
    await host.healLink();
    await host.waitUntilUp();
    expect(await fleet.ssh('h4', 'root', 'true')).toMatchObject({ code: 0 });
  });

  it('keeps two hosts apart that others still reach', async () => {
    const [one, other] = [fleet.host('h1'), fleet.host('h5')];
    await fleet.setPartition('h1', 'h5', 'cut');
    expect((await one.exec(PING(other.address))).code).not.toBe(0);
    expect((await one.exec(PING(fleet.host('h4').address))).code).toBe(0);
    await fleet.setPartition('h1', 'h5', 'healed');
    expect((await one.exec(PING(other.address))).code).toBe(0);
  });

  it('runs out of disk below a folder, keeping what was there, and recovers', async () => {
    const host = fleet.host('h5');
    await host.mustExec('mkdir -p /var/lib/rancher && echo old > /var/lib/rancher/old');
    await host.fillDisk('/var/lib/rancher');
    expect(await fleet.ssh('h5', 'root', 'cat /var/lib/rancher/old; echo new > /var/lib/rancher/new')).toMatchObject({
      code: 1,
      stdout: 'old\n',
      stderr: expect.stringContaining('No space left on device'),
    });
    await host.freeDisk('/var/lib/rancher');
    expect(await fleet.ssh('h5', 'root', 'echo new > /var/lib/rancher/new && cat /var/lib/rancher/*')).toMatchObject({
      code: 0,
      stdout: 'new\nold\n',
    });
  });

  it('has another identity after its host key changed', async () => {
    const before = await fleet.host('h1').hostKey();
    const after = await fleet.host('h1').changeHostKey();
    expect(after).not.toBe(before);
    const scanned = await fleet.inLan('ssh-keyscan', ['-T', '30', '-t', 'ed25519', fleet.host('h1').address]);
    expect(scanned.stdout).toContain(after);
    expect(await fleet.ssh('h1', 'auto', 'true')).toMatchObject({ code: 0 });
  });

  it('has no way out of its LAN', async () => {
    expect(await fleet.ssh('h1', 'root', 'ping -c 1 -W 1 192.0.2.1')).toMatchObject({ code: 1 });
    expect(await fleet.host('h1').mustExec('cat /proc/net/route | wc -l')).toBe('3\n');
  });
});

describe.skipIf(skipReason !== undefined)('end of a fleet', () => {
  it('leaves nothing when it could not start', async () => {
    const failure = await startFleet({ hosts: [{ name: 'twin' }, { name: 'twin' }] }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    const id = /fl-\d+/.exec(failure?.message ?? '')?.[0];
    expect(failure?.message).toContain('twin');
    expect(leftovers(id ?? '', `/runs/${id}-`)).toEqual([]);
  });

  it('leaves nothing when the test process is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-killed-'));
    try {
      const driver = resolve(import.meta.dirname, 'driver');
      const program = join(folder, 'start.mjs');
      await build({
        stdin: { contents: STARTER, resolveDir: driver, loader: 'ts' },
        outfile: program,
        bundle: true,
        platform: 'node',
        format: 'esm',
        define: { 'import.meta.dirname': JSON.stringify(driver) },
        logLevel: 'error',
      });
      const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'exit').then(([code]) =>
        expect.fail(`The process ended with ${String(code)} before its fleet stood.`),
      );
      const [id] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended])) as [string];
      ended.catch(() => undefined); // from now on it is meant to end
      const left = (): string[] => leftovers(id.trim(), `/runs/${id.trim()}-`);
      expect(left().length).toBeGreaterThan(5);
      child.kill('SIGKILL');
      await until(`fleet ${id} is gone`, 60_000, () => (left().length === 0 ? true : undefined), 100).catch(() =>
        expect(left()).toEqual([]),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const STARTER = `
import { startFleet } from './fleet';
const fleet = await startFleet({ hosts: [{ name: 'doomed' }] });
console.log(fleet.id);
setInterval(() => undefined, 1000);
`;

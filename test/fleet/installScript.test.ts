import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installK3s, type InstallScript } from '../../src/core/remote/install';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { installScriptHash } from '../../src/core/remote/scriptDownload';
import { commandLine } from '../../src/core/remote/shell';
import { startFleet, type Fleet } from './driver/fleet';
import { readInstallScript } from './driver/k3sDouble';
import { fleetSkipReason } from './driver/requirements';
import type { RunResult } from './driver/run';

const VERSIONS = ['v1.36.3+k3s1', 'v1.35.7+k3s1'];

describe.skipIf(fleetSkipReason() !== undefined)('double of the install script', () => {
  let fleet: Fleet;
  const install = (environment: string, words = ''): Promise<RunResult> =>
    fleet.ssh('h1', 'auto', `curl -sfL https://get.k3s.io | ${environment} sh -s - ${words}`);

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [{ name: 'h1' }], k3sVersions: VERSIONS });
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('explains what it refuses', async () => {
    expect(await install('INSTALL_K3S_SKIP_DOWNLOAD=true')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[ERROR]  Executable k3s binary not found at /usr/local/bin/k3s'),
    });
    expect(await install('INSTALL_K3S_VERSION=v9.9.9+k3s1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[ERROR]  Download failed'),
    });
    expect(await install('K3S_URL=https://10.0.0.1:6443')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Defaulted k3s exec command to 'agent'"),
    });
    expect(await install('K3S_URL=http://10.0.0.1:6443 K3S_TOKEN=x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Only https:// URLs are supported for K3S_URL (have http://10.0.0.1:6443)'),
    });
  });

  it('installs the version asked for, with the files of K3s', async () => {
    const result = await install(
      `INSTALL_K3S_VERSION=${VERSIONS[1]} INSTALL_K3S_SKIP_START=true K3S_TOKEN='a secret'`,
      "server --tls-san 10.0.0.100 --node-label 'a=b c'",
    );
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining('ERROR') });
    const host = fleet.host('h1');
    expect(await host.mustExec('k3s --version')).toContain('k3s version v1.35.7+k3s1 (');
    expect(
      await host.mustExec('cd /etc/systemd/system; stat -c "%a %n" k3s.service k3s.service.env; cat k3s.service.env'),
    ).toBe("644 k3s.service\n600 k3s.service.env\nK3S_TOKEN='a secret'\n");
    expect(await host.mustExec('systemctl show k3s -p ExecStart --value')).toContain(
      'argv[]=/usr/local/bin/k3s server --tls-san 10.0.0.100 --node-label a=b c ;',
    );
    expect((await host.exec('systemctl is-enabled k3s; systemctl is-active k3s')).stdout).toBe('enabled\ninactive\n');
    expect(fleet.downloads).toContain('GET github.com/k3s-io/k3s/releases/download/v1.35.7+k3s1/k3s');
  });

  it('starts, and restarts only when something changed', async () => {
    expect((await install('K3S_TOKEN=secret1')).stdout).toContain('[INFO]  systemd: Starting k3s');
    expect(await fleet.host('h1').mustExec('k3s --version; k3s kubectl get nodes --no-headers')).toMatch(
      /v1\.36\.3\+k3s1 [^]*\nh1 .* control-plane /,
    );
    const again = await install('K3S_TOKEN=secret1');
    expect(again.stdout).toContain('[INFO]  Skipping binary downloaded, installed k3s matches hash');
    expect(again.stdout).toContain('[INFO]  No change detected so skipping service start');
  });

  it('is started again by systemd when it dies', async () => {
    const host = fleet.host('h1');
    const pid = await host.mustExec('systemctl show k3s -p MainPID --value');
    await host.mustExec('systemctl kill -s KILL k3s');
    await expect
      .poll(async () => (await host.exec('systemctl show k3s -p MainPID,ActiveState,NRestarts')).stdout, {
        timeout: 60_000,
        interval: 300,
      })
      .toMatch(/MainPID=[1-9]\d*\nNRestarts=1\nActiveState=active/);
    expect(await host.mustExec('systemctl show k3s -p MainPID --value')).not.toBe(pid);
  });

  it('uninstalls all but the identity of the node', async () => {
    const host = fleet.host('h1');
    expect(await fleet.ssh('h1', 'auto', 'k3s-uninstall.sh')).toMatchObject({ code: 0 });
    expect(
      (
        await host.exec(
          'find / -xdev \\( -name "*k3s*" -o -name kubectl \\) -not -path "/proc/*" -not -path "/sys/*" -not -name k3s-double.json',
        )
      ).stdout,
    ).toBe('');
    expect(await host.mustExec('find /etc/rancher -type f')).toBe('/etc/rancher/node/password\n');
  });
});

describe.skipIf(fleetSkipReason() !== undefined)('the installer on a real host', () => {
  let fleet: Fleet;
  let script: string;
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const textOf = (text: string): InstallScript => ({ text, sha256: sha256(text) });
  const send = ({ script: { text, id }, args, stdin = '' }: RemoteCommand<unknown>): Promise<RunResult> =>
    fleet.ssh('h1', 'root', commandLine({ text, id }, args, 'none'), { stdin: String(stdin) });
  const install = (from: InstallScript, env: Record<string, string> = {}): RemoteCommand<void> =>
    installK3s({ role: 'server', env: { INSTALL_K3S_SKIP_START: 'true', K3S_TOKEN: 'secret', ...env } }, from);

  beforeAll(async () => {
    script = await readInstallScript();
    fleet = await startFleet({ hosts: [{ name: 'h1' }], k3sVersions: VERSIONS });
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('M8: tells the sha256 of what the host gets, and keeps nothing of it', async () => {
    const hash = await send(installScriptHash('https://get.k3s.io', {}, []));
    expect(hash).toMatchObject({ code: 0, stdout: `${sha256(script)}  -\n` });
    expect((await fleet.host('h1').exec('ls /var/lib/k3s-ha')).code).not.toBe(0);
  });

  it('M8: does not run a script that the plan did not name', async () => {
    const result = await send(install({ url: 'https://get.k3s.io', sha256: sha256('another one') }));
    expect(result).toMatchObject({ code: 94, stdout: expect.stringContaining(sha256(script)) });
    expect((await fleet.host('h1').exec('command -v k3s')).code).not.toBe(0);
  });

  it('M8: downloads the one that the plan named', async () => {
    const version = { INSTALL_K3S_VERSION: VERSIONS[1] ?? '' };
    expect(await send(install({ url: 'https://get.k3s.io', sha256: sha256(script) }, version))).toMatchObject({
      code: 0,
    });
    expect(await fleet.host('h1').mustExec('k3s --version')).toContain('v1.35.7+k3s1');
  });

  it('M8: gets the script over SSH, and asks get.k3s.io for nothing', async () => {
    const before = fleet.downloads.length;
    expect(await send(install(textOf(script), { INSTALL_K3S_VERSION: VERSIONS[0] ?? '' }))).toMatchObject({ code: 0 });
    expect(await fleet.host('h1').mustExec('k3s --version')).toContain('v1.36.3+k3s1');
    expect(fleet.downloads.slice(before).filter((line) => line.includes('get.k3s.io'))).toEqual([]);
  });

  it('H5: refuses a second installation with other inputs while the first one runs', async () => {
    const host = fleet.host('h1');
    await host.mustExec('touch /run/hold');
    const slow = textOf('touch /run/begun; while [ -e /run/hold ]; do sleep 0.1; done; echo "installed $WHAT"\n');
    const first = send(install(slow, { WHAT: 'this' }));
    await expect.poll(async () => (await host.exec('test -e /run/begun')).code, { timeout: 30_000 }).toBe(0);
    expect(await send(install(slow, { WHAT: 'that' }))).toMatchObject({
      code: 95,
      stderr: expect.stringContaining('an installation with other settings is running on this host'),
    });
    await host.mustExec('rm /run/hold');
    expect(await first).toMatchObject({ code: 0, stdout: 'installed this\n' });
    expect(await host.mustExec('stat -c %a /var/lib/k3s-ha/install.inputs')).toBe('600\n');
  });
});

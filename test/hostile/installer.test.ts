import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256';
import { installK3s, type InstallScript } from '../../src/core/remote/install';
import { installScriptHash } from '../../src/core/remote/scriptDownload';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { killGroup, shellHost, type ShellHost } from '../support/shellHost';

const cleanups: (() => void)[] = [];
afterEach(() =>
  cleanups
    .splice(0)
    .reverse()
    .forEach((cleanup) => cleanup()),
);

function hostWith(shell: string): ShellHost {
  const host = shellHost(shell);
  cleanups.push(() => host.remove());
  return host;
}

const textOf = (text: string): InstallScript => ({ text, sha256: sha256(text) });
const at = (url: string, text: string): InstallScript => ({ url, sha256: sha256(text) });

/** Says who installs what, and goes on when the host lets it. */
const WAITS = 'echo "installs $1 $VERSION"; echo "$VERSION" >> "$HOST/installed"; cat "$HOST/go"\n';

const install = (script: InstallScript, version = 'v1', role: 'server' | 'agent' = 'server'): RemoteCommand<void> =>
  installK3s({ role, env: { VERSION: version } }, script);

const installed = (host: ShellHost): string =>
  existsSync(join(host.folder, 'installed')) ? readFileSync(join(host.folder, 'installed'), 'utf8') : '';

/** The command lines of all processes of this machine. */
function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // It has ended.
      }
    })
    .join('\n');
}

describe.each(['/bin/dash', '/bin/bash'])('the installer under %s', (shell) => {
  it('M8: runs the script that this machine sends, byte for byte, and downloads nothing', async () => {
    const host = hostWith(shell);
    host.program('curl', 'echo curl >> "$HOST/installed"');
    const script = 'echo "é \\\\n $VERSION" > "$HOST/installed"\n\nprintf done';
    expect(await host.run(install(textOf(script)))).toMatchObject({ exitCode: 0, stdout: 'done' });
    expect(installed(host)).toBe(`${shell === '/bin/dash' ? 'é \n v1' : 'é \\n v1'}\n`);
    expect(readFileSync(join(host.folder, 'state/install.sh'), 'utf8')).toBe(script);
  });

  it('M8: does not run another script than the one that was agreed to', async () => {
    const host = hostWith(shell);
    host.program('curl', `echo 'echo evil > "$HOST/installed"'`);
    const command = install(at('https://get.k3s.io', 'echo good\n'));
    const output = await host.run(command);
    expect(command.parse(output)).toMatchObject({ ok: false, error: { code: 'install-script-changed' } });
    expect(output.stdout).toContain(`not ${sha256('echo good\n')}`);
    expect(installed(host)).toBe('');
  });

  it.each([
    ['https://mirror.example.com/k3s.sh', '=https'],
    ['http://mirror.example.com/k3s.sh', '=http,https'],
  ])('M8: a host that downloads %s itself allows %s, and no more, within a time', async (url, protocols) => {
    const host = hostWith(shell);
    host.program('curl', `echo "$*" >> "$HOST/curl"; printf 'echo fine\\n'`);
    expect(await host.run(install(at(url, 'echo fine\n')))).toMatchObject({ exitCode: 0, stdout: 'fine\n' });
    const hash = installScriptHash(url, {}, []);
    expect(hash.parse(await host.run(hash))).toEqual({ ok: true, value: sha256('echo fine\n') });
    const [first = '', second = ''] = readFileSync(join(host.folder, 'curl'), 'utf8').split('\n');
    for (const words of [first, second])
      expect(words).toMatch(new RegExp(`--proto ${protocols} --proto-redir ${protocols} .*--max-time \\d+ `));
  });

  it('M8: the address, with whatever password it has, is in no list of processes', async () => {
    const host = hostWith(shell);
    execFileSync('mkfifo', [join(host.folder, 'go')]);
    host.program('curl', 'cat > "$HOST/config"; cat "$HOST/go"');
    const url = `https://ada:pass"w0rd\\-${process.pid}@mirror.example.com/k3s.sh`;
    const running = host.run(install(at(url, 'echo fine\n')));
    const config = join(host.folder, 'config');
    await expect.poll(() => existsSync(config) && readFileSync(config, 'utf8')).toMatch(/\n$/);
    expect(commandLines()).not.toContain(`w0rd`);
    writeFileSync(join(host.folder, 'go'), 'echo fine\n');
    expect(await running).toMatchObject({ exitCode: 0 });
    expect(readFileSync(config, 'utf8')).toBe(
      `url = "https://ada:pass\\"w0rd\\\\-${process.pid}@mirror.example.com/k3s.sh"\n`,
    );
    expect(host.filesWith('w0rd')).toEqual([config]);
  });

  it('H5: a second call with the same inputs waits for the same result', async () => {
    const host = hostWith(shell);
    execFileSync('mkfifo', [join(host.folder, 'go')]);
    const first = host.run(install(textOf(WAITS)));
    await expect.poll(() => installed(host)).toBe('v1\n');
    const command = install(textOf(WAITS));
    const child = host.start(command);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stdin?.end(command.stdin);
    await expect.poll(() => said).toContain('waiting for it');
    writeFileSync(join(host.folder, 'go'), '');
    const exitCode = await ended;
    expect(await first).toMatchObject({ exitCode: 0, stdout: 'installs server v1\n' });
    expect({ exitCode, stdout: said }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/waiting for it\.\ninstalls server v1\n$/),
    });
    expect(installed(host)).toBe('v1\n');
  });

  it.each<[string, RemoteCommand<void>]>([
    ['another environment', install(textOf(WAITS), 'v2')],
    ['another role', install(textOf(WAITS), 'v1', 'agent')],
    ['another script', install(textOf(`${WAITS}\n`))],
    ['a script from elsewhere', install(at('https://get.k3s.io', WAITS))],
  ])('H5: a call with %s does not report the success of the one that runs', async (_what, other) => {
    const host = hostWith(shell);
    execFileSync('mkfifo', [join(host.folder, 'go')]);
    const first = host.run(install(textOf(WAITS)));
    await expect.poll(() => installed(host)).toBe('v1\n');
    const refused = await host.run(other);
    expect(other.parse(refused)).toMatchObject({
      ok: false,
      error: {
        code: 'install-other-running',
        message: 'Another installation with other settings is running on this host',
      },
    });
    writeFileSync(join(host.folder, 'go'), '');
    expect(await first).toMatchObject({ exitCode: 0, stdout: 'installs server v1\n' });
    expect(installed(host)).toBe('v1\n');
  });

  it('H5: of two that begin at the same moment one installs and the other is refused', async () => {
    const host = hostWith(shell);
    execFileSync('mkfifo', [join(host.folder, 'go')]);
    const both = ['v1', 'v2'].map((version) => host.run(install(textOf(WAITS), version)));
    const refused = await Promise.race(both);
    expect(refused.exitCode).toBe(95);
    writeFileSync(join(host.folder, 'go'), '');
    const ends = await Promise.all(both);
    expect(ends.map(({ exitCode }) => exitCode).sort()).toEqual([0, 95]);
    const winner = ends[0]?.exitCode === 0 ? 'v1' : 'v2';
    expect(installed(host)).toBe(`${winner}\n`);
  });

  it('H5: who waits for an installation that was cut off does not take the next one for it', async () => {
    const host = hostWith(shell);
    execFileSync('mkfifo', [join(host.folder, 'go')]);
    const first = host.run(install(textOf(WAITS)));
    await expect.poll(() => installed(host)).toBe('v1\n');
    killGroup(Number(readFileSync(join(host.folder, 'state/install.pid'), 'utf8')));
    const next = host.run(install(textOf('echo "$VERSION" >> "$HOST/installed"\n'), 'v2'));
    expect(await next).toMatchObject({ exitCode: 0 });
    expect([95, 98]).toContain((await first).exitCode);
    expect(installed(host)).toBe('v1\nv2\n');
  });

  it('H5: what an installation was given is remembered as a sha256 only, for root only', async () => {
    const host = hostWith(shell);
    expect(await host.run(install(textOf('true\n'), 's3cr3t-version'))).toMatchObject({ exitCode: 0 });
    expect(host.filesWith('s3cr3t-version')).toEqual([]);
    const path = join(host.folder, 'state/install.inputs');
    expect(readFileSync(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(execFileSync('stat', ['-c', '%a', path], { encoding: 'utf8' })).toBe('600\n');
  });
});

describe('M8: the real programs of a host', () => {
  const SCRIPT = 'echo "installed from the mirror"\n';

  /** A server with the script at `/k3s"x\y.sh`, and an address that sends on to it. */
  async function mirror(): Promise<string> {
    const server: Server = createServer((request, response) => {
      if (request.url === '/on') response.writeHead(302, { location: '/k3s.sh' }).end();
      else response.end(SCRIPT);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A PATH with these programs only. */
  function only(host: ShellHost, ...names: readonly string[]): string {
    const folder = join(host.folder, 'tools');
    mkdirSync(folder);
    for (const name of names)
      symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(folder, name));
    return folder;
  }

  it('M8: curl takes every address as it is written, and follows it', async () => {
    const base = await mirror();
    for (const path of ['/k3s"x\\y.sh', '/on', '/[1-3]{a,b}.sh']) {
      const host = hostWith('/bin/sh');
      expect(await host.run(install(at(`${base}${path}`, SCRIPT)))).toMatchObject({
        exitCode: 0,
        stdout: 'installed from the mirror\n',
      });
    }
  });

  it('M8: without curl wget does the same', async () => {
    const base = await mirror();
    const host = hostWith('/bin/sh');
    const PATH = only(host, 'sh', 'wget', 'timeout', 'sha256sum', 'cut', 'cat', 'mv');
    const wanted = installK3s({ role: 'server', env: { PATH } }, at(`${base}/on`, SCRIPT));
    expect(await host.run(wanted)).toMatchObject({ exitCode: 0, stdout: 'installed from the mirror\n' });
    const hash = installScriptHash(`${base}/on`, { PATH }, []);
    expect(hash.parse(await host.run(hash))).toEqual({ ok: true, value: sha256(SCRIPT) });
  });

  it('M8: a script that cannot be downloaded is told in the words of curl', async () => {
    const host = hostWith('/bin/sh');
    const url = 'http://127.0.0.1:1/k3s.sh';
    const hash = installScriptHash(url, {}, []);
    expect(hash.parse(await host.run(hash))).toMatchObject({
      ok: false,
      error: { code: 'install-script-unreachable', why: expect.stringContaining('curl: (7)') },
    });
    const command = install(at(url, SCRIPT));
    const output = await host.run(command);
    expect(output.stdout).toMatch(/curl: \(7\)[^]*\[ERROR\] {2}The install script could not be downloaded\n$/);
    expect(command.parse(output)).toMatchObject({ ok: false, error: { code: 'install-failed' } });
  });
});

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binFolder } from '../../../src/core/authoring/launcher/binFolder';
import { cmdLauncher, shLauncher } from '../../../src/core/authoring/launcher/launcherText';
import { removeLauncher, writeLauncher } from '../../../src/vscode/services/launcherFile';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "k3s-ha-it's-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An installed version of the extension whose command line says which it is. */
function version(number: string, seconds: number): string {
  const place = join(folder, `k3s-ha.k3s-ha-${number}`);
  mkdirSync(join(place, 'dist'), { recursive: true });
  const cli = join(place, 'dist', 'cli.js');
  writeFileSync(
    cli,
    `console.log('${number}', process.env.ELECTRON_RUN_AS_NODE, ...process.argv.slice(2)); process.exit(14)`,
  );
  utimesSync(cli, seconds, seconds);
  return place;
}
const launch = (path: string, PATH = '/usr/bin:/bin'): string => {
  const { status, stdout, stderr } = spawnSync(path, ['plan', 'a b'], { encoding: 'utf8', env: { PATH } });
  return `${status} ${stdout}${stderr}`;
};

describe.skipIf(process.platform === 'win32')('the launcher of the command line', () => {
  it('runs what is installed, and after an update the new version, with its arguments and its status', async () => {
    const extension = version('0.1.0', 1000);
    const path = join(folder, 'bin', 'k3s-ha');
    const target = { extension, version: '0.1.0', program: process.execPath };
    expect(await writeLauncher(path, shLauncher(target))).toEqual({ ok: true });
    expect(statSync(path).mode & 0o777).toBe(0o755);
    expect(launch(path)).toBe('14 0.1.0 1 plan a b\n');
    version('0.10.0', 2000);
    version('0.2.0', 1500);
    expect(launch(path)).toBe('14 0.10.0 1 plan a b\n');
    rmSync(extension, { recursive: true });
    expect(launch(path)).toBe('14 0.10.0 1 plan a b\n');
    for (const left of ['0.10.0', '0.2.0']) rmSync(join(folder, `k3s-ha.k3s-ha-${left}`), { recursive: true });
    expect(launch(path)).toMatch(/^127 k3s-ha: the extension K3s HA is not installed any more\. .*remove .*k3s-ha\n$/);
  });

  it('takes the node on PATH when the program of the editor is gone, and says what to do where there is none', async () => {
    const extension = version('1.0.0', 1000);
    const path = join(folder, 'bin', 'k3s-ha');
    await writeLauncher(path, shLauncher({ extension, version: '1.0.0', program: '/gone/node' }));
    const node = join(folder, 'nodes');
    mkdirSync(node);
    symlinkSync(process.execPath, join(node, 'node'));
    expect(launch(path, node)).toBe('14 1.0.0 undefined plan a b\n');
    expect(launch(path, join(folder, 'nothing'))).toMatch(/^127 k3s-ha: \/gone\/node is gone.*Install Command Line/);
  });

  it('never replaces or removes a program of somebody else, through a link neither', async () => {
    const path = join(folder, 'theirs');
    writeFileSync(path, '#!/bin/sh\necho theirs\n');
    chmodSync(path, 0o755);
    const link = join(folder, 'link');
    symlinkSync(path, link);
    for (const each of [path, link]) {
      expect(await writeLauncher(each, 'x')).toMatchObject({ ok: false, error: { code: 'launcher-foreign' } });
      expect(await removeLauncher(each)).toMatchObject({ ok: false, error: { code: 'launcher-foreign' } });
    }
    expect(readFileSync(path, 'utf8')).toContain('theirs');
  });

  it('goes as it came, once', async () => {
    const path = join(folder, 'bin', 'k3s-ha');
    expect(await removeLauncher(path)).toEqual({ ok: true, value: true });
    expect(existsSync(path)).toBe(false);
    expect(await removeLauncher(path)).toEqual({ ok: true, value: false });
  });
});

describe('the launcher for Windows', () => {
  it('looks for the newest version, and no name in a path means something', () => {
    const text = cmdLauncher({
      extension: 'C:\\Users\\100% me\\.vscode\\extensions\\k3s-ha.k3s-ha-0.1.0',
      version: '0.1.0',
      program: 'C:\\Code\\Code.exe',
    });
    expect(text).toContain(`dir /b /ad /o-d "C:\\Users\\100%% me\\.vscode\\extensions\\k3s-ha.k3s-ha-*"`);
    expect(text).toContain('"C:\\Code\\Code.exe" "%CLI%" %*');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('the folder for own programs', () => {
  const of = (env: Record<string, string>, windows = false): ReturnType<typeof binFolder> =>
    binFolder({ windows, home: windows ? 'C:\\Users\\me' : '/home/me', env });

  it.each<[Record<string, string>, string, boolean, string]>([
    [{ PATH: '/usr/bin:/home/me/.local/bin/' }, '/home/me/.local/bin', true, ''],
    [{ PATH: '/usr/bin:/home/me/bin' }, '/home/me/bin', true, ''],
    [{ PATH: '/usr/bin', SHELL: '/bin/zsh' }, '/home/me/.local/bin', false, '~/.zshrc'],
    [{ PATH: '/usr/bin', SHELL: '/bin/bash' }, '/home/me/.local/bin', false, '~/.profile'],
    [{ PATH: '/usr/bin', SHELL: '/usr/bin/fish' }, '/home/me/.local/bin', false, 'fish'],
  ])('with %j is %s (on PATH: %s)', (env, path, onPath, where) => {
    expect(of(env)).toMatchObject({ path, onPath, where: expect.stringContaining(where) });
  });

  it('is one below the person on Windows', () => {
    const path = 'C:\\Users\\me\\AppData\\Local\\Programs\\k3s-ha';
    expect(of({ Path: 'C:\\Windows' }, true)).toMatchObject({
      path,
      onPath: false,
      line: expect.stringContaining(path),
    });
    expect(of({ Path: `C:\\Windows;${path.toUpperCase()}\\` }, true)).toMatchObject({ onPath: true });
  });
});

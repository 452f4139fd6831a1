import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram, programPaths } from '../../../src/adapters/system/findProgram';

test('only absolute folders of PATH are looked into, in order', () => {
  expect(programPaths('ssh', { platform: 'linux', env: { PATH: ':.:bin:/opt/bin:../x::/usr/bin' } })).toEqual([
    '/opt/bin/ssh',
    '/usr/bin/ssh',
  ]);
});

test('without a PATH the usual folders are', () => {
  expect(programPaths('ssh', { platform: 'darwin', env: {} })).toEqual(['/usr/bin/ssh', '/bin/ssh']);
});

test('on Windows the OpenSSH of the system comes first, and never the current folder or drive', () => {
  const env = {
    SystemRoot: String.raw`C:\Windows`,
    Path: String.raw`.;;bin;\tools;C:relative;"C:\Program Files\Git\usr\bin";\\server\share`,
  };
  expect(programPaths('ssh', { platform: 'win32', env })).toEqual([
    String.raw`C:\Windows\System32\OpenSSH\ssh.exe`,
    String.raw`C:\Program Files\Git\usr\bin\ssh.exe`,
    String.raw`\\server\share\ssh.exe`,
  ]);
  expect(programPaths('ssh', { platform: 'win32', env: {} })).toEqual([]);
});

test('the first one that is a program wins', async () => {
  const machine = { platform: 'linux', env: { PATH: '/a:/b:/c' } } as const;
  expect(await findProgram('ssh', machine, async (path) => path !== '/a/ssh')).toBe('/b/ssh');
  expect(await findProgram('ssh', machine, async () => false)).toBeUndefined();
});

test.skipIf(process.platform === 'win32')('a folder or a file that may not be run is no program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-path-'));
  try {
    for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
    mkdirSync(join(folder, 'a', 'ssh'));
    writeFileSync(join(folder, 'b', 'ssh'), '', { mode: 0o644 });
    writeFileSync(join(folder, 'c', 'ssh'), '');
    chmodSync(join(folder, 'c', 'ssh'), 0o755);
    expect(
      await findProgram('ssh', {
        platform: 'linux',
        env: { PATH: ['a', 'b', 'c'].map((name) => join(folder, name)).join(':') },
      }),
    ).toBe(join(folder, 'c', 'ssh'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

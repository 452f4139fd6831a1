import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropOldData } from '../../../src/core/remote/oldData';
import { shellHost, type ShellHost } from '../../support/shellHost';

const [OLD, OLDER, PREVIOUS, CURRENT, USED] = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(64)) as [
  string,
  string,
  string,
  string,
  string,
];

describe.each(['/bin/dash', '/bin/bash'])('unpacked programs of older releases, under %s', (shell) => {
  let host: ShellHost;
  let data: string;
  beforeEach(() => {
    host = shellHost(shell);
    data = join(host.folder, 'k3s');
    for (const name of [OLD, OLDER, PREVIOUS, CURRENT, USED, 'cni', 'note'.repeat(16)]) {
      mkdirSync(join(data, 'data', name, 'bin'), { recursive: true });
      writeFileSync(join(data, 'data', name, 'bin/k3s'), name);
    }
    symlinkSync(join(data, 'data', CURRENT), join(data, 'data/current'));
    symlinkSync(join(data, 'data', PREVIOUS), join(data, 'data/previous'));
  });
  afterEach(() => host.remove());
  const run = async () => dropOldData(data).parse(await host.run(dropOldData(data)));
  const left = (name: string): boolean => existsSync(join(data, 'data', name, 'bin'));

  it('go, but for the present ones, those before, and those that a process runs from', async () => {
    const program = join(data, 'data', USED, 'bin/containerd-shim');
    copyFileSync('/bin/sleep', program);
    const shim = spawn(program, ['60']);
    try {
      await new Promise((resolve) => shim.once('spawn', resolve));
      const dropped = await run();
      expect(dropped.ok ? [...dropped.value].sort() : dropped).toEqual(
        [OLD, OLDER].map((name) => join(data, 'data', name)),
      );
      expect([OLD, OLDER, PREVIOUS, CURRENT, USED, 'cni', 'note'.repeat(16)].map(left)).toEqual([
        false,
        false,
        true,
        true,
        true,
        true,
        true,
      ]);
    } finally {
      shim.kill('SIGKILL');
    }
  });

  it('stay where nobody can tell which ones are the present ones', async () => {
    host.program('readlink', 'exit 1\n');
    expect(await run()).toEqual({ ok: true, value: [] });
    expect(left(OLD)).toBe(true);
  });
});

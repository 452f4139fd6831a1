import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RemoteOutput } from '../../../src/core/remote/remoteCommand';
import { runHook, type HookRun } from '../../../src/core/remote/runHook';
import { textInput } from '../../support/localFiles';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('a hook on a host, under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  const command = (text: string, more: Partial<HookRun> = {}): ReturnType<typeof runHook> =>
    runHook({ name: './pre.sh', input: textInput(text), env: {}, timeoutMs: 30_000, ...more }, []);
  const left = (): readonly string[] => readdirSync(join(host.folder, 'state')).filter((name) => name !== 'hook.lock');
  const file = (name: string): string => join(host.folder, name);
  const read = (name: string): string => readFileSync(file(name), 'utf8').trim();
  /** Why it failed, as a person reads it. */
  const why = (output: RemoteOutput, text = ''): string | undefined => {
    const parsed = command(text).parse(output);
    return parsed.ok ? undefined : `${parsed.error.message}: ${parsed.error.why}`;
  };

  it('prints its lines, knows its machine, and goes when it is done', async () => {
    const ran = await host.run(
      command('#!/bin/sh\necho "$K3S_HA_NODE of $K3S_HA_CLUSTER"; echo second >&2; pwd; stat -c %a "$0"; cat\n', {
        env: { K3S_HA_NODE: 'server-1', K3S_HA_CLUSTER: 'it\'s "mine"; $(rm)' },
      }),
    );
    const [first, second, folder, mode] = ran.stdout.split('\n');
    expect([first, second, mode]).toEqual(['server-1 of it\'s "mine"; $(rm)', 'second', '700']);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder).toContain(join(host.folder, 'state', 'hook.'));
    expect(existsSync(folder ?? '')).toBe(false);
    expect(left()).toEqual([]);
  });

  it('is readable by nobody else while it runs', async () => {
    await host.run(command('#!/bin/sh\nstat -c %a "$PWD" > "$HOST/mode"\n'));
    expect(read('mode')).toBe('700');
    expect(statSync(file('state')).mode & 0o077).toBe(0);
  });

  it('fails with its exit status, whatever that is, and its last lines', async () => {
    for (const status of [1, 90, 91, 93, 255]) {
      const ran = await host.run(command(`#!/bin/sh\necho "disk is full"; exit ${status}\n`));
      const parsed = command('').parse(ran);
      expect(parsed).toMatchObject({
        ok: false,
        error: {
          code: 'hook-failed',
          why: `The hook ended with exit status ${status}.`,
          details: ['disk is full'],
        },
      });
    }
    expect(left()).toEqual([]);
  });

  it('that hangs is ended with its children when its time is over', async () => {
    const ran = await host.run(
      command(
        '#!/bin/sh\ntrap "" TERM\n(trap "" TERM; while :; do sleep 1; done) &\necho $! > "$HOST/child"\necho waiting\nwhile :; do sleep 1; done\n',
        { timeoutMs: 1000 },
      ),
    );
    expect(ran.stdout).toBe('waiting\n');
    expect(why(ran)).toBe('The hook ./pre.sh did not succeed: The hook ran longer than 1 s and was ended.');
    await vi.waitFor(() => expect(isAlive(Number(read('child')))).toBe(false));
    expect(left()).toEqual([]);
  });

  it('ends with what it leaves in the background, also when that keeps the output open', async () => {
    const ran = await host.run(command('#!/bin/sh\nsleep 1000 &\necho $! > "$HOST/child"\necho done\n'));
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    await vi.waitFor(() => expect(isAlive(Number(read('child')))).toBe(false));
  });

  it('ends when nobody listens any more', async () => {
    const text = '#!/bin/sh\necho $$ > "$HOST/hook"\nwhile :; do echo working; sleep 0.1; done\n';
    const listening = host.start(command(text));
    listening.stdin?.end(text);
    await new Promise<void>((resolve) => listening.stdout?.once('data', () => resolve()));
    const closed = new Promise((resolve) => listening.once('exit', resolve));
    listening.stdout?.destroy();
    await closed;
    await vi.waitFor(() => expect(isAlive(Number(read('hook')))).toBe(false));
    expect(left()).toEqual([]);
  });

  it('does not begin beside one of an earlier run, and says so', async () => {
    const text = '#!/bin/sh\necho begun\nwhile [ ! -e "$HOST/go" ]; do sleep 0.1; done\n';
    const first = host.start(command(text));
    first.stdin?.end(text);
    await new Promise<void>((resolve) => first.stdout?.once('data', () => resolve()));
    const second = await host.run(command('#!/bin/sh\necho second > "$HOST/second"\n'));
    expect(why(second)).toBe('The hook ./pre.sh was not begun: a hook of an earlier run is still running on this host');
    expect(existsSync(file('second'))).toBe(false);
    const ended = new Promise((resolve) => first.once('exit', resolve));
    writeFileSync(file('go'), '');
    expect(await ended).toBe(0);
  });

  it('is not run when only a part of it arrives', async () => {
    const text = '#!/bin/sh\necho ran > "$HOST/ran"\n';
    const cut = host.start(command(`${text}exit 1\n`));
    const ended = new Promise((resolve) => cut.once('exit', resolve));
    cut.stdin?.end(text);
    expect(await ended).toBe(1);
    expect(existsSync(file('ran'))).toBe(false);
    expect(left()).toEqual([]);
  });

  it('takes along what a power cut left behind', async () => {
    mkdirSync(file('state/hook.aB3dE6'), { recursive: true });
    writeFileSync(file('state/hook.aB3dE6/hook'), 'old');
    await host.run(command('#!/bin/sh\nexit 0\n'));
    expect(left()).toEqual([]);
  });

  it('that prints without end is ended', async () => {
    const ran = await host.run(
      command('#!/bin/sh\nwhile :; do cat /dev/zero | head -c 1000000 | tr "\\0" x; echo; done\n'),
    );
    expect(why(ran)).toContain('The hook printed more than 4 MiB and was ended');
    expect(left()).toEqual([]);
  });

  it('has pipes that end as they usually do', async () => {
    const ran = await host.run(command('#!/bin/sh\nyes | head -n 1\n'));
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'y\n' });
  });
});

/** A process that is there and not only waits to be buried. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

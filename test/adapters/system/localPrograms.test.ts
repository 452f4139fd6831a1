import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgramRunner } from '../../../src/adapters/system/localPrograms';
import type { ProgramRun } from '../../../src/engine/ports';
import { textInput } from '../../support/localFiles';

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-here-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(text: string, more: Partial<ProgramRun> = {}): ReturnType<ReturnType<typeof createProgramRunner>['run']> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/home/ada', AWS_SECRET_ACCESS_KEY: 'an-aws-key', HOOK_X: 'no' };
  return createProgramRunner({ baseDir: folder, env }).run({
    name: './pre.sh',
    input: textInput(text),
    env: { K3S_HA_NODE: 'server-1' },
    timeoutMs: 60_000,
    onLine: (line) => lines.push(line),
    ...more,
  });
}
const read = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
const begun = (name: string): Promise<void> => vi.waitFor(() => expect(read(name)).not.toBe(''), { timeout: 10_000 });
const dead = (name: string): Promise<void> =>
  vi.waitFor(() => {
    const stat = `/proc/${read(name)}/stat`;
    expect(existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ')).toBe(false);
  });

describe.skipIf(process.platform !== 'linux')('a hook on this computer', () => {
  it('begins in the folder of the cluster file, with its machine and no secret of the person', async () => {
    expect(
      await run('#!/bin/sh\npwd; env | cut -d= -f1 | sort | tr "\\n" " "; echo; echo to-stderr >&2; cat\n'),
    ).toEqual({
      ok: true,
      value: undefined,
    });
    expect(lines).toContain(folder);
    expect(lines).toContain('to-stderr');
    expect(lines.find((line) => line.includes('K3S_HA_NODE'))?.split(' ')).toEqual(
      expect.arrayContaining(['HOME', 'K3S_HA_NODE', 'PATH']) as string[],
    );
    expect(lines.join(' ')).not.toMatch(/AWS|HOOK_X/);
  });

  it('is gone when it has ended, and nobody else could read it', async () => {
    await run('#!/bin/sh\necho "$0"; stat -c %a "$(dirname "$0")" "$0"\n');
    const [path = '', ...modes] = lines;
    expect(modes).toEqual(['700', '700']);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails with its status and its last lines', async () => {
    expect(await run('#!/bin/sh\necho disk is full; exit 7\n')).toMatchObject({
      ok: false,
      error: { code: 'hook-failed', why: 'It ended with exit status 7.', details: ['disk is full'] },
    });
  });

  it('that hangs is ended with its children when its time is over', async () => {
    const text =
      '#!/bin/sh\ntrap "" TERM\n(trap "" TERM; while :; do sleep 1; done) &\necho $! > child\nwhile :; do sleep 1; done\n';
    expect(await run(text, { timeoutMs: 1000 })).toMatchObject({
      ok: false,
      error: { why: 'It ran longer than 1s and was ended.' },
    });
    await dead('child');
  });

  it('ends with its children when it is cancelled', async () => {
    const cancel = new AbortController();
    const running = run('#!/bin/sh\nsleep 1000 &\necho $! > child\nwait\n', { signal: cancel.signal });
    await begun('child');
    cancel.abort();
    expect(await running).toMatchObject({ ok: false, error: { why: 'It was cancelled.' } });
    await dead('child');
  });

  it('does not wait for what left its process group and keeps the output open', async () => {
    const text =
      "#!/bin/sh\nsetsid sh -c 'echo $$ > child; exec sleep 1000' &\nwhile [ ! -s child ]; do sleep 0.1; done\necho done\n";
    try {
      expect(await run(text)).toEqual({ ok: true, value: undefined });
      expect(lines).toEqual(['done']);
    } finally {
      process.kill(Number(read('child')), 'SIGKILL');
    }
  });

  it('whose program is not there is told', async () => {
    expect(await run('#!/no/such/program\n')).toMatchObject({ ok: false, error: { code: 'hook-not-run' } });
  });
});

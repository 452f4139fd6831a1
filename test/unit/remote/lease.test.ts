import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { releaseLease, takeLease, type LeaseAnswer } from '../../../src/core/remote/lease';
import { shellHost, type ShellHost } from '../../support/shellHost';

const ADA = 'ada@laptop, process 1';
const BOB = 'bob@desk, process "2" $(id)';

describe.each(['/bin/dash', '/bin/bash'])('the lease of a host under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('date', 'cat "$HOST/now"');
    clock(1000);
  });
  afterEach(() => host.remove());

  const clock = (seconds: number): void => writeFileSync(join(host.folder, 'now'), `${seconds}\n`);
  const lease = (): string => join(host.folder, 'state/lease');

  async function take(run: string, who: string, over?: string): Promise<LeaseAnswer> {
    const command = takeLease(run, who, 90, over);
    const read = command.parse(await host.run(command));
    if (!read.ok) throw new Error(`${read.error.message}: ${read.error.why}`);
    return read.value;
  }

  it('is taken once, renewed by the same run, and told to others', async () => {
    expect(await take('run a', ADA)).toEqual({ taken: true, who: ADA, since: 1000, run: 'run a' });
    clock(1060);
    expect(await take('run a', ADA)).toMatchObject({ taken: true, since: 1000 });
    clock(1149);
    expect(await take('run b', BOB)).toEqual({ taken: false, who: ADA, since: 1000, run: 'run a' });
    expect(statSync(lease()).mode & 0o077).toBe(0);
  });

  it('ends by itself, and whoever comes then has it', async () => {
    await take('run a', ADA);
    clock(1090);
    expect(await take('run b', BOB)).toEqual({ taken: true, who: BOB, since: 1090, run: 'run b' });
    expect(await take('run a', ADA)).toMatchObject({ taken: false, who: BOB });
  });

  it('is taken over from a run that is over, and from no other', async () => {
    await take('run a', ADA);
    expect(await take('run b', BOB, 'run x')).toMatchObject({ taken: false });
    expect(await take('run b', BOB, 'run a')).toMatchObject({ taken: true, run: 'run b' });
  });

  it('is given back by the run that has it only', async () => {
    await take('run a', ADA);
    expect(await host.run(releaseLease('run b'))).toMatchObject({ exitCode: 0 });
    expect(existsSync(lease())).toBe(true);
    await host.run(releaseLease('run a'));
    expect(existsSync(lease())).toBe(false);
    expect(await host.run(releaseLease('run a'))).toMatchObject({ exitCode: 0 });
  });

  it('goes to one of many who come at the same moment', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((run) => take(run, `${run}@x`)));
    const winner = answers.find(({ taken }) => taken);
    expect(answers.filter(({ taken }) => taken)).toHaveLength(1);
    expect(new Set(answers.map(({ run }) => run))).toEqual(new Set([winner?.run]));
    expect(existsSync(join(host.folder, 'state/lease.lock'))).toBe(false);
  });

  it('is not blocked for ever by a lock whose owner was cut off', async () => {
    host.program('sleep', ':');
    mkdirSync(join(host.folder, 'state/lease.lock'), { recursive: true });
    expect(await take('run a', ADA)).toMatchObject({ taken: true });
  });

  it('that is no lease counts as none', async () => {
    mkdirSync(join(host.folder, 'state'));
    writeFileSync(lease(), 'half a line');
    expect(await take('run a', ADA)).toMatchObject({ taken: true });
    expect(readFileSync(lease(), 'utf8')).toBe(`run a\n${ADA}\n1000\n1090\n`);
  });
});

describe('what a host says of its lease', () => {
  it('is a problem when it says neither', () => {
    const { parse } = takeLease('run', 'who', 90);
    expect(parse({ stdout: 'hello', stderr: '', exitCode: 0 })).toMatchObject({ error: { code: 'lease-failed' } });
    expect(parse({ stdout: '', stderr: 'mkdir: Read-only file system', exitCode: 1 })).toMatchObject({
      error: { code: 'lease-failed', why: 'mkdir: Read-only file system' },
    });
  });
});

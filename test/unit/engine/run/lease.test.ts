import { describe, expect, it } from 'vitest';
import type { Result } from '../../../../src/core/base/result';
import type { Problem } from '../../../../src/core/base/problem';
import { acquireLease, type Lease } from '../../../../src/engine/run/lease';
import type { Operator } from '../../../../src/engine/ports';
import { clusterOf } from '../../../support/cluster';
import { steppedClock } from '../../../support/clock';
import { OPERATOR } from '../../../support/operator';
import { quietLog } from '../../../support/quietLog';
import { scriptedHosts, type Answer, type Reply, type ScriptedHosts } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const { servers } = cluster;
const TAKEN: Reply = { stdout: 'taken\nada@laptop, process 1000\n1790000000\nours\n' };
const held = (who: string): Reply => ({ stdout: `held\n${who}\n1789999940\ntheirs\n` });

/** Servers without a cluster that answers. */
const alone =
  (answer: Answer): Answer =>
  (host, script, turn) =>
    script.endsWith('cluster-lease') ? { stderr: 'refused', exitCode: 1 } : answer(host, script, turn);

async function acquire(answer: Answer = () => TAKEN, order = servers, operator: Operator = OPERATOR) {
  const hosts = scriptedHosts(alone(answer));
  const clock = steppedClock(1_790_000_000_000);
  const { signal } = new AbortController();
  const lease = await acquireLease(cluster, order, { hosts, clock, log: quietLog, run: 'ours', operator, signal });
  return { lease, hosts, clock };
}

function leaseOf(result: Result<Lease, Problem>): Lease {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const takes = ({ calls }: ScriptedHosts): number => calls.filter(({ script }) => script === 'take-lease').length;
const released = (asked: readonly string[]): string[] =>
  asked.filter((call) => call.startsWith('release-lease')).map((call) => call.slice('release-lease '.length));

describe('the lease of a cluster', () => {
  it('is taken in one order by everybody, whatever order the file has', async () => {
    const wanted = ['take-lease server-1', 'take-lease server-2', 'take-lease server-3'];
    expect((await acquire()).hosts.asked().slice(0, 3)).toEqual(wanted);
    expect((await acquire(() => TAKEN, [...servers].reverse())).hosts.asked().slice(0, 3)).toEqual(wanted);
  });

  it('tells others who holds it', async () => {
    const { hosts } = await acquire();
    expect(hosts.calls[0]?.args).toEqual(['ours', 'ada@laptop, process 1000', '90', '']);
  });

  it('held by somebody else is a problem that says whose and since when, and nothing is kept', async () => {
    const { lease, hosts } = await acquire((host) => (host === 'server-2' ? held('bob@desk, process 7') : TAKEN));
    expect(lease).toMatchObject({
      ok: false,
      error: {
        code: 'cluster-in-use',
        host: 'server-2',
        message: 'bob@desk, process 7 is working on this cluster',
        why: expect.stringMatching(/holds the lease of server-2 since (?:60 s|1 min)/) as string,
        nextSteps: [expect.stringContaining('Wait until'), expect.stringContaining('within 90 s')],
      },
    });
    expect(hosts.asked()).not.toContain('take-lease server-3');
    expect(released(hosts.asked())).toEqual(['server-1']);
  });

  it('held by a process of this machine that is gone is taken over, by naming its run', async () => {
    const answer: Answer = (host, _, turn) =>
      host === 'server-1' && turn === 0 ? held('ada@laptop, process 999') : TAKEN;
    const { lease, hosts } = await acquire(answer);
    expect(lease.ok).toBe(true);
    expect(hosts.calls[1]?.args[3]).toBe('theirs');
  });

  it('held by another process of this machine that runs, or of another machine, is not', async () => {
    const running: Operator = { ...OPERATOR, isRunning: () => true };
    expect((await acquire(() => held('ada@laptop, process 999'), servers, running)).lease.ok).toBe(false);
    expect((await acquire(() => held('ada@desk, process 999'))).lease.ok).toBe(false);
  });

  it('does without a server that does not answer, and not without all of them', async () => {
    const one = await acquire((host) => (host === 'server-2' ? { stderr: 'no sudo', exitCode: 1 } : TAKEN));
    expect(one.lease.ok).toBe(true);
    const none = await acquire(() => ({ stderr: 'mkdir: Read-only file system', exitCode: 1 }));
    expect(none.lease).toMatchObject({
      ok: false,
      error: { code: 'lease-failed', why: 'mkdir: Read-only file system' },
    });
  });

  it('is renewed as long as it is held', async () => {
    const { lease, hosts, clock } = await acquire();
    clock.pass(20_000);
    await expect.poll(() => takes(hosts)).toBe(6);
    await expect.poll(() => clock.waiting()).toBe(1);
    clock.pass(20_000);
    await expect.poll(() => takes(hosts)).toBe(9);
    await leaseOf(lease).release();
    expect(clock.waiting()).toBe(0);
  });

  it('is lost when somebody else has it at a renewal, and the run is told by whom', async () => {
    let theirs = false;
    const { lease, clock } = await acquire((host) =>
      theirs && host === 'server-3' ? held('bob@desk, process 7') : TAKEN,
    );
    const own = leaseOf(lease);
    expect([own.lost.aborted, own.problem()]).toEqual([false, undefined]);
    theirs = true;
    clock.pass(20_000);
    await expect.poll(() => own.lost.aborted).toBe(true);
    expect(own.problem()).toMatchObject({ code: 'cluster-in-use', host: 'server-3' });
  });

  it('is not lost because a server restarts or the connection breaks', async () => {
    let away = false;
    const { lease, hosts, clock } = await acquire((_, script) => (away && script === 'take-lease' ? 'cut off' : TAKEN));
    away = true;
    clock.pass(20_000);
    await expect.poll(() => takes(hosts)).toBe(6);
    expect(leaseOf(lease).lost.aborted).toBe(false);
    await leaseOf(lease).release();
  });

  it('is given back on every server, also where the connection broke while it was taken', async () => {
    const { lease, hosts } = await acquire((host, script) =>
      host === 'server-2' && script === 'take-lease' ? 'cut off' : TAKEN,
    );
    await leaseOf(lease).release();
    expect(released(hosts.asked()).sort()).toEqual(['server-1', 'server-2', 'server-3']);
    expect(hosts.calls.filter(({ script }) => script === 'release-lease')[0]?.args).toEqual(['ours']);
  });
});

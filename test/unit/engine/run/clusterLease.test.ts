import { describe, expect, it } from 'vitest';
import type { Result } from '../../../../src/core/base/result';
import type { Problem } from '../../../../src/core/base/problem';
import type { Operator } from '../../../../src/engine/ports';
import { acquireLease, type Lease } from '../../../../src/engine/run/lease';
import { leaseStore, type LeaseObject, type LeaseStore } from '../../../../src/practice/k3s/leaseStore';
import { clusterOf } from '../../../support/cluster';
import { steppedClock, type SteppedClock } from '../../../support/clock';
import { OPERATOR } from '../../../support/operator';
import { quietLog } from '../../../support/quietLog';
import { scriptedHosts, type Reply, type ScriptedHosts } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 2 });
const BOB: Operator = { name: 'bob@desk', process: 7, isRunning: () => true };
const BEGIN = 1_790_000_000_000;
const REFUSED: Reply = { stderr: 'The connection to the server 127.0.0.1:6443 was refused', exitCode: 1 };

/** A cluster that keeps leases as the API does, and the time of its servers. */
interface World {
  leases: LeaseStore;
  readonly clock: SteppedClock;
  /** Asked first; undefined lets the cluster answer. */
  first: (host: string, script: string) => Reply | undefined;
}

const world = (): World => ({ leases: leaseStore(), clock: steppedClock(BEGIN), first: () => undefined });

function answering(them: World, host: string, script: string, stdin: string, verb: string | undefined): Reply {
  const reply = them.first(host, script);
  if (reply !== undefined) return reply;
  if (script === 'take-lease') return { stdout: 'taken\nx\n1790000000\nx\n' };
  if (script === 'read-cluster-lease') {
    const lease = them.leases.get('k3s-ha');
    const time = Math.floor(them.clock.now() / 1000);
    return { stdout: `${time}\n${lease === undefined ? '' : JSON.stringify(lease)}` };
  }
  if (script !== 'write-cluster-lease') return {};
  const written = them.leases.write(verb === 'create' ? 'create' : 'replace', JSON.parse(stdin) as LeaseObject, '');
  return 'reason' in written
    ? { stderr: `Error from server (${written.reason}): ${written.message}`, exitCode: 1 }
    : { stdout: JSON.stringify(written) };
}

interface Acquired {
  readonly result: Result<Lease, Problem>;
  readonly hosts: ScriptedHosts;
}

async function acquire(
  them: World,
  operator: Operator = OPERATOR,
  {
    run = `run of ${operator.name}`,
    signal = new AbortController().signal,
    clock = them.clock,
    turnsBack = false,
  } = {},
): Promise<Acquired> {
  const hosts = scriptedHosts((host, script, _, { stdin, args }) => answering(them, host, script, stdin, args[0]));
  const deps = { hosts, clock, log: quietLog, run, operator, signal, turnsBack };
  const result = await acquireLease(cluster, cluster.servers, deps);
  return { result, hosts };
}

function leaseOf({ result }: Acquired): Lease {
  if (!result.ok) throw new Error(`${result.error.message}: ${result.error.why}`);
  return result.value;
}

const spec = ({ leases }: World): Readonly<Record<string, unknown>> => leases.get('k3s-ha')?.spec ?? {};
const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

/** Somebody who took the lease so long ago and is not heard of since. */
function abandon(them: World, secondsAgo: number, holder = 'bob@desk, process 7, run x'): void {
  const at = iso(them.clock.now() - secondsAgo * 1000);
  const metadata = { name: 'k3s-ha', namespace: 'kube-system' };
  const lease = { holderIdentity: holder, leaseDurationSeconds: 90, acquireTime: at, renewTime: at };
  them.leases.write('create', { metadata, spec: lease }, at);
}

/** Lets time pass whenever somebody waits, until `work` is over. */
async function inTime<T>(them: World, work: Promise<T>): Promise<T> {
  let over = false;
  const ended = work.finally(() => (over = true));
  for (;;) {
    await expect.poll(() => over || them.clock.waiting() > 0).toBe(true);
    if (over) return ended;
    them.clock.pass(20_000);
  }
}

describe('the lease in the cluster', () => {
  it('says who holds it since when, is renewed, and given back at the end', async () => {
    const them = world();
    const lease = leaseOf(await acquire(them));
    expect(spec(them)).toEqual({
      holderIdentity: 'ada@laptop, process 1000, run run of ada@laptop',
      leaseDurationSeconds: 90,
      acquireTime: iso(BEGIN),
      renewTime: iso(BEGIN),
    });
    them.clock.pass(20_000);
    await expect.poll(() => spec(them)['renewTime']).toBe(iso(BEGIN + 20_000));
    expect(spec(them)['acquireTime']).toBe(iso(BEGIN));
    await lease.release();
    expect(spec(them)).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    expect(leaseOf(await acquire(them, BOB)).problem()).toBeUndefined();
    expect(spec(them)['holderIdentity']).toContain('bob@desk');
  });

  it('keeps somebody out whose servers gave theirs, says whose it is and where, and leaves nothing behind', async () => {
    const them = world();
    await acquire(them);
    const before = spec(them);
    const { result, hosts } = await acquire(them, BOB);
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'cluster-in-use',
        host: 'server-1',
        message: 'ada@laptop, process 1000 is working on this cluster',
        why: 'Their run holds the lease of the cluster itself (k3s-ha in kube-system) since 0 s; nothing was changed.',
      },
    });
    expect(hosts.asked().slice(-2).sort()).toEqual(['release-lease server-1', 'release-lease server-2']);
    expect(spec(them)).toEqual(before);
  });

  it('goes to one of many who come at the same moment', async () => {
    const them = world();
    const all = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => acquire(them, { ...BOB, name }, { run: name })),
    );
    const [winner] = all.filter(({ result }) => result.ok);
    expect(all.filter(({ result }) => result.ok)).toHaveLength(1);
    expect(spec(them)['holderIdentity']).toContain(`run ${['a', 'b', 'c', 'd', 'e'][all.indexOf(winner as Acquired)]}`);
  });

  it('is no obstacle when no server answers, and is taken as soon as one does', async () => {
    const them = world();
    them.first = (_, script) => (script.endsWith('cluster-lease') ? REFUSED : undefined);
    const lease = leaseOf(await acquire(them));
    expect(them.leases.list()).toEqual([]);
    them.first = () => undefined;
    lease.reach();
    await expect.poll(() => spec(them)['holderIdentity']).toContain('ada@laptop');
    await lease.release();
  });

  it('is taken through the server that answers, and stays when that one goes', async () => {
    const them = world();
    them.first = (host, script) => (script.endsWith('cluster-lease') && host === 'server-1' ? REFUSED : undefined);
    const lease = leaseOf(await acquire(them));
    them.first = (host, script) => (script.endsWith('cluster-lease') && host === 'server-2' ? REFUSED : undefined);
    them.clock.pass(20_000);
    await expect.poll(() => spec(them)['renewTime']).toBe(iso(BEGIN + 20_000));
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
    expect(spec(them)['holderIdentity']).toBe('');
  });

  it('survives a connection that breaks after it was written', async () => {
    const them = world();
    const hosts: string[] = [];
    let cut = true;
    them.first = (host, script) => {
      if (script !== 'write-cluster-lease' || !cut) return undefined;
      cut = false;
      hosts.push(host);
      abandon(them, 0, 'ada@laptop, process 1000, run run of ada@laptop');
      return 'cut off';
    };
    const lease = leaseOf(await acquire(them));
    expect(hosts).toEqual(['server-1']);
    await lease.release();
    expect(spec(them)['holderIdentity']).toBe('');
  });

  it('is lost when somebody else has it at a renewal, and when it answers late and is theirs', async () => {
    const them = world();
    const lease = leaseOf(await acquire(them));
    const theirs = { ...spec(them), holderIdentity: 'bob@desk, process 7, run y', renewTime: iso(BEGIN + 20_000) };
    them.leases.write('replace', { metadata: metadataOf(them), spec: theirs }, '');
    them.clock.pass(20_000);
    await expect.poll(() => lease.lost.aborted).toBe(true);
    expect(lease.problem()).toMatchObject({
      code: 'cluster-in-use',
      message: 'bob@desk, process 7 is working on this cluster',
      why: expect.stringContaining('; this run stops.') as string,
    });
    await lease.release();
    expect(spec(them)['holderIdentity']).toBe('bob@desk, process 7, run y');

    const late = world();
    late.first = (_, script) => (script.endsWith('cluster-lease') ? REFUSED : undefined);
    const other = leaseOf(await acquire(late));
    abandon(late, 0);
    late.first = () => undefined;
    other.reach();
    await expect.poll(() => other.lost.aborted).toBe(true);
  });

  it('of the past does not stop the run that has brought it back, and becomes its own in time', async () => {
    const them = world();
    const lease = leaseOf(await acquire(them, OPERATOR, { turnsBack: true }));
    // The snapshot was saved seconds ago, while somebody held the lease.
    them.leases = leaseStore();
    abandon(them, 10);
    for (let passed = 0; passed < 6; passed += 1) {
      const seen = them.clock.waiting();
      them.clock.pass(20_000);
      await expect.poll(() => them.clock.waiting()).toBe(seen);
    }
    expect(lease.lost.aborted).toBe(false);
    await expect.poll(() => spec(them)['holderIdentity']).toContain('ada@laptop');
    await lease.release();
  });

  it('of somebody who renews it is never taken, however old it looks', async () => {
    const them = world();
    // The clock of their server is five minutes behind.
    abandon(them, 300);
    const waits = acquire(them);
    await expect.poll(() => them.clock.waiting()).toBe(1);
    const renewed = { ...spec(them), renewTime: iso(BEGIN - 1000) };
    them.leases.write('replace', { metadata: metadataOf(them), spec: renewed }, '');
    expect(await inTime(them, waits)).toMatchObject({ result: { ok: false, error: { code: 'cluster-in-use' } } });
  });

  it('that nobody renews while it is watched for as long as it lasts is taken', async () => {
    const them = world();
    abandon(them, 120);
    leaseOf(await inTime(them, acquire(them)));
    expect(them.clock.now() - BEGIN).toBe(100_000);
    expect(spec(them)['holderIdentity']).toContain('ada@laptop');
  });

  it('that seems to be of a time to come is watched, too', async () => {
    const them = world();
    abandon(them, -86_400);
    leaseOf(await inTime(them, acquire(them)));
    expect(spec(them)['holderIdentity']).toContain('ada@laptop');
  });

  it('that was not renewed for very long, or is of a process of this machine that is gone, is taken at once', async () => {
    for (const [age, holder] of [
      [3600, 'bob@desk, process 7, run x'],
      [10, 'ada@laptop, process 999, run x'],
    ] as const) {
      const them = world();
      abandon(them, age, holder);
      leaseOf(await acquire(them));
      expect(spec(them)['holderIdentity']).toContain('process 1000');
    }
  });

  it('does not care for the clock of this machine', async () => {
    const them = world();
    const wrong: SteppedClock = { ...them.clock, now: () => them.clock.now() - 86_400_000 };
    await acquire(them, OPERATOR, { clock: wrong });
    expect(spec(them)['renewTime']).toBe(iso(BEGIN));
    expect((await acquire(them, BOB)).result.ok).toBe(false);
  });

  it('is not watched any longer when the person cancels', async () => {
    const them = world();
    abandon(them, 120);
    const cancel = new AbortController();
    const waits = acquire(them, OPERATOR, { signal: cancel.signal });
    await expect.poll(() => them.clock.waiting()).toBe(1);
    cancel.abort();
    const { result, hosts } = await waits;
    expect(result.ok).toBe(false);
    expect(hosts.asked().filter((call) => call.startsWith('release-lease'))).toHaveLength(2);
  });

  it('that was deleted meanwhile is made anew', async () => {
    const them = world();
    const lease = leaseOf(await acquire(them));
    them.leases = leaseStore();
    them.clock.pass(20_000);
    await expect.poll(() => spec(them)['holderIdentity']).toContain('ada@laptop');
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
  });
});

function metadataOf({ leases }: World): LeaseObject['metadata'] {
  const metadata = leases.get('k3s-ha')?.metadata;
  if (metadata === undefined) throw new Error('there is no lease');
  return metadata;
}

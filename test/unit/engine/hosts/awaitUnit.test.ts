import { describe, expect, it } from 'vitest';
import { journalCause } from '../../../../src/core/k3s/journal/journalCause';
import { recordedFaults } from '../../../support/journals';
import { playUnit, type Awaited, type Moment } from '../../../support/scriptedUnit';

const k3s = (level: string, text: string): string =>
  `time="2026-08-12T10:00:00Z" level=${level} msg=${JSON.stringify(text)}`;
const OLD_FATAL = k3s('fatal', 'Error: preparing server: failed to bootstrap cluster data: not authorized');
const begins = (at: number, invocation: string): Moment => ({
  at,
  active: 'activating',
  sub: 'start',
  invocation,
  journal: [k3s('info', 'Starting k3s v1.36.3+k3s1 (866d743e)')],
});
const up = (at: number): Moment => ({
  at,
  active: 'active',
  sub: 'running',
  journal: [k3s('info', 'k3s is up and running')],
});

/** A process that fails each `period` seconds with these lines, begun again after five seconds. */
function crashLoop(lines: readonly string[], period: number, times: number): Moment[] {
  return Array.from({ length: times }, (_, i) => {
    const at = i * (period + 5);
    return [
      { ...begins(at, `run${i}`), restarts: i },
      { at: at + period, sub: 'auto-restart', journal: lines },
    ];
  }).flat();
}

function whyOf({ outcome }: Awaited): { readonly message: string; readonly why: string; readonly next: string } {
  if (outcome.kind !== 'failed') throw new Error(`it ended as ${outcome.kind}`);
  return {
    message: outcome.problem.message,
    why: outcome.problem.why ?? '',
    next: outcome.problem.nextSteps.join(' '),
  };
}

describe('a unit that is started', () => {
  it('comes up, and tells how far it is in words', async () => {
    const adding = k3s(
      'info',
      'Adding member s2-5015c62a=https://10.0.0.12:2380 to etcd cluster [s1-9ed59320=https://10.0.0.11:2380]',
    );
    const run = await playUnit([
      begins(0.1, 'a'),
      { at: 2, sub: 'start', journal: [adding] },
      { at: 9, sub: 'start', journal: [k3s('info', 'Running kubelet --x=y')] },
      up(20),
    ]);
    expect(run.outcome).toEqual({ kind: 'done' });
    expect(run.seconds).toBeLessThan(21);
    expect(run.progress).toEqual(['starting', 'etcd: learner, waiting to be promoted', 'kubelet starting']);
  });

  it('fails with a cause that never cures itself at once, before any restart', async () => {
    const run = await playUnit(crashLoop([k3s('fatal', 'Error: flag provided but not defined: -cluster-init')], 1, 3), {
      role: 'agent',
    });
    expect(whyOf(run)).toMatchObject({
      message: expect.stringContaining('k3s-agent on agent-1 does not come up: it does not know an option'),
      why: 'Error: flag provided but not defined: -cluster-init',
      next: expect.stringContaining('agents.config'),
    });
    expect(run.seconds).toBeLessThan(2);
  });

  it('loops without an exit: the cause is told within 10 seconds', async () => {
    const waits = k3s(
      'info',
      'Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized',
    );
    for (const first of [0.5, 1, 4, 5.2, 7]) {
      const run = await playUnit(
        [begins(0.1, 'a'), ...[0, 7, 14, 21].map((later) => ({ at: first + later, journal: [waits] }))],
        { role: 'agent' },
      );
      expect(whyOf(run)).toMatchObject({
        message: expect.stringContaining('the cluster refuses its token'),
        next: expect.stringContaining('agent-token'),
      });
      expect(run.seconds - first, `first told after ${first} s`).toBeLessThan(10);
    }
  });

  it.each(
    recordedFaults()
      .filter(({ systemd }) => systemd.includes('NRestarts=0'))
      .flatMap((fault) =>
        (['server', 'agent'] as const).filter((role) => fault.role.includes(role)).map((role) => ({ ...fault, role })),
      ),
  )('as recorded, without an exit: $id on a $role', async ({ journal, role, systemd }) => {
    if (systemd.startsWith('active/running')) return;
    const run = await playUnit([begins(0.1, 'a'), { at: 3, journal }, up(40)], { role });
    if (journalCause(journal, role)?.cures === 'never') {
      expect(whyOf(run).message).toContain('does not come up');
      expect(run.seconds).toBeLessThan(13);
    } else expect(run.outcome).toEqual({ kind: 'done' });
  });

  it.each(recordedFaults().filter(({ systemd }) => /FAILURE|auto-restart/.test(systemd)))(
    'as recorded, in a loop of failures: $id',
    async ({ journal, role }) => {
      const lines = journal.map((line) => line.replace(/^E… /, 'E1127 00:20:00.123456     271 '));
      const one = role.includes('server') ? 'server' : 'agent';
      const run = await playUnit(crashLoop(lines, 3, 8), { role: one });
      expect(whyOf(run).why).not.toBe('');
      expect(run.seconds).toBeLessThan(journalCause(lines, one)?.cures === 'never' ? 5 : 40);
    },
  );

  it('gets over it when a server answers after one restart', async () => {
    const refused = k3s(
      'fatal',
      'Error: preparing server: failed to get CA certs: Get "https://10.0.0.1:6443/cacerts": connection refused',
    );
    const run = await playUnit([...crashLoop([refused], 2, 1), begins(7, 'second'), { at: 7, restarts: 1 }, up(20)]);
    expect(run.outcome).toEqual({ kind: 'done' });
    expect(run.progress).toContain('failed, it is started again: no server answers at its registration address');
  });

  it.each([
    ['systemd', 'journalctl -u k3s'],
    ['openrc', 'tail -n 200 /var/log/k3s.log'],
  ] as const)('says where the log is on a host with %s', async (manager, command) => {
    const run = await playUnit(crashLoop([OLD_FATAL], 1, 4), { manager });
    expect(whyOf(run).next).toContain(`See "${command}" on server-1`);
  });

  it('may find its port free at the second start, and gives up when it does not', async () => {
    const taken = k3s('fatal', 'Error: listen tcp :6443: bind: address already in use');
    expect(
      (await playUnit([...crashLoop([taken], 1, 1), begins(6, 'second'), { at: 6, restarts: 1 }, up(15)])).outcome,
    ).toEqual({ kind: 'done' });
    const run = await playUnit(crashLoop([taken], 1, 4));
    expect(whyOf(run).next).toContain('ss -lntp');
    expect(run.seconds).toBeLessThan(8);
  });

  it('is stopped by somebody else', async () => {
    const run = await playUnit([
      begins(0, 'a'),
      { at: 3, active: 'inactive', sub: 'dead', journal: ['Stopped k3s.service.'] },
    ]);
    expect(whyOf(run)).toMatchObject({ message: 'k3s on server-1 does not come up', why: 'Stopped k3s.service.' });
    expect(run.seconds).toBeLessThan(10);
  });

  it('is not given up before systemd has begun, and told at the end of its time', async () => {
    const slow = await playUnit([{ at: 0, active: 'inactive', sub: 'dead' }, begins(1, 'a'), up(9)]);
    expect(slow.outcome).toEqual({ kind: 'done' });
    const endless = await playUnit([begins(0, 'a')]);
    expect(whyOf(endless).message).toContain('is still not ready');
    expect(endless.seconds).toBeGreaterThan(600);
    expect(endless.looks).toBeLessThan(130);
  });

  it('is cancelled', async () => {
    const run = await playUnit([begins(0, 'a')], { cancelledAt: 7 });
    expect(run.outcome).toEqual({ kind: 'cancelled' });
    expect(run.seconds).toBeLessThan(13);
  });

  it('is not known of after the connection is lost', async () => {
    expect((await playUnit([begins(0, 'a'), up(30)], { lostAt: 6 })).outcome).toMatchObject({
      kind: 'unknown',
      problem: { code: 'connection-lost' },
    });
  });
});

describe('a unit that is restarted', () => {
  const old: Moment = { at: 0, active: 'active', sub: 'running', invocation: 'a0' };

  it('M14: is up only with a new invocation, however long the old one says active', async () => {
    const run = await playUnit([old, { at: 4, active: 'deactivating', sub: 'stop-sigterm' }, begins(8, 'b0'), up(15)], {
      verb: 'restart',
      before: 'a0',
    });
    expect(run.outcome).toEqual({ kind: 'done' });
    expect(run.seconds).toBeGreaterThanOrEqual(15);
  });

  it('M14: is not up when the old process goes on', async () => {
    const run = await playUnit([old], { verb: 'restart', before: 'a0' });
    expect(whyOf(run).message).toContain('is still not ready');
  });

  it('M14: asks seldom while the old process takes its time to stop', async () => {
    const run = await playUnit([{ ...old, active: 'deactivating', sub: 'stop-sigterm' }, begins(60, 'b0'), up(70)], {
      verb: 'restart',
      before: 'a0',
    });
    expect(run.outcome).toEqual({ kind: 'done' });
    expect(run.looks).toBeLessThan(20);
    expect(run.progress).toContain('stopping');
  });

  it('L7: does not show the last words of the process before', async () => {
    const failing: Moment = {
      at: 0,
      active: 'activating',
      sub: 'auto-restart',
      restarts: 9,
      invocation: 'a0',
      journal: [OLD_FATAL],
    };
    const run = await playUnit([failing, { ...begins(0.3, 'b0'), restarts: 0 }, up(12)], { before: 'a0' });
    expect(run.outcome).toEqual({ kind: 'done' });
    expect(run.progress.join()).not.toContain('token');
    const stays = await playUnit([failing, { ...begins(0.3, 'b0'), restarts: 0 }], { before: 'a0' });
    expect(JSON.stringify(stays.outcome)).not.toContain('not authorized');
  });
});

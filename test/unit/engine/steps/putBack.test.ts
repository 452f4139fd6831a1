import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { StepState } from '../../../../src/core/plan/step';
import { putBack } from '../../../../src/engine/steps/putBack';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Played } from '../../../support/playStep';
import { etcdText, unitText, type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = putBack.step(server, { role: 'server' }, 'no host is left with a state that it cannot start with');
const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const well: Answer = (_, script) => (script === 'etcd-members' ? { stdout: etcdText(MEMBERS, 1) } : {});

/** The end of a change whose restart ended so. */
function after(restarted: StepState | undefined, answer: Answer = well, cancelAt?: string): Promise<Played> {
  return playStep({
    cluster,
    step,
    facts: provisionedFacts(cluster),
    answer,
    states: restarted === undefined ? {} : { 'restart:server-1': restarted },
    ...(cancelAt === undefined ? {} : { cancelAt }),
  });
}

const PROOF = ['unit-status', 'server-ready', 'etcd-members'].map((script) => `${script} server-1`);

describe('the step put-back', () => {
  it('forgets what lies aside when the restart is proved', async () => {
    expect(await after('done')).toMatchObject({ outcome: { kind: 'done' }, asked: ['drop-aside server-1'] });
  });

  it('puts the old state back when the new one has started without its images', async () => {
    const states = { 'restart:server-1': 'done', 'await-images:server-1': 'failed' } as const;
    const { outcome, asked } = await playStep({
      cluster,
      step,
      facts: provisionedFacts(cluster),
      answer: well,
      states,
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked.slice(0, 2)).toEqual(['put-back server-1', 'unit-control server-1']);
  });

  it('H2: puts the old state back after a restart that failed, and proves that it runs', async () => {
    const { outcome, asked, calls, told } = await after('failed');
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['put-back server-1', 'unit-control server-1', ...PROOF, 'drop-aside server-1']);
    expect(calls[1]?.args).toEqual(['restart', 'k3s']);
    expect(told).toContain('putting the old configuration back');
  });

  it('puts only the files back when the process from before still runs', async () => {
    const { outcome, asked } = await after('skipped', (host, script, turn) =>
      script === 'put-back' ? { stdout: 'restart=no\n' } : well(host, script, turn),
    );
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['put-back server-1', 'drop-aside server-1']);
  });

  it.each<StepState>(['cancelled', 'unknown'])('keeps a new state that came up by itself: %s', async (state) => {
    const { outcome, asked, calls } = await after(state);
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls[0]?.args).toEqual(['start', 'k3s']);
    expect(asked).toEqual(['unit-control server-1', ...PROOF, 'drop-aside server-1']);
  });

  it.each<StepState>(['cancelled', 'unknown'])('puts the old one back when it did not: %s', async (state) => {
    const { outcome, asked } = await after(state, (host, script, turn) =>
      script === 'unit-status' && turn < 2 ? { stdout: unitText({ active: 'failed' }) } : well(host, script, turn),
    );
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toContain('put-back server-1');
    expect(asked.at(-1)).toBe('drop-aside server-1');
  });

  it('says so when the old state does not come up either, and keeps it', async () => {
    const line = 'time="x" level=fatal msg="disk I/O error"';
    const { outcome, asked } = await after('failed', (host, script, turn) =>
      script === 'unit-status' ? { stdout: unitText({ active: 'failed' }, line) } : well(host, script, turn),
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'put-back-failed',
        host: 'server-1',
        message: expect.stringContaining('does not come up with it either') as string,
        why: expect.stringContaining('disk I/O error') as string,
        nextSteps: expect.arrayContaining([expect.stringContaining('Do not touch another server')]) as string[],
      },
    });
    expect(asked).not.toContain('drop-aside server-1');
  });

  it('fails with the words of the host', async () => {
    const stderr = 'nothing was put aside on this host\n';
    const { outcome } = await after('failed', () => ({ stderr, exitCode: 1 }));
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'put-back-failed', why: stderr.trim() } });
  });

  it('is unknown when the connection breaks: what lies aside stays for the next run', async () => {
    const { outcome, asked } = await after('failed', (host, script, turn) =>
      script === 'put-back' ? 'cut off' : well(host, script, turn),
    );
    expect(outcome.kind).toBe('unknown');
    expect(asked).not.toContain('drop-aside server-1');
  });
});

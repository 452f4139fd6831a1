import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { takeAway } from '../../../../src/engine/steps/takeAway';
import { clusterOf } from '../../../support/cluster';
import { scriptedWatch } from '../../../support/drillWatch';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as [ClusterNode];
const step = (way: 'k3s' | 'link' | 'reboot', subject: string) =>
  takeAway.step(server, { part: `${way}:server-1`, way, subject, seconds: 30 }, 'you asked for it');
const play = (more: Omit<Play, 'cluster' | 'facts'>): Promise<Played> => playStep({ cluster, facts, ...more });

describe('the step take-away', () => {
  it('begins to count before it takes anything, and leaves the machine a way back of its own', async () => {
    const drill = scriptedWatch();
    const { outcome, calls } = await play({
      step: step('k3s', 'k3s'),
      drill,
      answer: () => ({ stdout: 'taken\n' }),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(drill.did).toEqual(['begin k3s:server-1']);
    expect(calls.map(({ script, args }) => [script, ...args])).toEqual([
      ['take-away', 'k3s', 'k3s', '150', 'k3s:server-1'],
    ]);
  });

  it('cuts a network for as long as it is watched and no longer', async () => {
    const { calls } = await play({
      step: step('link', '10.0.0.11'),
      drill: scriptedWatch(),
      answer: () => ({ stdout: 'taken\n' }),
    });
    expect(calls[0]?.args).toEqual(['link', '10.0.0.11', '30', 'link:server-1']);
  });

  it('fails with the reason, and does not know when the connection is lost', async () => {
    const failed = await play({
      step: step('link', '10.0.0.11'),
      drill: scriptedWatch(),
      answer: () => ({ exitCode: 3 }),
    });
    expect(failed.outcome).toMatchObject({ kind: 'failed', problem: { code: 'drill-no-firewall', host: 'server-1' } });
    const lost = await play({ step: step('k3s', 'k3s'), drill: scriptedWatch(), answer: () => 'cut off' });
    expect(lost.outcome.kind).toBe('unknown');
  });

  it('reboots a machine once: whether it goes down is seen when the answer is lost', async () => {
    const lost = await play({ step: step('reboot', 'boot-1'), drill: scriptedWatch(), answer: () => 'cut off' });
    expect(lost.outcome).toEqual({ kind: 'done' });
    expect(lost.calls[0]).toMatchObject({ script: 'reboot', args: ['boot-1'] });
    const refused = await play({
      step: step('reboot', 'boot-1'),
      drill: scriptedWatch(),
      answer: () => ({ exitCode: 1 }),
    });
    expect(refused.outcome).toMatchObject({ kind: 'failed', problem: { code: 'reboot-failed' } });
  });

  it('takes nothing away when nobody watches', async () => {
    await expect(play({ step: step('k3s', 'k3s') })).rejects.toThrow('nobody watches');
  });

  it('is carried through once it has begun, whoever cancels', () => {
    expect(step('k3s', 'k3s')).toMatchObject({ whole: true, phase: 'change', id: 'take-away:server-1:k3s' });
  });
});

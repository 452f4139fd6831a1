import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { stopK3s } from '../../../../src/engine/steps/stopK3s';
import { clusterOf } from '../../../support/cluster';
import { withOpenrc } from '../../../support/openrc';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play } from '../../../support/playStep';

const cluster = clusterOf();
const [agent] = cluster.agents as [ClusterNode];
const step = stopK3s.step(agent, { role: 'agent' }, 'agent-1 leaves the cluster');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

describe('the step stop-k3s', () => {
  it('stops K3s with its pods, by the folder of its data', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'stopped\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([
      { host: 'agent-1', script: 'stop-k3s', args: ['/var/lib/rancher/k3s', '120', '/var/lib/kubelet'] },
    ]);
  });

  it('finds its work already done', async () => {
    expect((await play({ answer: () => ({ stdout: 'absent\n' }) })).outcome).toEqual({ kind: 'done' });
  });

  it.each([
    ['journals', provisionedFacts(cluster), '"journalctl -u k3s" and "journalctl -u k3s-agent"'],
    [
      'logs',
      withOpenrc(provisionedFacts(cluster)),
      '"tail -n 200 /var/log/k3s.log" and "tail -n 200 /var/log/k3s-agent.log"',
    ],
  ])('names the %s of a host where it does not stop', async (_, facts, words) => {
    const { outcome } = await play({ facts, answer: () => ({ exitCode: 4 }) });
    expect(outcome).toMatchObject({ problem: { nextSteps: [`See ${words} on the host, then run again.`] } });
  });

  it('fails where K3s does not stop, or processes of pods do not end', async () => {
    const answers = [
      { stderr: 'k3s-agent is deactivating\n', exitCode: 4 },
      { stderr: 'processes 812 913\n', exitCode: 5 },
      { stderr: 'Failed to disable unit: Read-only file system\n', exitCode: 1 },
    ];
    const problems = await Promise.all(
      answers.map(async (said) => {
        const { outcome } = await play({ answer: () => said });
        return outcome.kind === 'failed' ? [outcome.problem.code, outcome.problem.host, outcome.problem.why] : [];
      }),
    );
    expect(problems).toEqual([
      ['k3s-not-stopped', 'agent-1', 'k3s-agent is deactivating.'],
      ['pods-not-stopped', 'agent-1', expect.stringContaining('processes 812 913')],
      ['k3s-not-stopped', 'agent-1', 'Failed to disable unit: Read-only file system'],
    ]);
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'stop-k3s' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { uninstallK3s } from '../../../../src/engine/steps/uninstallK3s';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';

const cluster = clusterOf();
const [agent] = cluster.agents as [ClusterNode];
const step = uninstallK3s.step(agent, { keepsProgram: false }, 'its data must never start again under this name');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

describe('the step uninstall-k3s', () => {
  it('uninstalls, and tells what it has left on purpose', async () => {
    const { outcome, calls, told } = await play({
      answer: () => ({ stdout: 'kept /var/lib/rancher/k3s/storage\nkept /var/lib/k3s-ha/kept\n' }),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([
      { host: 'agent-1', script: 'uninstall-k3s', args: ['/var/lib/rancher/k3s', '', '/var/lib/kubelet', '', ''] },
    ]);
    expect(told).toEqual(['left on agent-1: /var/lib/rancher/k3s/storage and /var/lib/k3s-ha/kept']);
  });

  it('goes by the folders that options have chosen, as the machine has them before what the file says', async () => {
    const config = {
      'kubelet-arg': ['max-pods=20', 'root-dir=/data/kubelet'],
      'default-local-storage-path': '/var/lib/rancher/k3s/agent/pv',
      'etcd-snapshot-dir': 'relative',
    };
    const own = { ...cluster, agents: [{ ...agent, config }] };
    expect((await play({ cluster: own })).calls).toMatchObject([
      { args: ['/var/lib/rancher/k3s', '', '/data/kubelet', '', '/var/lib/rancher/k3s/agent/pv'] },
    ]);
  });

  it('leaves a program that somebody else has put there', async () => {
    const own = uninstallK3s.step(agent, { keepsProgram: true }, '');
    expect(own.says.title).toContain('but not its program');
    expect((await play({ step: own })).calls).toMatchObject([
      { args: ['/var/lib/rancher/k3s', 'keep', '/var/lib/kubelet', '', ''] },
    ]);
  });

  it('finds its work already done', async () => {
    const { outcome, told } = await play({ answer: () => ({}) });
    expect([outcome, told]).toEqual([{ kind: 'done' }, []]);
  });

  it('names every volume that is still mounted, and says that nothing was removed', async () => {
    const mounted = '/var/lib/kubelet/pods/7/volumes/nfs/data from nas:/data (nfs4), of pod shop/db-0';
    const { outcome } = await play({ answer: () => ({ stderr: `${mounted}\n`, exitCode: 5 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'volumes-mounted',
        host: 'agent-1',
        why: expect.stringContaining('Nothing was removed'),
        details: [mounted],
        nextSteps: [expect.stringContaining('umount')],
      },
    });
  });

  it('fails where K3s has been started meanwhile, or something cannot be removed', async () => {
    const codes = await Promise.all(
      [
        { stderr: 'k3s-agent.service\n', exitCode: 4 },
        { stderr: ' /opt/bin/k3s\n', exitCode: 6 },
        { stderr: "find: cannot delete 'x': Device or resource busy\n", exitCode: 1 },
      ].map(async (said) => {
        const { outcome } = await play({ answer: () => said });
        return outcome.kind === 'failed' ? outcome.problem.code : outcome.kind;
      }),
    );
    expect(codes).toEqual(['k3s-runs', 'k3s-left', 'k3s-not-uninstalled']);
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'uninstall-k3s' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

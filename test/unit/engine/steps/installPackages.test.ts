import { describe, expect, it } from 'vitest';
import { installPackages } from '../../../../src/engine/steps/installPackages';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { playStep, type Play } from '../../../support/playStep';

const cluster = balancedCluster();
const [machine] = cluster.loadBalancer?.nodes ?? [];
if (machine === undefined) throw new Error('no machine');
const step = installPackages.step(machine, { manager: 'apt-get', packages: ['haproxy', 'socat'] }, 'it is lacking');
const play = (more: Partial<Play>) => playStep({ cluster, step, facts: balancedFacts(cluster), ...more });

describe('the step install-packages', () => {
  it('runs on a machine that has no K3s, and names what it installs', async () => {
    const { outcome, calls } = await play({});
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([
      { host: 'lb-1', script: 'install-packages', args: ['apt-get', 'haproxy', 'socat'], stdin: '' },
    ]);
    expect(step.says.title).toBe('Install haproxy and socat with apt-get, without starting anything');
  });

  it('fails with the words of the package manager', async () => {
    const stderr = 'E: Unable to locate package haproxy\n';
    const { outcome } = await play({ answer: () => ({ stderr, exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'packages-failed',
        host: 'lb-1',
        why: stderr.trim(),
        nextSteps: [expect.stringContaining('apt-get')],
      },
    });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'install-packages' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

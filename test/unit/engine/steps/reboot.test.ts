import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { reboot } from '../../../../src/engine/steps/reboot';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';
import { etcdText, unitText, type Answer } from '../../../support/scriptedHosts';
import { provisionedFacts } from '../../../support/plans';

const cluster = clusterOf();
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as [ClusterNode];
const step = reboot.step(server, { role: 'server', boot: 'old', begun: false }, 'you asked for it');
const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));

/** A machine that goes down with the answer, is silent for a while, and comes back. */
function rebooting(said: ReturnType<Answer> = { stdout: 'rebooting\n' }): Answer {
  let looks = 0;
  return (host, script) => {
    switch (script) {
      case 'reboot':
        return said;
      case 'boot-id':
        looks += 1;
        return looks === 1 ? { stdout: 'old\n' } : looks === 2 ? 'cut off' : { stdout: 'new\n' };
      case 'unit-status':
        return { stdout: unitText({ invocation: 'a1' }) };
      case 'etcd-members':
        return { stdout: etcdText(MEMBERS, Number(host.slice(-1))) };
      default:
        return {};
    }
  };
}

const play = (answer: Answer, more: Partial<Play> = {}): Promise<Played> =>
  playStep({ cluster, facts, step, answer, ...more });

describe('the step reboot', () => {
  it('waits until the machine has booted anew and K3s is proved, and tells where it stands', async () => {
    const { outcome, told } = await play(rebooting());
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['going down', 'down, waiting until it answers again', 'booted, waiting for K3s']);
  });

  it('sees for itself whether it reboots when the answer is lost', async () => {
    expect((await play(rebooting('cut off'))).outcome).toEqual({ kind: 'done' });
  });

  it('does not reboot a machine again that has booted since', async () => {
    const { outcome, asked } = await play((host, script, turn) =>
      script === 'boot-id' ? { stdout: 'new\n' } : rebooting({ stdout: 'again\n' })(host, script, turn),
    );
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked.filter((line) => line.startsWith('reboot '))).toEqual(['reboot server-1']);
  });

  it('fails at once where the machine refuses, and after a while where it stays away', async () => {
    expect((await play(rebooting({ stderr: 'reboot: not found', exitCode: 1 }))).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'reboot-failed', why: 'reboot: not found' },
    });
    const away = await play(
      (host, script, turn) => (script === 'boot-id' ? 'cut off' : rebooting()(host, script, turn)),
      {
        startTimeoutMs: -1,
      },
    );
    expect(away.outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'reboot-overdue', nextSteps: expect.arrayContaining([expect.stringContaining('same command')]) },
    });
  });

  it('is cancelled while it waits', async () => {
    expect((await play(rebooting(), { cancelAt: 'boot-id' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

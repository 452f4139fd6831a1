import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { awaitSettled } from '../../../../src/engine/steps/awaitSettled';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';
import type { Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 2, agents: 0 });
const [server] = cluster.servers as [ClusterNode];
const NEW = 'v1.36.4+k3s1';
const INPUT = {
  name: 'server-1',
  through: ['server-2', 'server-1'],
  release: NEW,
  charts: true,
  except: [] as string[],
};

const BACK = `node ${NEW} True\npod kube-system/web-1 ReplicaSet|False|\n`;
const SVCLB = 'pod kube-system/svclb-1 DaemonSet|False|\n';

/** What is told at each look; the last one stays. */
const looks =
  (...texts: readonly string[]): Answer =>
  (_, __, turn) => ({ stdout: texts[Math.min(turn, texts.length - 1)] ?? '' });

function play(answer: Answer, input: Partial<typeof INPUT> = {}, more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step: awaitSettled.step(server, { ...INPUT, ...input }, ''), answer, ...more });
}

describe('the step await-settled', () => {
  it('is done when a server is quiet twice, asked of another server', async () => {
    const { outcome, asked, calls } = await play(looks(BACK));
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['node-settled server-2', 'node-settled server-2']);
    expect(calls[0]?.args).toEqual(['server-1', 'charts']);
  });

  it('asks once for an agent, and of no charts', async () => {
    const { outcome, calls } = await play(looks(BACK), { charts: false });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ args }) => args)).toEqual([['server-1', '']]);
  });

  it('waits for the release, Ready, DaemonSets and the jobs of packaged charts, and says for what', async () => {
    const { outcome, told } = await play(
      looks(
        'node v1.36.3+k3s1 True\n',
        `node ${NEW} False\n${SVCLB}`,
        `${BACK}job helm-install-traefik open\nrelease kube-system/traefik pending-upgrade\n`,
        `${BACK}job helm-install-traefik done\n`,
      ),
    );
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([
      'server-1 still tells that it runs v1.36.3+k3s1',
      'server-1 is not Ready; kube-system/svclb-1 is not Ready',
      "helm-install-traefik is not complete; Helm's kube-system/traefik pending-upgrade",
    ]);
  });

  it('does not wait for a pod that was not Ready before, nor for one that is ending', async () => {
    const ending = 'pod kube-system/old DaemonSet|False|yes\n';
    const { outcome } = await play(looks(BACK + SVCLB + ending), { except: ['kube-system/svclb-1'] });
    expect(outcome).toEqual({ kind: 'done' });
  });

  it('stops at once when a job was cut off and leaves its release pending, with the line that it wrote', async () => {
    const line = 'Current release revision 4 does not match expected revision 3';
    const { outcome, asked } = await play(
      looks(
        `${BACK}job helm-install-traefik open\nrelease kube-system/traefik pending-upgrade\nstuck helm-install-traefik-x2 ${line}\n`,
      ),
    );
    expect(asked).toHaveLength(1);
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'chart-stuck',
        message: 'The release kube-system/traefik of Helm is pending-upgrade, and its job does not get on',
        why: `helm-install-traefik-x2 says: ${line}`,
        nextSteps: [
          expect.stringContaining('helm rollback traefik --namespace kube-system') as string,
          expect.stringContaining('goes on with the next server') as string,
        ],
      },
    });
  });

  it('fails with what is lacking when it never comes, and with the words of the server that tells nothing', async () => {
    expect((await play(looks(BACK + SVCLB))).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'node-not-settled', why: 'kube-system/svclb-1 is not Ready.' },
    });
    expect((await play(() => ({ stderr: 'refused', exitCode: 1 }))).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'node-unreadable', why: 'refused' },
    });
  });

  it('is unknown when the connections break, and cancelled when that is wished', async () => {
    expect((await play(() => 'cut off')).outcome.kind).toBe('unknown');
    expect((await play(looks(BACK), {}, { cancelAt: 'node-settled' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

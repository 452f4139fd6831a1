import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { bringBack } from '../../../../src/engine/steps/bringBack';
import { clusterOf } from '../../../support/cluster';
import { scriptedWatch } from '../../../support/drillWatch';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play, type Played } from '../../../support/playStep';
import { etcdText, unitText, type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as [ClusterNode];
const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const step = (way: 'k3s' | 'balancer' | 'link' | 'reboot', subject: string) =>
  bringBack.step(
    server,
    { part: `${way}:server-1`, way, subject, node: way !== 'balancer', drill: 'drill-7' },
    'nothing stays away',
    { always: true },
  );
const well: Answer = (host, script) => {
  if (script === 'bring-back') return { stdout: 'back\n' };
  if (script === 'unit-status') return { stdout: unitText({ invocation: 'a1' }) };
  return script === 'etcd-members' ? { stdout: etcdText(MEMBERS, Number(host.slice(-1))) } : {};
};
const play = (more: Partial<Play>): Promise<Played> =>
  playStep({ cluster, facts, step: step('k3s', 'k3s'), answer: well, ...more });

describe('the step bring-back', () => {
  it('starts K3s, proves it, and says when it was back', async () => {
    const drill = scriptedWatch();
    const { outcome, calls } = await play({ drill });
    expect(outcome).toEqual({ kind: 'done' });
    expect(drill.did).toEqual(['end k3s:server-1']);
    expect(calls[0]).toMatchObject({ script: 'bring-back', args: ['k3s', 'k3s', 'k3s:server-1', 'drill-7'] });
  });

  it('works without anybody who watches, for a drill that was cut off', async () => {
    expect((await play({})).outcome).toEqual({ kind: 'done' });
  });

  it('waits until a machine whose network was cut answers again', async () => {
    let turns = 0;
    const { outcome, told } = await play({
      step: step('link', '10.0.0.11'),
      answer: (host, script, turn) =>
        script === 'bring-back' && (turns += 1) < 4 ? 'cut off' : well(host, script, turn),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toContain('waiting until the machine answers again');
  });

  it('takes a machine that has not gone down yet for none that is back', async () => {
    let looks = 0;
    const { outcome, asked } = await play({
      step: step('reboot', 'old'),
      states: { 'take-away:server-1:reboot': 'done' },
      answer: (host, script, turn) => {
        if (script !== 'boot-id') return well(host, script, turn);
        looks += 1;
        return looks === 1 ? { stdout: 'old\n' } : looks === 2 ? 'cut off' : { stdout: 'new\n' };
      },
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked.filter((line) => line === 'boot-id server-1')).toHaveLength(3);
  });

  it('fails with the command to look at when it does not come back', async () => {
    const drill = scriptedWatch();
    const { outcome } = await play({
      drill,
      step: step('balancer', 'haproxy'),
      answer: () => ({ exitCode: 1, stderr: 'haproxy does not run again' }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'drill-not-back', host: 'server-1', why: 'haproxy does not run again' },
    });
    expect(drill.did).toEqual([]);
    const away = await play({ step: step('link', '10.0.0.11'), answer: () => 'cut off' });
    expect(away.outcome.kind).toBe('unknown');
  });
});

import { describe, expect, it } from 'vitest';
import { writeBalancer } from '../../../../src/engine/steps/writeBalancer';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = balancedCluster();
const [machine] = cluster.loadBalancer?.nodes ?? [];
if (machine === undefined) throw new Error('no machine');
const stepFor = (unit: 'haproxy' | 'keepalived') =>
  writeBalancer.step(machine, { unit, runs: true }, 'its configuration differs');
const play = (unit: 'haproxy' | 'keepalived', more: Partial<Play> = {}): Promise<Played> =>
  playStep({ cluster, step: stepFor(unit), facts: balancedFacts(cluster), ...more });

describe('the step write-balancer', () => {
  it('lays the drop-in down first, then has HAProxy take its configuration', async () => {
    const { outcome, calls } = await play('haproxy');
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, args[0], args[1]])).toEqual([
      ['lb-1', 'upload-file', '/etc/systemd/system/haproxy.service.d/k3s-ha.conf', '0644'],
      ['lb-1', 'balancer-config', 'haproxy', '/etc/haproxy/haproxy.cfg'],
    ]);
    expect(calls[1]?.stdin).toContain('  server server-1 10.0.0.11:6443\n');
    expect(stepFor('haproxy').says.title).toBe(
      'Write /etc/haproxy/haproxy.cfg and reload haproxy; connections that run stay',
    );
  });

  it('keeps what keepalived reads for root', async () => {
    const { calls } = await play('keepalived');
    expect(calls).toMatchObject([
      {
        script: 'balancer-config',
        args: ['keepalived', '/etc/keepalived/keepalived.conf', '0600', expect.any(String)],
      },
    ]);
  });

  it.each([
    [3, 'balancer-config-refused', 'the old one is untouched'],
    [4, 'balancer-not-started', 'does not work with its new configuration'],
    [1, 'balancer-config-failed', 'could not be written'],
  ])('says what HAProxy says: status %i', async (exitCode, code, words) => {
    const stderr = "[ALERT] (1) : config : parsing [haproxy.cfg:9] : unknown keyword 'x'\n";
    const { outcome } = await play('haproxy', {
      answer: (_, script) => (script === 'balancer-config' ? { stderr, exitCode } : {}),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code, host: 'lb-1', message: expect.stringContaining(words) as string, why: stderr.trim() },
    });
  });

  it('touches HAProxy only when the drop-in is there', async () => {
    const { outcome, asked } = await play('haproxy', { answer: () => ({ stderr: 'disk full', exitCode: 1 }) });
    expect(outcome.kind).toBe('failed');
    expect(asked).toEqual(['upload-file lb-1']);
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play('keepalived', { answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play('keepalived', { cancelAt: 'balancer-config' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

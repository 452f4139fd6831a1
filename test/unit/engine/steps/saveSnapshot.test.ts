import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { saveSnapshot } from '../../../../src/engine/steps/saveSnapshot';
import { clusterOf } from '../../../support/cluster';
import { withOpenrc } from '../../../support/openrc';
import { playStep, type Play, type Played } from '../../../support/playStep';
import { provisionedFacts, sha256, TOKEN } from '../../../support/plans';

const cluster = clusterOf();
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as readonly [ClusterNode];
const step = saveSnapshot.step(server, { name: 'before-upgrade' }, 'an upgrade is undone from it');
const PATH = '/var/lib/rancher/k3s/server/db/snapshots/before-upgrade-server-1-1795739771';
const SUM = 'ab'.repeat(32);

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, facts, step, ...more });
}

/** What the host tells of the file that K3s has saved. */
function told(lines: readonly string[] = [], token = sha256(TOKEN)): string {
  return [
    'name=before-upgrade-server-1-1795739771',
    `listed=${PATH} 3063840`,
    'size=3063840',
    `sha256=${SUM}`,
    'form=plain',
    'bolt=yes',
    'sum=right',
    `token=${token.slice(0, 12)}`,
    ...lines,
  ].join('\n');
}

describe('the step save-snapshot', () => {
  it('saves under the name, and tells file, size and sha256', async () => {
    const played = await play({ answer: () => ({ stdout: told() }) });
    expect(played.outcome).toEqual({ kind: 'done' });
    expect(played.told).toEqual([`saved before-upgrade-server-1-1795739771: 3.1 MB, sha256 ${SUM}, ${PATH}`]);
    expect(played.calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'save-snapshot', 'before-upgrade'],
    ]);
  });

  it.each([
    ['is empty', told().replace('size=3063840', 'size=0'), 'it is empty'],
    ['has another size', told().replace('size=3063840', 'size=40'), 'it has 40 bytes, but 3063840 when it was listed'],
    ['is no database', told().replace('bolt=yes\n', ''), 'it is no database of etcd'],
    ['was cut off', told().replace('sum=right\n', ''), 'it was cut off or damaged'],
    ['has no authorities', told().replace(/token=.*/, ''), 'K3s has put no certificate authorities into it'],
    ['is of another token', told([], 'c'.repeat(64)), 'another token than the one of this cluster'],
  ])('N21: fails when what was saved %s', async (_, stdout, why) => {
    const { outcome } = await play({ answer: () => ({ stdout }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'snapshot-unusable', host: 'server-1', why: expect.stringContaining(why) as string },
    });
  });

  it('fails with what K3s says, without its head', async () => {
    const stderr = 'time="2026-11-27T00:36:21Z" level=fatal msg="Error: etcd datastore disabled"\n';
    const { outcome } = await play({ answer: () => ({ stderr, exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'snapshot-not-saved', host: 'server-1', why: 'Error: etcd datastore disabled' },
    });
  });

  it.each([
    ['journal', facts, 'journalctl -u k3s'],
    ['log', withOpenrc(facts), 'tail -n 200 /var/log/k3s.log'],
  ])('names the %s of the host where K3s may have said more', async (_, seen, command) => {
    const { outcome } = await play({ facts: seen, answer: () => ({ stderr: 'no\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({ problem: { nextSteps: [expect.stringContaining(`See "${command}"`)] } });
  });

  it('fails when K3s says that it has saved a file which is not there', async () => {
    const { outcome } = await play({ answer: () => ({ stdout: 'name=x-server-1-1\nlisted=\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'snapshot-not-found', why: 'K3s lists no such snapshot on the disk of this server.' },
    });
  });

  it('does not know the outcome when the connection breaks, and saves another one when it is run again', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ answer: () => ({ stdout: told() }) })).outcome).toEqual({ kind: 'done' });
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'save-snapshot' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

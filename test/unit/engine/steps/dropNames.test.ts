import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { dropNames } from '../../../../src/engine/steps/dropNames';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Played } from '../../../support/playStep';
import { type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = dropNames.step(server, { names: ['old.example', '10.0.0.99'] }, 'the file does not have them');
const play = (answer: Answer): Promise<Played> => playStep({ cluster, step, answer });

describe('the step drop-names', () => {
  it('gives the names to one server, and is done when they are out of its list', async () => {
    const { outcome, calls } = await play(() => ({}));
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ script, args }) => [script, args])).toEqual([['drop-names', ['old.example', '10.0.0.99']]]);
  });

  it('fails with what kubectl says, and is unknown when the connection goes', async () => {
    expect((await play(() => ({ exitCode: 1, stderr: 'Error from server: timed out\n' }))).outcome).toMatchObject({
      problem: { code: 'names-not-dropped', why: 'Error from server: timed out', host: 'server-1' },
    });
    expect((await play(() => 'cut off')).outcome).toMatchObject({ kind: 'unknown' });
  });
});

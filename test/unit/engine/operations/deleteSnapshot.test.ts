import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../support/cluster';
import { factsWithSnapshots, liveWith, planned, SNAPSHOTS } from '../../../support/snapshots';

const cluster = clusterOf();
const NAME = 'x-server-1-1795739771';
const facts = factsWithSnapshots(cluster, { 'server-1': { [NAME]: 100 }, 'server-2': {} });
const inS3 = { name: NAME, node: 's3', location: `s3://backup/edge/${NAME}`, size: 100, created: 1_795_739_771_000 };

describe('deleting a snapshot', () => {
  it('has K3s delete it where it lies, and in S3 only when it is there', () => {
    const { draft } = planned('delete-snapshot', cluster, facts, { names: [NAME] });
    expect(draft.steps.map(({ on, input }) => [on, input])).toEqual([['server-1', { name: NAME, where: 'disk' }]]);
    const both = planned('delete-snapshot', cluster, facts, { names: [NAME] }, { live: liveWith([inS3]) });
    expect(both.draft.steps.map(({ on, input }) => [on, input])).toEqual([
      ['server-1', { name: NAME, where: 'everywhere' }],
    ]);
    const remote = factsWithSnapshots(cluster, { 'server-1': {} });
    const only = planned('delete-snapshot', cluster, remote, { names: [NAME] }, { live: liveWith([inS3]) });
    expect(only.steps).toEqual([`delete-snapshot:server-1:${NAME}`]);
  });

  it('refuses a name that nobody knows, and is over when one that was known is gone', () => {
    expect(planned('delete-snapshot', cluster, facts, { names: ['nosuch'] }).problems).toEqual(['snapshot-unknown']);
    const { intent } = planned('delete-snapshot', cluster, facts, { names: [NAME] });
    const gone = factsWithSnapshots(cluster, { 'server-1': {} });
    expect(planned('delete-snapshot', cluster, gone, intent)).toMatchObject({ steps: [], problems: [] });
  });

  it('goes on with the rest when a run that was cut off has deleted some of them', () => {
    const { draft, steps, problems } = planned('delete-snapshot', cluster, facts, { names: ['gone', NAME] });
    expect([problems, steps]).toEqual([[], [`delete-snapshot:server-1:${NAME}`]]);
    expect(draft.notes).toEqual(['There is no snapshot gone (any more); the others are deleted.']);
  });

  it('says what stays because K3s is stopped there, or was not seen', () => {
    const stopped = new Map(facts);
    const seen = facts.get('server-1');
    if (seen !== undefined) stopped.set('server-1', { ...seen, units: {} });
    expect(planned('delete-snapshot', cluster, stopped, { names: [NAME] }).draft.notes).toEqual([
      expect.stringContaining(`${NAME} stays on server-1`),
    ]);
    const elsewhere = { ...inS3, node: 'old-server', location: `file://${SNAPSHOTS}/${NAME}` };
    const { draft } = planned('delete-snapshot', cluster, facts, { names: [NAME] }, { live: liveWith([elsewhere]) });
    expect(draft.notes).toEqual([`${NAME} stays on old-server, which was not seen.`]);
  });
});

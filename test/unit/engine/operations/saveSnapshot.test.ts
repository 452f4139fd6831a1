import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../support/cluster';
import { factsWithSnapshots, liveWith, planned } from '../../../support/snapshots';

const cluster = clusterOf();
const facts = factsWithSnapshots(cluster, { 'server-1': {}, 'server-2': { 'own-server-2-1795739771': 100 } });

describe('taking a snapshot', () => {
  it('saves it on the server that answered, or on the one that was named', () => {
    expect(planned('save-snapshot', cluster, facts, {}).steps).toEqual(['save-snapshot:server-1']);
    const live = liveWith([], { through: 'server-3' });
    expect(planned('save-snapshot', cluster, facts, {}, { live }).steps).toEqual(['save-snapshot:server-3']);
    const { draft } = planned('save-snapshot', cluster, facts, { name: 'own', on: 'server-2' });
    expect(draft.steps.map(({ on, input }) => [on, input])).toEqual([['server-2', { name: 'own' }]]);
  });

  it('is over when a new one of that name is there, and not before', () => {
    const { intent } = planned('save-snapshot', cluster, facts, { name: 'own', on: 'server-2' });
    expect(planned('save-snapshot', cluster, facts, intent).steps).toEqual(['save-snapshot:server-2']);
    const saved = factsWithSnapshots(cluster, {
      'server-2': { 'own-server-2-1795739771': 100, 'own-server-2-1795739999': 100 },
    });
    expect(planned('save-snapshot', cluster, facts, intent, { facts: saved }).steps).toEqual([]);
  });

  it('refuses a name that K3s would refuse in riddles, and a cluster that does not run', () => {
    expect(planned('save-snapshot', cluster, facts, { name: 'bad/na me' }).problems).toEqual(['snapshot-name']);
    const stopped = new Map([...facts].map(([id, seen]) => [id, { ...seen, units: {} }]));
    expect(planned('save-snapshot', cluster, stopped, {}).problems).toEqual(['no-snapshot-server']);
  });

  it.each([
    [
      'mysql://k3s:${secret:db}@tcp(10.0.0.60:3307)/cluster',
      'mysqldump --host=10.0.0.60 --port=3307 --user=k3s -p --single-transaction --databases cluster > k3s.sql',
    ],
    [
      'postgres://k3s:${secret:db}@10.0.0.60/cluster',
      'pg_dump --host=10.0.0.60 --port=5432 --username=k3s --format=custom --file=k3s.dump cluster',
    ],
    ['https://10.0.0.60:2379,https://10.0.0.61:2379', 'etcdctl --endpoints=https://10.0.0.60:2379'],
  ])('tells for %s with which command the datastore is copied', (endpoint, command) => {
    const external = clusterOf({ datastore: { endpoint } });
    const { draft, steps } = planned('save-snapshot', external, factsWithSnapshots(external, {}), {});
    expect(steps).toEqual([]);
    expect(draft.problems).toMatchObject([
      {
        code: 'no-snapshots',
        nextSteps: [
          expect.stringContaining(command),
          expect.stringContaining('stop K3s on all servers'),
          expect.any(String),
        ],
      },
    ]);
  });
});

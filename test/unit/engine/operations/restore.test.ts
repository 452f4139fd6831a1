import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { RestoreMarks } from '../../../../src/core/facts/restoreFacts';
import { planText } from '../../../../src/core/plan/planText';
import { clusterOf } from '../../../support/cluster';
import { withOpenrc } from '../../../support/openrc';
import { planFor, provisionedFacts, sha256, TOKEN } from '../../../support/plans';
import { factsWithSnapshots, liveWith, planned, SNAPSHOTS } from '../../../support/snapshots';

const cluster = clusterOf();
const NAME = 'x-server-1-1795739771';
const PATH = `${SNAPSHOTS}/${NAME}`;
const facts = factsWithSnapshots(cluster, { 'server-1': { [NAME]: 1_298_464 } });
const ID = String(facts.get('server-1')?.time);
const restoring = (intent: object = { snapshot: NAME }, more = {}, seen = facts) =>
  planned('restore', cluster, seen, intent, more);

/** The servers as a run that was cut off has left them. */
function left(
  states: Readonly<Record<string, Partial<RestoreMarks> & { readonly runs?: boolean }>>,
  more: Readonly<Record<string, Partial<HostFacts>>> = {},
): Map<string, HostFacts> {
  const now = new Map(facts);
  for (const [id, { runs = false, ...marks }] of Object.entries(states)) {
    const seen = now.get(id);
    const k3s = seen?.units.k3s;
    if (seen === undefined || k3s === undefined) continue;
    now.set(id, {
      ...seen,
      units: { k3s: { ...k3s, active: runs ? 'active' : 'inactive' } },
      etcdData: marks.aside !== true || runs,
      restore: { id: ID, from: 'server-1', snapshot: PATH, aside: false, reset: false, ...marks },
      ...more[id],
    });
  }
  return now;
}

const PEERS = [
  'write-config:server-2',
  'start:server-2',
  'end-restore:server-2',
  'write-config:server-3',
  'start:server-3',
  'end-restore:server-3',
];
const END = ['prove-restore:server-1', 'await-nodes:server-1', 'prove-tunnels:server-1', 'end-restore:server-1'];

describe('restoring a cluster', () => {
  it('is the same on servers with OpenRC, and on some of them', () => {
    const usual = restoring();
    for (const some of [undefined, 'server-1', 'server-2']) {
      const { draft, steps } = restoring({ snapshot: NAME }, {}, withOpenrc(facts, some));
      expect([draft.problems, steps]).toEqual([[], usual.steps]);
    }
  });

  it('proves the snapshot, stops all, puts the data of the others aside, resets one, and joins one after another', () => {
    const { draft, steps } = restoring();
    expect(steps.filter((id) => !id.startsWith('write-config'))).toEqual([
      'prove-snapshot:server-1',
      'halt-server:server-1',
      'halt-server:server-2',
      'halt-server:server-3',
      'put-data-aside:server-2',
      'put-data-aside:server-3',
      'reset-cluster:server-1',
      'start:server-1',
      ...PEERS.filter((id) => !id.startsWith('write-config')),
      ...END,
    ]);
    const after = (id: string): readonly string[] => draft.steps.find((step) => step.id === id)?.after ?? [];
    for (const server of ['server-1', 'server-2', 'server-3'])
      expect(after(`halt-server:${server}`)).toContain('prove-snapshot:server-1');
    expect(after('put-data-aside:server-2')).toEqual(
      expect.arrayContaining(['halt-server:server-1', 'halt-server:server-2', 'halt-server:server-3']),
    );
    expect(after('reset-cluster:server-1')).toEqual(
      expect.arrayContaining(['put-data-aside:server-2', 'put-data-aside:server-3']),
    );
    expect(after('start:server-3')).toContain('end-restore:server-2');
  });

  it('N21: proves size and token of what is restored, and says that it comes from disk', () => {
    const { draft } = restoring();
    expect(draft.steps[0]?.input).toEqual({
      path: PATH,
      size: 1_298_464,
      tokenHash: sha256(TOKEN).slice(0, 12),
    });
    expect(draft.steps.find(({ kind }) => kind === 'reset-cluster')?.says.title).toContain('from disk and not from S3');
    const object = { name: NAME, node: 'server-1', location: `file://${PATH}`, size: 4711, created: 0 };
    expect(restoring({ snapshot: NAME }, { live: liveWith([object]) }).draft.steps[0]?.input).toMatchObject({
      size: 4711,
    });
  });

  it('says its dangers before anybody agrees', () => {
    const s3 = clusterOf({ serverConfig: { 'etcd-s3': true, 'etcd-s3-bucket': 'b' } });
    const { draft } = planned('restore', s3, factsWithSnapshots(s3, { 'server-1': { [NAME]: 1 } }), { snapshot: NAME });
    const text = planText({ clusterName: 'edge', machines: [], steps: draft.steps, problems: [], notes: draft.notes });
    expect(text).toContain('Everything that was changed in the cluster since 2026-11-27 00:36 UTC');
    expect(text).toContain('K3s is stopped on all 3 servers, so the API is away');
    expect(text).toContain('S3 is configured; the restore is told to read this file from disk');
  });

  it('has every server join what runs: one that would found a cluster of its own is told where to go', () => {
    const { draft } = planned(
      'restore',
      cluster,
      factsWithSnapshots(cluster, { 'server-2': { 'x-server-2-1795739771': 1 } }),
      { snapshot: 'x-server-2-1795739771' },
    );
    const writes = draft.steps.filter(({ kind }) => kind === 'write-config');
    expect(writes.map(({ on, input }) => [on, input])).toEqual([
      ['server-1', { start: { kind: 'join', through: 'server-2' } }],
    ]);
    expect(writes[0]?.differences[0]?.after).toContain('server: https://10.0.0.12:6443');
  });

  it('refuses when a server cannot be proved stopped, unless it is said to be gone for good', () => {
    const silent = new Map([...facts].filter(([id]) => id !== 'server-3'));
    const unreachable = new Map([
      ['server-3', problem('ssh-timeout', 'server-3 does not answer', { host: 'server-3' })],
    ]);
    expect(restoring({ snapshot: NAME }, { unreachable }, silent).problems).toEqual(['server-not-proved-stopped']);
    const gone = restoring({ snapshot: NAME, gone: ['server-3'] }, { unreachable }, silent);
    // Its Node comes out of the snapshot, and goes when everything is proved.
    expect(gone.steps.filter((id) => id.includes('server-3'))).toEqual(['delete-node:server-1:server-3']);
    expect(gone.draft.steps.find(({ kind }) => kind === 'prove-restore')?.input).toMatchObject({
      members: ['server-1', 'server-2'],
    });
    expect(gone.draft.notes).toContainEqual(expect.stringContaining('Never start K3s again on server-3'));
  });

  it('refuses when etcd has a member that nobody can stop', () => {
    const member = { id: '9', name: 'old-0a1b2c3d', nodeName: 'old', peerUrls: [], clientUrls: [], learner: false };
    const live = liveWith([], { etcd: { members: [member], healthy: true, ready: true } });
    expect(restoring({ snapshot: NAME }, { live }).problems).toEqual(['member-not-in-file']);
    expect(restoring({ snapshot: NAME, gone: ['old'] }, { live }).problems).toEqual([]);
  });

  it('refuses a snapshot that is not there', () => {
    expect(restoring({ snapshot: 'nosuch' }).problems).toEqual(['snapshot-unknown']);
    expect(restoring({ snapshot: NAME, from: 'server-2' }).problems).toEqual(['snapshot-unknown']);
  });

  it('N22: takes what a survivor has only where etcd has no majority, as a snapshot and never as a bare reset', () => {
    const etcd = { members: [], healthy: true, ready: true };
    const intent = { survivor: true, from: 'server-2' };
    expect(restoring(intent, { live: liveWith([], { etcd }) }).problems).toEqual(['quorum-is-there']);
    const { steps, draft } = restoring(intent);
    expect(steps.slice(0, 8)).toEqual([
      'halt-server:server-1',
      'halt-server:server-2',
      'halt-server:server-3',
      'copy-survivor:server-2',
      'prove-snapshot:server-2',
      'put-data-aside:server-1',
      'put-data-aside:server-3',
      'reset-cluster:server-2',
    ]);
    expect(draft.steps.find(({ kind }) => kind === 'reset-cluster')?.input).toMatchObject({
      path: `${SNAPSHOTS}/survivor-server-2-${ID}`,
    });
  });

  it.each([
    ['before the reset', { 'server-1': {}, 'server-2': { aside: true }, 'server-3': {} }, 'prove-snapshot:server-1'],
    [
      'after the reset',
      { 'server-1': { reset: true }, 'server-2': { aside: true }, 'server-3': { aside: true } },
      'start:server-1',
    ],
    [
      'while the first one joins',
      { 'server-1': { reset: true, runs: true }, 'server-2': { aside: true }, 'server-3': { aside: true } },
      'start:server-2',
    ],
    [
      'behind the first one that has joined',
      { 'server-1': { reset: true, runs: true }, 'server-2': { aside: true, runs: true }, 'server-3': { aside: true } },
      'end-restore:server-2',
    ],
  ])('goes on where it was cut off: %s', (_, states, first) => {
    const { steps, problems } = restoring({}, {}, left(states));
    expect(problems).toEqual([]);
    expect(steps.filter((id) => !id.startsWith('write-config'))[0]).toBe(first);
    expect(steps).toEqual(expect.arrayContaining(END));
    if (first !== 'prove-snapshot:server-1') expect(steps.join()).not.toMatch(/reset-cluster|halt-server/);
  });

  it('never resets again a cluster that was proved restored, whatever marks are left', () => {
    const now = left({ 'server-2': { aside: true } }, {});
    const seen = now.get('server-1');
    const other = facts.get('server-3');
    if (seen !== undefined) now.set('server-1', { ...seen, restored: ID });
    if (other !== undefined) now.set('server-3', { ...other, restored: ID });
    const { steps } = restoring({}, {}, now);
    expect(steps.join()).not.toMatch(/reset-cluster|put-data-aside|halt-server/);
    expect(steps).toContain('start:server-2');
  });

  it('stops a server again that came up with its old data meanwhile', () => {
    const states = { 'server-1': { reset: true, runs: true }, 'server-2': { runs: true }, 'server-3': { aside: true } };
    const { steps } = restoring({}, {}, left(states));
    expect(steps.slice(0, 2)).toEqual(['halt-server:server-2', 'put-data-aside:server-2']);
  });

  it('is over when it was proved, and keeps everything else away before that', () => {
    const { intent } = restoring();
    const done = new Map(facts);
    const seen = facts.get('server-1');
    if (seen !== undefined) done.set('server-1', { ...seen, restored: ID });
    expect(restoring(intent, {}, done)).toMatchObject({ steps: [], problems: [] });
    const begun = left({ 'server-1': {}, 'server-2': {} });
    expect(restoring({ snapshot: 'other' }, {}, begun).problems).toEqual(['other-restore']);
    expect(planFor(cluster, begun).problems.map(({ code }) => code)).toContain('restore-unfinished');
    expect(planned('restart', cluster, begun, { nodes: [] }).problems).toContain('restore-unfinished');
  });

  it('is refused for a datastore that K3s saves no snapshots of, with the commands that do', () => {
    const external = clusterOf({ datastore: { endpoint: 'mysql://k3s:x@tcp(10.0.0.60:3306)/k3s' } });
    const { draft } = planned('restore', external, provisionedFacts(external), { snapshot: 'x' });
    expect(draft.problems).toMatchObject([
      {
        code: 'no-snapshots',
        nextSteps: [expect.any(String), expect.stringContaining('mysql --host=10.0.0.60'), expect.any(String)],
      },
    ]);
  });
});

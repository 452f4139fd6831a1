import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import type { Liveness, MachineLiveness } from '../../../src/core/health/liveness';
import type { NodeHealth } from '../../../src/core/health/nodeHealth';
import type { TopologySnapshot } from '../../../src/core/topology/model';
import type { ClusterState, LiveState } from '../../../src/views/clusterState';
import { snapshotOf } from '../../../src/views/diagram';
import { clusterRow } from '../../../src/views/explorer';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { statusBarEntry } from '../../../src/views/statusBar';
import { NODES, TEXT, fileState, seen, withNode, withNodes } from './states';

const DOWN: Partial<NodeHealth> = {
  ready: 'unknown',
  reason: 'unreachable: its kubelet stopped reporting 2 min ago',
};
const down = (...names: readonly string[]): readonly NodeHealth[] =>
  names.reduce((nodes, name) => withNode(nodes, name, DOWN), NODES);
const draw = (state: ClusterState, ...chosen: readonly string[]): TopologySnapshot =>
  snapshotOf(state, { expanded: [], chosen }, 1);
const rows = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(rows)];
const rowsOf = (state: ClusterState): readonly ExplorerRow[] => rows(clusterRow(state, 'edge.k3s.yaml'));
const file = fileState();
const all = withNodes(file, NODES);
const lost = (nodes: readonly NodeHealth[], lastSeen?: string): ClusterState => ({
  ...file,
  live: {
    kind: 'lost',
    problem: problem('api-unreachable', 'Nothing answers at https://10.0.0.100:6443.'),
    nodes,
    ...(lastSeen === undefined ? {} : { lastSeen }),
  },
});
const liveAs = (live: LiveState): ClusterState => ({ ...file, live });

describe('the diagram says what it is of', () => {
  it('is the design as long as nothing is known to run, and gives the reason', () => {
    const notes = (
      [
        { kind: 'idle' },
        { kind: 'no-kubeconfig' },
        { kind: 'not-provisioned' },
        { kind: 'other-installation' },
      ] as const
    ).map((live) => draw(liveAs(live)).head);
    expect(notes.map(({ mode, note }) => [mode, note])).toEqual([
      ['as designed', 'not watched'],
      ['as designed', 'not connected'],
      ['as designed', 'nothing runs yet'],
      ['as designed', 'the kubeconfig is of an earlier installation'],
    ]);
    expect(notes[0]?.question).toBe('As designed, with everything up');
  });

  it('is now as soon as nodes are known, and a thought stands on top of it', () => {
    expect(draw(all).head).toMatchObject({ mode: 'now', outcome: 'yes', question: 'Now' });
    expect(draw(all).head.words).toMatch(/^7 nodes, all ready\. Survives the loss of any 1 of 3 servers/);
    expect(draw(file, 'server:server-1').head).toMatchObject({
      mode: 'what if',
      note: 'on top of the design',
      question: 'What if server-1 fails',
    });
    const more = draw(withNodes(file, down('server-2')), 'server:server-1');
    expect(more.head).toMatchObject({
      mode: 'what if',
      base: 'now',
      note: 'on top of now',
      outcome: 'no',
      question: 'What if server-1 fails, too',
    });
    expect(more.survival.failed).toEqual(expect.arrayContaining(['server:server-1', 'server:server-2']));
    expect(more.down).toEqual(['etcd:server-2', 'server:server-2']);
  });
});

describe('what is really down', () => {
  it('is where every answer begins: one server of three', () => {
    const { head, survival, singlePoints, cutSets, maintenance } = draw(withNodes(file, down('server-2')));
    expect(head).toMatchObject({ mode: 'now', outcome: 'partly' });
    expect(head.words).toBe(
      'server-2 is down. 2 of 3 servers answer behind 10.0.0.100. 2 of 3 etcd members left, 2 needed: it works, but the next failure stops it.',
    );
    expect(survival.quorum).toMatchObject({ alive: 2, margin: 0 });
    expect(singlePoints.map(({ label }) => label)).toEqual(expect.arrayContaining(['server-1', 'server-3']));
    expect(cutSets.map(({ words }) => words)).toContain('any 1 of 2 servers that are left');
    expect(maintenance['server:server-1']?.outcome).toBe('no');
  });

  it('shows no good answer and no green sign when quorum is lost', () => {
    const { head, survival, cutSets } = draw(withNodes(file, down('server-2', 'server-3')));
    expect(head.outcome).toBe('no');
    expect(head.words).toBe('server-2 and server-3 are down. Quorum is lost: 1 of 3 etcd members left, 2 needed.');
    expect(survival.api.outcome).toBe('no');
    expect(JSON.stringify(survival)).not.toContain('3 of 3');
    expect(cutSets).toEqual([]);
  });

  it('counts the members that etcd has, not those of the file', () => {
    // server-3 never joined; somebody else's server did.
    const running = [...NODES.filter(({ name }) => name !== 'server-3')];
    const two = draw(withNodes(file, running));
    expect(two.head.words).toMatch(/^server-3 is not in the cluster\. 2 of 2 servers answer/);
    expect(two.survival.quorum).toMatchObject({ members: 2, alive: 2, margin: 0 });
    const three = draw(withNodes(file, [...running, seen('server-x')]));
    expect(three.survival.quorum).toMatchObject({ members: 3, alive: 3, margin: 1 });
  });

  it('is the fixed address, too, when the API is only reached around it', () => {
    const around = draw({ ...file, live: { kind: 'live', nodes: NODES, via: 'server-2', version: 'v1' } });
    expect(around.down).toEqual(['load-balancer']);
    expect(around.head).toMatchObject({ note: 'over SSH to server-2', outcome: 'no' });
    expect(around.survival.api.reason).toContain('The load balancer 10.0.0.100 is down');
  });
});

describe('an API that does not answer', () => {
  const gone = lost(NODES, '14:02');

  it('leaves nothing green and nothing red of what was seen before', () => {
    const { head, survival, status, down: fallen } = draw(gone);
    expect(head).toMatchObject({ mode: 'last known', note: 'seen at 14:02', outcome: 'no' });
    expect(head.words).toContain('7 of 7 nodes were ready when it last did. Nothing here is known to be up.');
    expect(Object.values(survival).flatMap((answer) => ('outcome' in answer ? [answer.outcome] : []))).toEqual([
      'no',
      'unknown',
      'no',
      'partly',
      'no',
    ]);
    expect(new Set(Object.values(status).map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(fallen).toEqual([]);
    expect(draw(lost(down('server-2'))).down).toEqual([]);
  });

  it('keeps that while it is connected anew', () => {
    const again = draw(liveAs({ kind: 'connecting', nodes: NODES }));
    expect(again.head).toMatchObject({ mode: 'last known', note: 'connecting …', outcome: 'no' });
    expect(draw(liveAs({ kind: 'connecting', nodes: [] })).head.mode).toBe('as designed');
  });

  it('is not made better by a thought', () => {
    expect(draw(gone, 'agent:agent-1').head).toMatchObject({ mode: 'what if', outcome: 'no' });
    expect(draw(gone, 'server:server-1').survival.failed).toEqual(['etcd:server-1', 'server:server-1']);
  });

  it('greys the explorer but for the cluster itself', () => {
    const [cluster, ...others] = rowsOf(gone);
    expect(cluster).toMatchObject({ color: 'bad', description: 'API is silent' });
    expect(cluster?.spoken).toContain('API does not answer');
    expect(others.filter(({ color }) => color !== undefined && color !== 'stale')).toEqual([]);
    const shown = new Map(others.map((row) => [row.label, row]));
    expect(shown.get('Servers')).toMatchObject({ description: 'last seen 3/3', spoken: 'last seen 3/3 · 14:02' });
    expect(shown.get('Datastore')).toMatchObject({
      color: 'stale',
      description: 'last seen 3/3',
    });
    expect(shown.get('server-1')).toMatchObject({
      icon: 'circle-outline',
      color: 'stale',
      description: 'last seen ready',
    });
  });

  it('is no green entry in the status bar', () => {
    expect(statusBarEntry(gone, 'edge.k3s.yaml')).toMatchObject({ icon: 'error', text: 'edge: API does not answer' });
  });
});

describe('states that are no failure', () => {
  it('say so in their own words, without red', () => {
    const entries = ([{ kind: 'not-provisioned' }, { kind: 'other-installation' }] as const).map((live) => {
      const [cluster, ...others] = rowsOf(liveAs(live));
      expect(others.filter(({ color }) => color !== undefined)).toEqual([]);
      return [cluster?.icon, cluster?.color, statusBarEntry(liveAs(live), 'f').text];
    });
    expect(entries).toEqual([
      ['circle-outline', 'stale', 'edge: not provisioned yet'],
      ['warning', 'warning', 'edge: kubeconfig of an earlier installation'],
    ]);
  });

  it('a datastore without a reserve is a warning', () => {
    const row = (state: ClusterState) => rowsOf(state).find(({ id }) => id === 'datastore');
    expect(row(withNodes(file, down('server-2')))).toMatchObject({
      color: 'warning',
      description: '2/3 · no reserve',
      spoken: 'embedded etcd · 2/3 voters · no more may fail',
    });
    expect(row(all)?.color).toBe('good');
    expect(row(withNodes(file, down('server-2', 'server-3')))?.color).toBe('bad');
  });

  it('a text that cannot be read keeps the live cluster and says which line is wrong', () => {
    const state: ClusterState = { ...all, unreadable: 3, diagnostics: fileState(`${TEXT}}\n`).diagnostics };
    expect(statusBarEntry(state, 'f').text).toBe('edge: 7/7 ready · file unreadable');
    expect(statusBarEntry(state, 'f').tooltip.markdown).toContain('line 3');
    expect(draw(state).head.warning).toBe('The file cannot be read (line 3): this is the last one that could be.');
    expect(draw(state).actions.map(({ obstacle }) => obstacle)[0]).toMatch(/in the file: mend/);
  });
});

describe('what machines show themselves', () => {
  const liveness = (...entries: readonly [string, MachineLiveness['state'], string][]): Liveness => ({
    machines: new Map(entries.map(([id, state, words]) => [id, { state, since: 0, lasting: '4 s', words }])),
    electing: entries.some(([, state]) => state === 'electing'),
  });
  const DEAD = 'down: answers neither this computer nor server-1 since 4 s';
  const seenAs = (live: Liveness): ClusterState =>
    liveAs({ kind: 'live', nodes: NODES, via: 'direct', version: 'v1.36.3+k3s1', liveness: live });
  const lostAs = (live: Liveness): ClusterState => {
    const { live: state } = lost(NODES, '14:02');
    return state.kind === 'lost' ? liveAs({ ...state, liveness: live }) : file;
  };
  const rowOf = (state: ClusterState, id: string): ExplorerRow | undefined =>
    rowsOf(state).find((row) => row.id === id);

  it('a dead server that Kubernetes calls ready is red, costs a vote, and says that nobody has noticed', () => {
    const state = seenAs(liveness(['server-1', 'up', ''], ['server-2', 'down', DEAD], ['server-3', 'up', '']));
    expect(rowOf(state, 'node:server-2')).toMatchObject({ color: 'bad', description: 'down 4 s' });
    expect(rowOf(state, 'node:server-2')?.spoken).toContain(`${DEAD}; Kubernetes has not noticed yet`);
    expect(rowOf(state, 'datastore')?.spoken).toContain('2/3 voters · no more may fail');
    expect(draw(state).status['server:server-2']?.state).toBe('not-ready');
    expect(statusBarEntry(state, 'edge.k3s.yaml').text).toBe('edge: 6/7 ready');
  });

  it('a server that is cut off from this computer alone stays up and keeps its vote', () => {
    const words = 'cut off from this computer since 4 s; it answers server-1';
    const state = seenAs(liveness(['server-2', 'cut-off', words]));
    expect(rowOf(state, 'node:server-2')).toMatchObject({ color: 'warning', description: 'cut off from here' });
    expect(rowOf(state, 'node:server-2')?.tooltip.markdown).toContain('cut off from this computer');
    expect(rowOf(state, 'datastore')?.spoken).toContain('3/3 voters');
  });

  it('a machine behind whose address another one answers names both', () => {
    const words = 'cut off: its address 10.0.0.12 is answered by server-1 since 1 s';
    const state = seenAs(liveness(['server-2', 'taken', words]));
    expect(rowOf(state, 'node:server-2')?.spoken).toContain(words);
    expect(rowOf(state, 'datastore')?.spoken).toContain('2/3 voters');
  });

  it('a server that is back answers before Kubernetes has noticed, and has its vote again', () => {
    const state = liveAs({
      kind: 'live',
      nodes: down('server-2'),
      via: 'direct',
      version: 'v1.36.3+k3s1',
      liveness: liveness(['server-2', 'up', '']),
    });
    expect(rowOf(state, 'node:server-2')?.spoken).toContain('stopped reporting 2 min ago; the machine answers');
    expect(rowOf(state, 'datastore')?.spoken).toContain('3/3 voters');
  });

  it('an election is no outage', () => {
    const waits = 'waiting for a new etcd leader since 3 s';
    const election = liveness(
      ['server-1', 'down', DEAD],
      ['server-2', 'electing', waits],
      ['server-3', 'electing', waits],
    );
    expect(statusBarEntry(lostAs(election), 'edge.k3s.yaml')).toMatchObject({
      text: 'edge: electing an etcd leader',
      icon: 'sync~spin',
    });
    expect(draw(lostAs(election)).head.words).toContain('etcd elects a new leader');
    expect(rowOf(seenAs(election), 'datastore')?.spoken).toContain('2/3 voters');
  });

  it('while the API does not answer it is told who answers itself', () => {
    const state = lostAs(liveness(['server-1', 'up', ''], ['server-2', 'down', DEAD], ['server-3', 'down', DEAD]));
    expect(rowOf(state, 'servers')?.description).toBe('1/3 answer');
    expect(rowOf(state, 'node:server-1')?.description).toBe('answers itself');
    expect(rowOf(state, 'node:server-3')).toMatchObject({ color: 'bad', icon: 'error' });
    expect(draw(state).head.words).toBe('The API does not answer. 1 of 7 nodes answer themselves.');
  });
});

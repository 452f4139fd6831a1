import { describe, expect, it } from 'vitest';
import { isToWebview } from '../../../src/contract/messages';
import { problem } from '../../../src/core/base/problem';
import type { TopologySnapshot } from '../../../src/core/topology/model';
import type { ClusterState } from '../../../src/views/clusterState';
import { snapshotOf, updateOf } from '../../../src/views/diagram';
import { NODES, NOT_READY, TEXT, fileState, seen, withNode, withNodes } from './states';

const VIEW = { expanded: [], chosen: [] };
const draw = (state: ClusterState, revision = 1): TopologySnapshot => snapshotOf(state, VIEW, revision);

describe('the picture', () => {
  const state = withNodes(fileState(), NODES);
  const before = draw(state);

  it('stays when a node, a run, a plan or the reach of the API changes', () => {
    const live = withNode(NODES, 'server-2', NOT_READY);
    const changes: readonly Partial<ClusterState>[] = [
      { live: { kind: 'live', nodes: live, via: 'direct', version: 'v1' } },
      { live: { kind: 'lost', problem: problem('example', 'gone'), nodes: live } },
      { live: { kind: 'idle' } },
      { run: new Map([['server-1', { state: 'running', words: 'starting', steps: [] }]]) },
      { planned: new Map([['agent-1', ['Install K3s']]]) },
    ];
    for (const change of changes) {
      const { graph, layout, status } = draw({ ...state, ...change });
      expect(graph).toBe(before.graph);
      expect(layout).toBe(before.layout);
      expect(status).not.toEqual(before.status);
    }
  });

  it('means the same as long as nobody goes down or comes up', () => {
    const fresh = draw({ ...state });
    const older = withNode(NODES, 'server-2', { age: '4 min', warnings: ['memory is running out'] });
    const changes: readonly Partial<ClusterState>[] = [
      { live: { kind: 'live', nodes: older, via: 'direct', version: 'v1' } },
      { run: new Map([['server-1', { state: 'running', words: 'starting', steps: [] }]]) },
      { planned: new Map([['agent-1', ['Install K3s']]]) },
    ];
    for (const change of changes) {
      const { survival, cutSets, maintenance, singlePoints } = draw({ ...state, ...change });
      expect(survival).toBe(fresh.survival);
      expect(cutSets).toBe(fresh.cutSets);
      expect(maintenance).toBe(fresh.maintenance);
      expect(singlePoints).toBe(fresh.singlePoints);
    }
  });

  it('is another one for another file, another failure, another expanded group, and other findings', () => {
    expect(draw(withNodes(fileState(), NODES)).graph).not.toBe(before.graph);
    const failing = snapshotOf(state, { expanded: [], chosen: ['server:server-1'] }, 1);
    expect(failing.survival.failed).toContain('server:server-1');
    expect(failing.maintenance).not.toEqual(before.maintenance);
    const many = fileState(TEXT.replaceAll('[1-4]', '[1-40]'));
    const [group] = draw(many).graph.parts.filter(({ kind }) => kind === 'agents');
    const open = snapshotOf(many, { expanded: [group?.id ?? ''], chosen: [] }, 1);
    expect([draw(many), open].map(({ graph }) => graph.parts.filter(({ kind }) => kind === 'agent').length)).toEqual([
      0, 40,
    ]);
    const [finding] = fileState('servers: {nodes: [10.0.0.1]}\ntoken: secret\n').findings;
    expect(finding).toBeDefined();
    const told = draw({ ...state, findings: finding === undefined ? [] : [{ ...finding, message: 'something else' }] });
    expect(JSON.stringify(told.graph)).toContain('something else');
  });
});

describe('a change of the state', () => {
  const state = withNodes(fileState(), NODES);

  it('tells the page the parts that changed, and nothing of the picture', () => {
    const before = draw(state);
    const now = draw(withNodes(state, withNode(NODES, 'server-2', NOT_READY)), 2);
    expect(updateOf(before, now)).toMatchObject({
      change: { outlook: { down: ['etcd:server-2', 'server:server-2'] } },
    });
    const message = updateOf(before, now);
    const status = { state: 'not-ready', words: NOT_READY.reason };
    expect(message).toMatchObject({
      type: 'status',
      change: { revision: 2, after: 1, status: { 'server:server-2': status, 'etcd:server-2': status }, without: [] },
    });
    expect(isToWebview(JSON.parse(JSON.stringify(message)))).toBe(true);
    expect(JSON.stringify(message).length).toBeLessThan(4000);
    expect(message?.type === 'status' ? Object.keys(message.change.status).sort() : []).toEqual([
      'etcd:server-2',
      'server:server-2',
    ]);
  });

  it('leads to the snapshot that a whole one would be', () => {
    const steps: readonly ClusterState[] = [
      state,
      withNodes(state, withNode(NODES, 'server-2', NOT_READY)),
      withNodes(state, [...NODES.slice(1), seen('old-1')]),
      { ...state, planned: new Map([['agent-1', ['Install K3s', 'Start K3s']]]) },
      { ...state, run: new Map([['server-1', { state: 'failed', words: 'The disk is full.', steps: [] }]]) },
      { ...state, live: { kind: 'idle' } },
      withNodes(state, withNode(NODES, 'agent-3', { simulated: true })),
    ];
    let page: TopologySnapshot | undefined;
    let sent: TopologySnapshot | undefined;
    steps.forEach((step, i) => {
      const now = draw(step, i);
      const message = updateOf(sent, now);
      sent = now;
      if (i === 0) expect(message?.type).toBe('snapshot');
      if (message?.type === 'snapshot') page = message.snapshot;
      else if (message !== undefined && page !== undefined) {
        const { after, status, without, outlook, ...rest } = message.change;
        expect(after).toBe(page.revision);
        const kept = Object.entries({ ...page.status, ...status }).filter(([id]) => !without.includes(id));
        page = { ...page, ...rest, ...outlook, status: Object.fromEntries(kept) };
      }
      expect(page).toEqual(draw(step, i));
    });
  });

  it('is no message when everything looks the same, and a whole one when the picture does not', () => {
    const before = draw(state);
    expect(updateOf(before, draw(withNodes(state, [...NODES]), 2))).toBeUndefined();
    const file = withNodes(fileState(), NODES);
    expect(updateOf(before, draw(file, 2))?.type).toBe('snapshot');
    expect(updateOf(undefined, draw(state, 2))?.type).toBe('snapshot');
    expect(updateOf(before, snapshotOf(state, { expanded: ['agents'], chosen: [] }, 2))?.type).toBe('snapshot');
  });

  it('makes words of hosts harmless', () => {
    const now = draw(
      withNodes(state, withNode(NODES, 'server-2', { ...NOT_READY, reason: 'red \u001b[31m\u202e' })),
      2,
    );
    expect(JSON.stringify(updateOf(draw(state), now))).not.toMatch(/\\u001b|\u202e/);
    expect(now.status['server:server-2']?.words).toContain('red');
  });
});

describe('what the diagram knows of a live node', () => {
  it('is its facts and its drift, and no present when the API is lost', () => {
    const nodes = withNode(NODES, 'server-1', {
      version: 'v1.35.7+k3s1',
      age: '12 d',
      warnings: ['memory is running out'],
    });
    const state = withNodes(fileState(), [...nodes, seen('old-1')]);
    const live = draw(state);
    expect(live.status['server:server-1']).toEqual({
      state: 'ready',
      words: 'ready',
      facts: [
        'Roles: control-plane, etcd',
        'K3s v1.35.7+k3s1',
        'etcd: voter',
        'Registered 12 d ago',
        'memory is running out',
      ],
      drift: ['runs v1.35.7+k3s1, the file says v1.36.3+k3s1'],
      can: 'ready open',
    });
    expect(live.drift).toEqual(['old-1 is in the cluster and not in the file']);
    const lost = draw({
      ...state,
      live: { kind: 'lost', problem: problem('example', 'gone'), nodes: [...nodes, seen('old-1')] },
    });
    expect(lost.status['server:server-1']).toEqual({ state: 'unknown', words: 'was ready' });
    expect(lost.drift).toEqual([]);
  });
});

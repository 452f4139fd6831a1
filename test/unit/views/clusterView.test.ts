import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../src/views/clusterView';
import { snapshotOf } from '../../../src/views/diagram';
import { clusterRow } from '../../../src/views/explorer';
import { nodeTable } from '../../../src/views/nodeTable';
import { statusBarEntry } from '../../../src/views/statusBar';
import { NODES, NOT_READY, fileState, seen, withNode, withNodes } from './states';

describe('the one view of a state', () => {
  it('works the health out once, whoever asks and however often', () => {
    let asked = 0;
    const counted = Object.defineProperty(seen('server-1'), 'simulated', {
      enumerable: true,
      get: () => {
        asked += 1;
        return false;
      },
    });
    const state = withNodes(fileState(), [counted, ...NODES.slice(1)]);
    for (let times = 0; times < 2; times += 1) {
      clusterRow(state, 'edge.k3s.yaml');
      statusBarEntry(state, 'edge.k3s.yaml');
      snapshotOf(state, { expanded: [], chosen: [] }, times);
    }
    expect(asked).toBe(1);
  });

  it('keeps the health while a run goes on, and the run while nodes change', () => {
    const before = withNodes(fileState(), NODES);
    const running = {
      ...before,
      run: new Map([['server-1', { state: 'running' as const, words: 'starting', steps: [] }]]),
    };
    expect(viewOf(running).health).toBe(viewOf(before).health);
    expect(viewOf(running).run).toMatchObject({ phase: 'running', words: '1 host at work' });
    expect(viewOf(running).actions.filter(({ obstacle }) => obstacle === undefined)).toEqual([]);
    const changed = withNodes(running, withNode(NODES, 'server-2', NOT_READY));
    expect(viewOf(changed).run).toBe(viewOf(running).run);
    expect(viewOf(changed).health.level).toBe('degraded');
  });

  it('finds a node again that takes another name, and one that comes in the place of another', () => {
    const state = fileState();
    expect(viewOf(withNodes(state, NODES)).health.level).toBe('healthy');
    const renamed = withNode(NODES, 'agent-2', { name: 'other', addresses: ['10.9.9.9'] });
    const { health } = viewOf(withNodes(state, renamed));
    expect(health.nodes.find(({ node }) => node.id === 'agent-2')?.state).toBe('absent');
    expect(health.undeclared.map(({ name }) => name)).toEqual(['other']);
    const moved = withNode(renamed, 'other', { addresses: ['10.0.1.2'] });
    expect(viewOf(withNodes(state, moved)).health.level).toBe('healthy');
    expect(viewOf(withNodes(state, NODES.slice(1))).health.nodes[0]?.state).toBe('absent');
  });
});

describe('the status bar', () => {
  it('says how the cluster is, in the words of the explorer, also where its name looks like a list', () => {
    const file = fileState('metadata: {name: a · b}\nservers: {nodes: [{host: 10.0.0.11, name: server-1}]}\n');
    const state = withNodes(file, [seen('server-1', { ...NOT_READY, simulated: true })]);
    const { icon, text, tooltip } = statusBarEntry(state, 'edge.k3s.yaml');
    expect({ icon, text }).toEqual({ icon: 'error', text: 'a · b: 0/1 ready' });
    expect(tooltip.markdown).toContain('simulated');
    const row = clusterRow(state, 'edge.k3s.yaml');
    expect([row.description, row.spoken]).toEqual(['0/1 · simulated', '0/1 ready · simulated · edge.k3s.yaml']);
    expect(row.tooltip).toEqual(tooltip);
  });

  it('names the file where the cluster has no name', () => {
    expect(statusBarEntry(fileState('servers: {nodes: [10.0.0.11]}\n'), 'edge.k3s.yaml').text).toBe(
      'edge.k3s.yaml: 1 node, not watched',
    );
  });
});

describe('the node table', () => {
  it('has the nodes of the file, then those that only the cluster knows', () => {
    const state = withNodes(fileState(), [
      ...withNode(NODES, 'agent-1', { ...NOT_READY, age: '3 h' }).slice(0, 4),
      seen('old-1'),
    ]);
    const table = nodeTable(viewOf(state).health);
    expect(table.map(([name, status, roles]) => [name, status, roles])).toEqual([
      ['NAME', 'STATUS', 'ROLES'],
      ...[1, 2, 3].map((i) => [`server-${i}`, 'Ready', 'control-plane,etcd']),
      ['agent-1', 'not ready: its kubelet gives no reason', '<none>'],
      ...[2, 3, 4].map((i) => [`agent-${i}`, 'not in the cluster', '<none>']),
      ['old-1', 'Ready', ''],
    ]);
    expect(table.at(-1)?.at(-1)).toBe('not in the file');
  });
});

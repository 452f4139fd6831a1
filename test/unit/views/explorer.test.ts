import { describe, expect, it } from 'vitest';
import type { NodeProgress } from '../../../src/core/plan/progress';
import type { ClusterState } from '../../../src/views/clusterState';
import { clusterRow } from '../../../src/views/explorer';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { rowChanges } from '../../../src/views/rowChanges';
import { NODES, NOT_READY, fileState, seen, withNode, withNodes } from './states';

const rowOf = (state: ClusterState): ExplorerRow => clusterRow(state, 'edge.k3s.yaml');
const all = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(all)];
const find = (row: ExplorerRow, id: string): ExplorerRow | undefined => all(row).find((one) => one.id === id);
/** Ids of the rows that are drawn again. */
const redrawn = (before: ClusterState, now: ClusterState): readonly string[] =>
  rowChanges(rowOf(before), rowOf(now)).flatMap(({ row, visible }) => (visible ? [row.id] : []));

describe('rows of the explorer', () => {
  const state = withNodes(fileState(), NODES);

  it('stay the same objects while their node is as it was', () => {
    const now = withNodes(state, withNode(NODES, 'server-2', NOT_READY));
    const [before, after] = [rowOf(state), rowOf(now)];
    const kept = all(before).filter(({ id }) => id.startsWith('node:') && find(before, id) === find(after, id));
    expect(kept.map(({ id }) => id)).toEqual([
      'node:server-1',
      'node:server-3',
      ...[1, 2, 3, 4].map((i) => `node:agent-${i}`),
    ]);
    expect(find(after, 'node:server-2')).toMatchObject({
      description: 'not ready',
      color: 'bad',
    });
  });

  it('are drawn again where they look different: the node, what counts it, and nothing else', () => {
    const one = withNodes(state, withNode(NODES, 'agent-2', NOT_READY));
    expect(redrawn(state, one)).toEqual(['cluster', 'agents', 'node:agent-2']);
    const other = withNodes(state, withNode(NODES, 'agent-2', { ...NOT_READY, reason: 'unreachable: no answer' }));
    expect(redrawn(one, other)).toEqual(['node:agent-2', 'node:agent-2']);
    expect(redrawn(state, withNodes(state, withNode(NODES, 'agent-2', { age: '3 min' })))).toEqual(['node:agent-2']);
    expect(redrawn(state, withNodes(state, [...NODES]))).toEqual([]);
  });

  it('change one by one while a run goes on', () => {
    const waiting: NodeProgress = { state: 'pending', words: 'waiting', steps: [] };
    const at = (words: string): ClusterState => ({
      ...state,
      run: new Map([
        ['server-1', { state: 'running', words, steps: [] }],
        ['server-2', waiting],
      ]),
    });
    const [before, now] = [at('installing K3s'), at('downloading')];
    expect(find(rowOf(now), 'node:server-2')).toBe(find(rowOf(before), 'node:server-2'));
    expect(redrawn(before, now)).toEqual(['node:server-1']);
  });

  it('that come or go are drawn by the row above them, and all that changed can be found', () => {
    const now = withNodes(state, [...NODES, seen('old-1')]);
    expect(redrawn(state, now)).toEqual(['cluster']);
    const more = withNodes(state, [...NODES, seen('old-1'), seen('old-2')]);
    expect(redrawn(now, more)).toEqual(['cluster', 'extra']);
    expect(redrawn(more, withNodes(state, [...NODES, seen('old-2'), seen('old-1')]))).toEqual(['cluster', 'extra']);
    const changed = rowChanges(rowOf(now), rowOf(more)).map(({ row }) => row.id);
    expect(changed).toEqual(expect.arrayContaining(['cluster', 'servers', 'agents', 'extra']));
    expect(find(rowOf(more), 'extra')?.children.map(({ label }) => label)).toEqual(['old-1', 'old-2']);
  });
});

import { describe, expect, it } from 'vitest';
import { agentsPart } from '../../../src/core/topology/ids';
import type { Box, TopologySnapshot } from '../../../src/core/topology/model';
import { CLUSTERS, cluster as clusterOf, nodes, thirds } from './clusters';
import { wholeSnapshot } from './wholeSnapshot';

/** As the practice example. */
const THREE_RACKS = clusterOf({ servers: nodes('server', 3, thirds), agents: nodes('agent', 2, thirds) });

function draw(name: string, narrow: number, expanded: readonly string[] = []): TopologySnapshot {
  const cluster = name === 'three-racks' ? THREE_RACKS : CLUSTERS[name];
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return wholeSnapshot({
    cluster,
    findings: [],
    statuses: [],
    chosen: [],
    expanded,
    narrow,
    revision: 1,
    file: 'file:///edge.k3s.yaml',
    title: 'edge',
    simulated: false,
    drift: [],
    run: { phase: 'idle', words: '' },
    actions: [],
  });
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const NAMES = Object.keys(CLUSTERS);
const WIDTHS = [240, 330, 490, 600];

describe('the layout for a narrow window', () => {
  it.each(NAMES)('of %s stays within every width, and no two boxes lie over each other', (name) => {
    for (const width of WIDTHS) {
      const { graph, layout } = draw(name, width);
      expect(layout.width).toBe(width);
      const boxes = Object.entries(layout.boxes);
      for (const [id, { x, y, width: w, height }] of boxes)
        expect([id, x >= 0, y >= 0, x + w <= layout.width, y + height <= layout.height]).toEqual([
          id,
          true,
          true,
          true,
          true,
        ]);
      const inside = new Map(graph.parts.map((part) => [part.id, part.inside]));
      for (const [i, [a, boxA]] of boxes.entries())
        for (const [b, boxB] of boxes.slice(i + 1))
          if (inside.get(a) !== b && inside.get(b) !== a)
            expect(overlap(boxA, boxB) ? `${a} and ${b} at ${width}` : '').toBe('');
    }
  });

  it.each(NAMES)('of %s leaves out no part that can fail, but networks between rows', (name) => {
    const wide = draw(name, 600).graph.parts.filter(({ kind }) => kind !== 'network');
    for (const width of WIDTHS) {
      const { graph } = draw(name, width);
      expect(graph.parts.filter(({ kind }) => kind !== 'network').map(({ id }) => id)).toEqual(
        wide.map(({ id }) => id),
      );
    }
  });

  it('shows three zones side by side where the editor stands beside the file', () => {
    const { layout } = draw('three-racks', 490);
    const servers = layout.frames.filter(({ id }) => id.startsWith('servers:'));
    expect(servers).toHaveLength(3);
    expect(new Set(servers.map(({ y }) => y)).size).toBe(1);
    expect(layout.boxes['network:rack-a|rack-b']).toBeDefined();
    expect(draw('three-racks', 300).layout.boxes['network:rack-b|rack-c']).toBeUndefined();
  });

  it('has every member of etcd under its server, and one line between two tiers', () => {
    const { layout, graph } = draw('embedded-3', 490);
    for (const id of ['server-1', 'server-2', 'server-3']) {
      const [server, member] = [layout.boxes[`server:${id}`], layout.boxes[`etcd:${id}`]];
      expect(member?.x).toBe(server?.x);
      expect(member?.y).toBeGreaterThan((server?.y ?? 0) + (server?.height ?? 0));
    }
    expect(layout.wires.map(({ kind }) => kind)).toEqual(['api', 'forward', 'datastore']);
    const forward = graph.edges.filter(({ kind }) => kind === 'forward').map(({ id }) => id);
    expect(layout.wires.find(({ kind }) => kind === 'forward')?.edges).toEqual(forward);
  });

  it('expands a group of agents into tiles', () => {
    const group = agentsPart(undefined);
    const { layout } = draw('large', 490, [group]);
    expect(layout.boxes[group]).toBeDefined();
    expect(layout.boxes['agent:agent-1000']?.height).toBe(30);
  });
});

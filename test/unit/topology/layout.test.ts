import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatastoreType } from '../../../src/core/datastore/kind';
import type { Cluster, LoadBalancerType } from '../../../src/core/cluster/cluster';
import { buildGraph } from '../../../src/core/topology/graph';
import { layoutGraph } from '../../../src/core/topology/layout';
import { textWidth } from '../../../src/core/topology/metrics';
import type { Box, Layout, TopologyGraph } from '../../../src/core/topology/model';
import { CLUSTERS, balancer, cluster, nodes, without } from './clusters';

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

function check(graph: TopologyGraph, layout: Layout): void {
  const page = { x: 0, y: 0, width: layout.width, height: layout.height };
  const insideOf = new Map(graph.parts.map((p) => [p.id, p.inside]));
  const boxes = Object.entries(layout.boxes);
  for (const [id, box] of boxes) {
    expect(within(box, page), `${id} leaves the page`).toBe(true);
    const home = insideOf.get(id);
    if (home !== undefined) expect(within(box, layout.boxes[home] as Box), `${id} leaves ${home}`).toBe(true);
  }
  noOverlap(boxes.filter(([id]) => insideOf.get(id) === undefined));
  noOverlap(layout.frames.map((f) => [f.id, f] as const));
  noOverlap(layout.bands.map((b) => [b.id, b] as const));
  const labels = layout.labels.map((l) => {
    const width = textWidth(l.text, 11.5);
    return [l.text, { x: l.anchor === 'start' ? l.x : l.x - width, y: l.y - 10, width, height: 13 }] as const;
  });
  noOverlap([...labels, ...boxes]);
  for (const [text, box] of labels) expect(within(box, page), `${text} leaves the page`).toBe(true);
  for (const frame of layout.frames)
    expect(
      layout.bands.some((b) => within(frame, b)),
      `frame ${frame.id} leaves its band`,
    ).toBe(true);
  for (const wire of layout.wires) {
    for (const [i, [x, y]] of wire.points.entries()) {
      expect(x >= 0 && x <= layout.width && y >= 0 && y <= layout.height, `${wire.id} leaves the page`).toBe(true);
      const next = wire.points[i + 1];
      if (next !== undefined) expect(next[0] === x || next[1] === y, `${wire.id} is not at right angles`).toBe(true);
    }
  }
}

/** Sweep from top to bottom: a thousand boxes need no million comparisons. */
function noOverlap(items: readonly (readonly [string, Box])[]): void {
  const sorted = [...items].sort((a, b) => a[1].y - b[1].y);
  sorted.forEach(([id, box], i) => {
    for (let j = i + 1; j < sorted.length; j++) {
      const [other, next] = sorted[j] as readonly [string, Box];
      if (next.y >= box.y + box.height) break;
      if (next !== box && insideEachOther(id, other)) continue;
      if (overlap(box, next)) expect.fail(`${id} overlaps ${other}`);
    }
  });
}

function insideEachOther(a: string, b: string): boolean {
  return [a, b].some((id) => id.startsWith('sqlite:')) && [a, b].some((id) => id.startsWith('server:'));
}

describe('the layout', () => {
  it.each(Object.keys(CLUSTERS))('%s: nothing overlaps, nothing leaves the page', (name) => {
    const graph = buildGraph(CLUSTERS[name] as Cluster, []);
    check(graph, layoutGraph(graph, new Set()));
    check(graph, layoutGraph(graph, new Set(graph.parts.filter((p) => p.kind === 'agents').map((p) => p.id))));
  });

  it('holds for any cluster', () => {
    const zone = fc.constantFrom(undefined, 'a', 'eu-central-1a', 'a-rack-with-a-very-long-name-indeed', 'b', 'c');
    const endpoints: Partial<Record<DatastoreType, string>> = {
      etcd: 'https://a.example:2379,https://b.example:2379,https://c.example:2379',
      mysql: 'mysql://u:p@tcp(a-long-host-name.database.example.com:3306)/k3s',
      nats: 'nats://a:4222,nats://b:4222',
    };
    const shape = fc.record({
      servers: fc.array(zone, { minLength: 0, maxLength: 9 }),
      agents: fc.array(zone, { maxLength: 60 }),
      pins: fc.constantFrom('none', 'some', 'elsewhere'),
      datastore: fc.constantFrom<DatastoreType[]>('embedded-etcd', 'etcd', 'mysql', 'nats', 'sqlite'),
      type: fc.constantFrom<(LoadBalancerType | undefined)[]>('external', 'haproxy', 'kube-vip', undefined),
      hosts: fc.integer({ min: 0, max: 3 }),
      open: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, (s) => {
        const place = (zones: readonly (string | undefined)[], i: number): { zone?: string } =>
          zones[i - 1] === undefined ? {} : { zone: zones[i - 1] as string };
        const pin = (i: number): Record<string, string> =>
          s.pins === 'none' || i % 2 === 0
            ? {}
            : { server: s.pins === 'some' ? 'https://10.0.0.11:6443' : 'https://other.example:6443' };
        const base = cluster({
          servers: nodes('server', s.servers.length, (i) => place(s.servers, i)),
          agents: nodes('agent', s.agents.length, (i) => ({ ...place(s.agents, i), config: pin(i) })),
          datastore: {
            type: s.datastore,
            ...(endpoints[s.datastore] === undefined ? {} : { endpoint: endpoints[s.datastore] as string }),
          },
          loadBalancer: balancer({
            type: s.type ?? 'external',
            nodes: s.type === 'haproxy' ? Array.from({ length: s.hosts }, (_, i) => `lb-${i + 1}`) : [],
          }),
        });
        const graph = buildGraph(s.type === undefined ? without(base, 'loadBalancer') : base, []);
        const expanded = new Set(s.open ? graph.parts.filter((p) => p.kind === 'agents').map((p) => p.id) : []);
        check(graph, layoutGraph(graph, expanded));
      }),
      { numRuns: 300 },
    );
  });

  it('collapses more than six agents of a zone and shows every one of an expanded group', () => {
    const graph = buildGraph(CLUSTERS['embedded-5-zones'] as Cluster, []);
    const agents = (layout: Layout): number => Object.keys(layout.boxes).filter((id) => id.startsWith('agent:')).length;
    expect(agents(layoutGraph(graph, new Set()))).toBe(0);
    expect(agents(layoutGraph(graph, new Set(['agents:rack-b'])))).toBe(114);
    expect(agents(layoutGraph(buildGraph(CLUSTERS['embedded-3'] as Cluster, []), new Set()))).toBe(4);
  });

  it('puts etcd members under their servers, and servers and agents of a zone in one column', () => {
    const { boxes, frames } = layoutGraph(buildGraph(CLUSTERS['embedded-5-zones'] as Cluster, []), new Set());
    const middle = (id: string): number => (boxes[id] as Box).x + (boxes[id] as Box).width / 2;
    for (let i = 1; i <= 5; i++) expect(middle(`etcd:server-${i}`)).toBe(middle(`server:server-${i}`));
    for (const zone of ['rack-a', 'rack-b', 'rack-c']) {
      const [servers, agents] = [
        frames.find((f) => f.id === `servers:${zone}`),
        frames.find((f) => f.id === `agents:${zone}`),
      ];
      expect({ x: agents?.x, width: agents?.width }).toEqual({ x: servers?.x, width: servers?.width });
    }
  });

  it('gives the same picture for the same cluster', () => {
    const once = (): Layout => layoutGraph(buildGraph(CLUSTERS['two-zones'] as Cluster, []), new Set());
    expect(once()).toEqual(once());
  });

  it('lays out 1,000 agents in 5 ms, collapsed and expanded', () => {
    const graph = buildGraph(CLUSTERS['large'] as Cluster, []);
    for (const expanded of [new Set<string>(), new Set(['agents'])]) {
      const times = Array.from({ length: 30 }, () => {
        const start = performance.now();
        layoutGraph(graph, expanded);
        return performance.now() - start;
      });
      expect(Math.min(...times)).toBeLessThan(5);
    }
  });
});

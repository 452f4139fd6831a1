import type { Part, TopologySnapshot } from '../../src/contract/messages';
import { EDGE_WORDS, describePart } from '../view/describe';
import { element } from '../view/element';

/** The diagram in words: every part that is drawn, every kind of connection, every general finding. */
export function renderList(snapshot: TopologySnapshot): readonly HTMLElement[] {
  // In the order of the file: across zones the order of the picture would mix them.
  const parts = snapshot.graph.parts.filter((part) => snapshot.layout.boxes[part.id] !== undefined);
  const bands = snapshot.layout.bands.map((band) => ({
    title: [band.title, band.note].filter((text) => text !== '').join(', '),
    parts: parts.filter((part) => inside(snapshot, part, band)),
  }));
  const outside = parts.filter((part) => !bands.some((b) => b.parts.includes(part)));
  return [
    section('Clients', outside.map((part) => describePart(part, snapshot))),
    ...bands.map((band) => section(band.title, band.parts.map((part) => describePart(part, snapshot)))),
    section('Connections', [...connections(snapshot), ...amongEachOther(snapshot)]),
    section('Findings about the cluster', snapshot.graph.marks.map((mark) => `${mark.severity}: ${mark.message}`)),
  ].filter((node) => node !== undefined);
}

function section(title: string, lines: readonly string[]): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  return element('section', '', element('h3', '', title), element('ul', '', ...lines.map((line) => element('li', '', line))));
}

function inside(snapshot: TopologySnapshot, part: Part, band: TopologySnapshot['layout']['bands'][number]): boolean {
  const y = snapshot.layout.boxes[part.id]?.y ?? -1;
  return y >= band.y && y < band.y + band.height;
}

/** One line for all connections of a kind to the same port. */
function connections(snapshot: TopologySnapshot): readonly string[] {
  const label = new Map(snapshot.graph.parts.map((p) => [p.id, p.label]));
  const groups = new Map<string, { from: Set<string>; to: Set<string> }>();
  for (const edge of snapshot.graph.edges) {
    const key = `${EDGE_WORDS[edge.kind]}${edge.port === '' ? '' : `, ${edge.protocol} ${edge.port}`}`;
    if (edge.kind === 'peer' || edge.kind === 'vrrp') continue;
    const group = groups.get(key) ?? { from: new Set(), to: new Set() };
    group.from.add(label.get(edge.from) ?? edge.from);
    group.to.add(label.get(edge.to) ?? edge.to);
    groups.set(key, group);
  }
  return [...groups].map(([key, { from, to }]) => {
    const [left, right] = [[...from].join(', '), [...to].join(', ')];
    if (left === right) return `${key}: ${left}, each to its own`;
    return `${key}: ${left} → ${right}`;
  });
}

/** Connections without a direction, one line for each kind. */
function amongEachOther(snapshot: TopologySnapshot): readonly string[] {
  const label = (id: string): string => snapshot.graph.parts.find((p) => p.id === id)?.label ?? id;
  return (['peer', 'vrrp'] as const).flatMap((kind) => {
    const edges = snapshot.graph.edges.filter((e) => e.kind === kind);
    const names = [...new Set(edges.flatMap((e) => [label(e.from), label(e.to)]))];
    const port = edges[0]?.port ?? '';
    return edges.length === 0 ? [] : [`${EDGE_WORDS[kind]}${port === '' ? '' : `, TCP ${port}`}: ${names.join(', ')}`];
  });
}

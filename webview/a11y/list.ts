import { said, say } from '../../src/core/base/say';
import type { Part, TopologySnapshot } from '../../src/contract/messages';
import { EDGE_WORDS, describePart, severityWord } from '../drawing/describe';
import { element } from '../view/element';

/** The diagram in words: every part that is drawn, every kind of connection, every general finding. */
export interface TextList {
  readonly element: HTMLElement;
  /** `visible`: for eyes, too. */
  render(snapshot: TopologySnapshot, visible: boolean): void;
}

/** A list that changes only the lines that differ: a reader who is in the middle of a thousand stays there. */
export function createList(): TextList {
  const holder = element('div', '');
  const list = element('section', 'panel list', element('h2', '', say`The diagram as a list`), holder);
  list.setAttribute('aria-label', say`The diagram as a list`);
  let shown: readonly Section[] = [];
  let items: readonly HTMLElement[] = [];
  return {
    element: list,
    render: (snapshot, visible) => {
      list.classList.toggle('only-heard', !visible);
      // It scrolls, so the keyboard must reach it.
      if (visible) list.tabIndex = 0;
      else list.removeAttribute('tabindex');
      const next = sectionsOf(snapshot);
      const [before, lines] = [linesOf(shown), linesOf(next)];
      if (shapeOf(next) === shapeOf(shown)) {
        lines.forEach((line, i) => {
          if (line !== before[i]) items[i]?.replaceChildren(line);
        });
      } else {
        items = lines.map((line) => element('li', '', line));
        const rest = [...items];
        holder.replaceChildren(
          ...next.map((section) =>
            element(
              'section',
              '',
              element('h3', '', section.title),
              element('ul', '', ...rest.splice(0, section.lines.length)),
            ),
          ),
        );
      }
      shown = next;
    },
  };
}

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

function shapeOf(sections: readonly Section[]): string {
  return sections.map(({ title, lines }) => `${title}:${lines.length}`).join('\n');
}

function linesOf(sections: readonly Section[]): readonly string[] {
  return sections.flatMap(({ lines }) => lines);
}

function sectionsOf(snapshot: TopologySnapshot): readonly Section[] {
  // In the order of the file: across zones the order of the picture would mix them.
  const parts = snapshot.graph.parts.filter((part) => snapshot.layout.boxes[part.id] !== undefined);
  const bands = snapshot.layout.bands.map((band) => ({
    title: [band.title, band.note].filter((text) => text !== '').join(', '),
    parts: parts.filter((part) => inside(snapshot, part, band)),
  }));
  const banded = new Set(bands.flatMap((band) => band.parts));
  const words = (of: readonly Part[]): readonly string[] => of.map((part) => describePart(part, snapshot));
  return [
    { title: say`Clients`, lines: words(parts.filter((part) => !banded.has(part))) },
    ...bands.map((band) => ({ title: band.title, lines: words(band.parts) })),
    { title: say`Connections`, lines: [...connections(snapshot), ...amongEachOther(snapshot)] },
    {
      title: say`Findings about the cluster`,
      lines: snapshot.graph.marks.map((mark) => say`${severityWord(mark)}: ${mark.message}`),
    },
  ].filter(({ lines }) => lines.length > 0);
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
    const key = `${said(EDGE_WORDS[edge.kind])}${edge.port === '' ? '' : `, ${edge.protocol} ${edge.port}`}`;
    if (edge.kind === 'peer' || edge.kind === 'vrrp') continue;
    const group = groups.get(key) ?? { from: new Set(), to: new Set() };
    group.from.add(label.get(edge.from) ?? edge.from);
    group.to.add(label.get(edge.to) ?? edge.to);
    groups.set(key, group);
  }
  return [...groups].map(([key, { from, to }]) => {
    const [left, right] = [[...from].join(', '), [...to].join(', ')];
    if (left === right) return say`${key}: ${left}, each to its own`;
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
    return edges.length === 0
      ? []
      : [`${said(EDGE_WORDS[kind])}${port === '' ? '' : `, TCP ${port}`}: ${names.join(', ')}`];
  });
}

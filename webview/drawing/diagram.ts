import { say } from '../../src/core/base/say';
import type { Part, TopologySnapshot, Wire } from '../../src/contract/messages';
import { markup, type Markup } from './markup';
import { renderPart } from './parts';

/** What the user points at, beside the snapshot. */
export interface Pointing {
  readonly selected?: string;
  readonly highlighted?: string;
  readonly current?: string;
}

/** The picture as keyed pieces, so that only what changed is drawn again. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly ground: readonly Piece[];
  readonly wires: readonly Piece[];
  readonly parts: readonly Piece[];
}

export interface Piece {
  readonly key: string;
  readonly markup: string;
}

export function drawTopology(snapshot: TopologySnapshot, pointing: Pointing): Drawing {
  const { layout } = snapshot;
  const drawn = drawnParts(snapshot);
  const current = drawn.some((p) => p.id === pointing.current) ? pointing.current : drawn[0]?.id;
  const down = new Set(snapshot.survival.failed);
  const dead = new Set(snapshot.graph.edges.filter((e) => down.has(e.from) || down.has(e.to)).map((e) => e.id));
  const isDead = (wire: Wire): boolean => wire.edges.length > 0 && wire.edges.every((id) => dead.has(id));
  // Dead wires first: where one shares its way with a live one, the live one shows.
  const wires = [...layout.wires].sort((a, b) => Number(isDead(b)) - Number(isDead(a)));
  return {
    width: layout.width,
    height: layout.height,
    ground: [
      ...layout.bands.map((b) =>
        piece(
          `band:${b.id}`,
          markup`<g class="band" data-band="${b.id}"><rect x="${b.x}" y="${b.y}" width="${b.width}" height="${b.height}" rx="8"/>${bandTitle(b)}</g>`,
        ),
      ),
      ...layout.frames.map((f) => piece(`frame:${f.id}`, frame(f.label, f, snapshot))),
      ...(layout.ring === undefined ? [] : [piece('ring', ring(layout.ring, snapshot))]),
    ],
    wires: [
      ...wires.map((w) =>
        piece(
          w.id,
          markup`<path class="wire wire-${w.kind}${isDead(w) ? ' down' : ''}" d="${rounded(w.points)}"${w.arrow ? markup` marker-end="url(#arrow)"` : undefined}/>`,
        ),
      ),
      ...layout.labels.map((l, i) =>
        piece(
          `label:${i}`,
          markup`<text class="wire-label" x="${l.x}" y="${l.y}" text-anchor="${l.anchor}">${l.text}</text>`,
        ),
      ),
    ],
    parts: drawn.map((part) => {
      const box = layout.boxes[part.id];
      if (box === undefined) return piece(part.id, markup``);
      return piece(
        part.id,
        renderPart({
          part,
          box,
          snapshot,
          selected: part.id === pointing.selected,
          highlighted: part.id === pointing.highlighted,
          current: part.id === current,
        }),
      );
    }),
  };
}

/** Parts that have a place, in reading order. */
export function drawnParts(snapshot: TopologySnapshot): readonly Part[] {
  const { boxes } = snapshot.layout;
  const at = (part: Part): readonly [number, number] => [boxes[part.id]?.y ?? 0, boxes[part.id]?.x ?? 0];
  return snapshot.graph.parts
    .filter((part) => boxes[part.id] !== undefined)
    .sort((a, b) => at(a)[0] - at(b)[0] || at(a)[1] - at(b)[1]);
}

function piece(key: string, content: Markup): Piece {
  return { key, markup: content.markup };
}

function bandTitle({ x, y, title, note, above = false }: TopologySnapshot['layout']['bands'][number]): Markup {
  return above
    ? markup`<text class="band-title" x="${x + 8}" y="${y + 17}">${title}${note === '' ? undefined : markup`<tspan class="band-note" dx="8">${note}</tspan>`}</text>`
    : markup`<text class="band-title" x="${x + 16}" y="${y + 30}">${title}</text><text x="${x + 16}" y="${y + 48}">${note}</text>`;
}

function frame(label: string, box: TopologySnapshot['layout']['frames'][number], snapshot: TopologySnapshot): Markup {
  // The first frame of a zone carries the zone's own part as its title.
  const titled = snapshot.graph.parts.some((p) => {
    const chip = p.kind === 'zone' ? snapshot.layout.boxes[p.id] : undefined;
    return (
      chip !== undefined &&
      chip.x >= box.x &&
      chip.x < box.x + box.width &&
      chip.y >= box.y &&
      chip.y < box.y + box.height
    );
  });
  return markup`<g class="frame"><rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="6"/>${titled || label === '' ? undefined : markup`<text x="${box.x + 12}" y="${box.y + 20}">${label}</text>`}</g>`;
}

function ring(box: NonNullable<TopologySnapshot['layout']['ring']>, snapshot: TopologySnapshot): Markup {
  const quorum = snapshot.survival.quorum;
  const lost = quorum !== undefined && quorum.margin < 0;
  // A narrow picture has no members on its ring.
  const low = box.height < 40;
  const middle = box.x + box.width / 2;
  const port = snapshot.graph.edges.find((e) => e.kind === 'peer')?.port;
  const changed = quorum !== undefined && quorum.alive < quorum.members;
  const caption = changed
    ? lost
      ? say`${quorum.alive} of ${quorum.members} up · quorum ${quorum.needed} is lost`
      : quorum.margin === 0
        ? say`${quorum.alive} of ${quorum.members} up · quorum ${quorum.needed} · no more may fail`
        : say`${quorum.alive} of ${quorum.members} up · quorum ${quorum.needed} · ${quorum.margin} more may fail`
    : snapshot.head.base === 'last known'
      ? say`how its members are is not known`
      : box.caption;
  return markup`<g class="ring${lost ? ' down' : ''}"><rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="${Math.min(24, box.height / 2)}"/><text class="ring-caption" x="${middle}" y="${box.y + (low ? 20 : 43)}" text-anchor="middle">${caption}</text>${port === undefined || low ? undefined : markup`<text class="wire-label" x="${middle}" y="${box.y + 62}" text-anchor="middle">${say`between members TCP ${port}`}</text>`}</g>`;
}

const RADIUS = 7;

/** Right angles with rounded corners. */
function rounded(points: Wire['points']): string {
  return points
    .map(([x, y], i) => {
      const before = points[i - 1];
      const after = points[i + 1];
      if (before === undefined) return `M${x} ${y}`;
      if (after === undefined) return `L${x} ${y}`;
      const [x1, y1] = toward([x, y], before);
      const [x2, y2] = toward([x, y], after);
      return `L${x1} ${y1}Q${x} ${y} ${x2} ${y2}`;
    })
    .join('');
}

function toward([x, y]: readonly [number, number], [tx, ty]: readonly [number, number]): readonly [number, number] {
  const distance = Math.hypot(tx - x, ty - y);
  const step = Math.min(RADIUS, distance / 2);
  return distance === 0 ? [x, y] : [x + ((tx - x) / distance) * step, y + ((ty - y) / distance) * step];
}

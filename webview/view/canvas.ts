import type { Drawing, Piece } from './diagram';

const SVG = 'http://www.w3.org/2000/svg';

export interface Canvas {
  readonly svg: SVGSVGElement;
  draw(drawing: Drawing): void;
  move(zoom: number, x: number, y: number): void;
}

interface Layer {
  readonly group: SVGGElement;
  keys: string;
  readonly drawn: Map<string, { markup: string; readonly holder: Element }>;
}

/** The SVG element of the diagram. Drawing again touches only pieces that changed and keeps the focus. */
export function createCanvas(): Canvas {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'diagram');
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', 'Topology diagram');
  svg.setAttribute('aria-describedby', 'keys');
  svg.innerHTML = '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5 7.5 4 0 7.5z"/></marker></defs>';
  const world = svg.appendChild(document.createElementNS(SVG, 'g'));
  world.setAttribute('class', 'world');
  const layers = { ground: layer(world), wires: layer(world), parts: layer(world) };
  return {
    svg,
    draw: (drawing) => {
      const focused = document.activeElement?.closest('[data-part]')?.getAttribute('data-part');
      patch(layers.ground, drawing.ground);
      patch(layers.wires, drawing.wires);
      patch(layers.parts, drawing.parts);
      if (focused !== undefined && focused !== null && document.activeElement?.closest('[data-part]')?.getAttribute('data-part') !== focused) {
        world.querySelector<SVGGElement>(`[data-part="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      }
    },
    move: (zoom, x, y) => {
      world.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    },
  };
}

function layer(world: SVGGElement): Layer {
  return { group: world.appendChild(document.createElementNS(SVG, 'g')), keys: '', drawn: new Map() };
}

function patch(target: Layer, pieces: readonly Piece[]): void {
  const keys = pieces.map((p) => p.key).join('\n');
  if (keys !== target.keys) {
    target.keys = keys;
    target.group.innerHTML = pieces.map((p) => `<g>${p.markup}</g>`).join('');
    target.drawn.clear();
    pieces.forEach((p, i) => {
      const holder = target.group.children[i];
      if (holder !== undefined) target.drawn.set(p.key, { markup: p.markup, holder });
    });
    return;
  }
  for (const { key, markup } of pieces) {
    const old = target.drawn.get(key);
    if (old === undefined || old.markup === markup) continue;
    old.holder.innerHTML = markup;
    old.markup = markup;
  }
}

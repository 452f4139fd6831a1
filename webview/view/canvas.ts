import type { Box } from '../../src/contract/messages';
import type { Viewport } from '../store';
import type { Drawing, Piece } from './diagram';
import type { Size } from './viewport';

const SVG = 'http://www.w3.org/2000/svg';

export interface Canvas {
  readonly svg: SVGSVGElement;
  draw(drawing: Drawing): void;
  /** `window` is the size of the window onto the picture. */
  move(view: Viewport, window: Size): void;
}

/** With more parts than this only those near the window are drawn, and their texts only as long as one can read them. */
const MANY_PARTS = 300;
const READABLE_ZOOM = 0.4;

interface Layer {
  readonly group: SVGGElement;
  keys: string;
  /** What is shown while not everything is. */
  near?: Box;
  readonly drawn: Map<string, { markup: string; readonly holder: Element; readonly box: Box | undefined }>;
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
    move: ({ zoom, x, y }, window) => {
      world.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
      const many = layers.parts.drawn.size > MANY_PARTS;
      svg.classList.toggle('far', many && zoom < READABLE_ZOOM);
      if (!many) return;
      const visible = { x: -x / zoom, y: -y / zoom, width: window.width / zoom, height: window.height / zoom };
      if (layers.parts.near !== undefined && contains(layers.parts.near, visible)) return;
      // A window more on each side, so that not every move has to look again.
      layers.parts.near = { x: visible.x - visible.width, y: visible.y - visible.height, width: 3 * visible.width, height: 3 * visible.height };
      for (const { holder, box } of layers.parts.drawn.values()) if (box !== undefined) holder.classList.toggle('out-of-sight', !meets(layers.parts.near, box));
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
    delete target.near;
    pieces.forEach((p, i) => {
      const holder = target.group.children[i];
      if (holder !== undefined) target.drawn.set(p.key, { markup: p.markup, holder, box: p.box });
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

function contains(outer: Box, inner: Box): boolean {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
}

function meets(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

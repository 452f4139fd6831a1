import { say } from '../../src/core/base/say';
import type { Viewport } from '../store';
import type { Drawing, Piece } from '../drawing/diagram';
import { element } from './element';

const SVG = 'http://www.w3.org/2000/svg';

export interface Canvas {
  /** The window onto the picture: what does not fit into it is cut off. */
  readonly element: HTMLElement;
  readonly svg: SVGSVGElement;
  draw(drawing: Drawing): void;
  move(view: Viewport): void;
}

/** With more parts than this, those too small to be read show no text. */
const MANY_PARTS = 300;
const READABLE_ZOOM = 0.4;

/** After the last move for so long, the picture is drawn sharp at its new size. */
const SETTLED_MS = 150;

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
  svg.setAttribute('aria-label', say`Topology diagram`);
  svg.setAttribute('aria-describedby', 'keys');
  svg.innerHTML =
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5 7.5 4 0 7.5z"/></marker></defs>';
  const layers = { ground: layer(svg), wires: layer(svg), parts: layer(svg) };
  const world = element('div', 'world');
  world.append(svg);
  let shown = '';
  let scale = 1;
  const leaveOutTexts = (): void =>
    void svg.classList.toggle('far', layers.parts.drawn.size > MANY_PARTS && scale < READABLE_ZOOM);
  const settle = (): void => {
    world.classList.remove('moving');
    leaveOutTexts();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    element: element('div', 'canvas', world),
    svg,
    draw: (drawing) => {
      const focused = document.activeElement?.closest('[data-part]')?.getAttribute('data-part');
      for (const [side, length] of [
        ['width', drawing.width],
        ['height', drawing.height],
      ] as const) {
        // Setting even the same size lays the whole picture out again.
        if (svg.getAttribute(side) !== String(length)) svg.setAttribute(side, String(length));
      }
      patch(layers.ground, drawing.ground);
      patch(layers.wires, drawing.wires);
      patch(layers.parts, drawing.parts);
      leaveOutTexts();
      if (
        focused !== undefined &&
        focused !== null &&
        document.activeElement?.closest('[data-part]')?.getAttribute('data-part') !== focused
      ) {
        svg.querySelector<SVGGElement>(`[data-part="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      }
    },
    move: ({ zoom, x, y }) => {
      const transform = `translate(${x}px, ${y}px) scale(${zoom})`;
      if (transform === shown) return;
      world.style.transform = transform;
      // While it moves, the picture is carried as a whole: text would be laid out anew for every step of a zoom.
      world.classList.toggle('moving', shown !== '');
      shown = transform;
      scale = zoom;
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLED_MS);
    },
  };
}

function layer(svg: SVGSVGElement): Layer {
  return { group: svg.appendChild(document.createElementNS(SVG, 'g')), keys: '', drawn: new Map() };
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

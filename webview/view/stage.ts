import { say } from '../../src/core/base/say';
import type { TopologySnapshot } from '../../src/contract/messages';
import { listenToKeys } from '../a11y/keys';
import { neighbor } from '../a11y/roving';
import type { Commands } from '../commands';
import type { State, Store } from '../store';
import { createCanvas, type Canvas } from './canvas';
import { drawTopology, drawnParts } from '../drawing/diagram';
import { element } from './element';
import { offerMenu } from './contextMenu';
import { listenToGestures } from './gestures';
import type { Size } from './viewport';

export interface Stage {
  readonly element: HTMLElement;
  draw(snapshot: TopologySnapshot, state: State): void;
  /** Follows the window onto the picture. */
  move(): void;
  /** Of the window onto the picture. */
  size(): Size;
  hide(hidden: boolean): void;
}

/** The picture and what mouse and keys do in it. */
export function createStage(store: Store, commands: Commands): Stage {
  const canvas = createCanvas();
  const waiting = element('p', 'waiting', say`Waiting for the cluster file…`);
  const holder = element('section', 'stage', waiting, canvas.element);
  holder.setAttribute('aria-label', say`Diagram`);
  const move = (): void => canvas.move(commands.viewport());
  new ResizeObserver(move).observe(holder);
  connectMouse(canvas, store, commands);
  connectKeys(canvas, store, commands);
  offerMenu(canvas.svg, store);
  return {
    element: holder,
    draw: (snapshot, state) => {
      waiting.hidden = true;
      canvas.draw(drawTopology(snapshot, state));
    },
    move,
    size: () => ({ width: holder.clientWidth, height: holder.clientHeight }),
    hide: (hidden) => holder.classList.toggle('hidden', hidden),
  };
}

function connectMouse({ element: target, svg }: Canvas, store: Store, commands: Commands): void {
  /** Whether a point of the window lies on the servers, where an agent becomes one. */
  const overServers = (x: number, y: number): boolean => {
    const band = store.get().snapshot?.layout.bands.find(({ id }) => id === 'servers');
    const view = commands.viewport();
    const [wx, wy] = [(x - view.x) / view.zoom, (y - view.y) / view.zoom];
    return (
      band !== undefined && wx >= band.x && wx <= band.x + band.width && wy >= band.y && wy <= band.y + band.height
    );
  };
  const place = (id: string, dx: number, dy: number): void => {
    const box = store.get().snapshot?.layout.boxes[id];
    if (box !== undefined) partIn(svg, id)?.setAttribute('transform', `translate(${box.x + dx} ${box.y + dy})`);
  };
  listenToGestures(target, {
    grab: (from) => {
      const id = partUnder(from);
      return commands.partOf(id)?.kind === 'agent' ? id : undefined;
    },
    carry: (id, dx, dy, x, y) => {
      const { zoom } = commands.viewport();
      place(id, dx / zoom, dy / zoom);
      svg.classList.add('carrying');
      svg.classList.toggle('dropping', overServers(x, y));
    },
    drop: (id, at) => {
      place(id, 0, 0);
      svg.classList.remove('carrying', 'dropping');
      if (at !== undefined && overServers(at.x, at.y)) commands.change('promote', id);
    },
    pan: commands.pan,
    zoom: commands.zoom,
    click: (at) => {
      const group = at.closest('[data-expand]')?.getAttribute('data-expand');
      if (group !== null && group !== undefined) commands.toggleGroup(group);
      else commands.select(partUnder(at));
    },
  });
}

function connectKeys({ element: holder, svg }: Canvas, store: Store, commands: Commands): void {
  const ids = (): readonly string[] => {
    const { snapshot } = store.get();
    return snapshot === undefined ? [] : drawnParts(snapshot).map((p) => p.id);
  };
  const current = (): string | undefined => {
    const drawn = ids();
    return drawn.find((id) => id === store.get().current) ?? drawn[0];
  };
  const focus = (id: string | undefined): void => {
    const box = store.get().snapshot?.layout.boxes[id ?? ''];
    if (id === undefined || box === undefined) return;
    store.update({ current: id });
    commands.reveal(box);
    partIn(svg, id)?.focus({ preventScroll: true });
  };
  const withCurrent = (run: (id: string) => void) => (): void => {
    const id = current();
    if (id !== undefined) run(id);
  };
  listenToKeys(svg, {
    go: (direction) => {
      const { snapshot } = store.get();
      const from = current();
      if (snapshot !== undefined && from !== undefined) focus(neighbor(snapshot.layout.boxes, ids(), from, direction));
    },
    first: () => focus(ids()[0]),
    last: () => focus(ids().at(-1)),
    select: withCurrent(commands.select),
    open: withCurrent(commands.open),
    fail: withCurrent(commands.toggleFailure),
    expand: withCurrent(commands.toggleGroup),
    clear: () => commands.fail([]),
    zoom: commands.zoom,
    fit: commands.fit,
    pan: commands.pan,
  });
  // Not of the picture itself: a picture that listens to the focus becomes a stop of the Tab key, with nothing to see there.
  holder.addEventListener('focusin', ({ target }) => {
    const id = target instanceof Element ? partUnder(target) : undefined;
    if (id !== undefined && id !== store.get().current) store.update({ current: id });
  });
}

function partUnder(target: Element): string | undefined {
  return target.closest('[data-part]')?.getAttribute('data-part') ?? undefined;
}

function partIn(svg: SVGSVGElement, id: string): SVGGElement | null {
  return svg.querySelector<SVGGElement>(`[data-part="${CSS.escape(id)}"]`);
}

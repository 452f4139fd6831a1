import { say } from '../src/core/base/say';
import type { Box, Change, Part } from '../src/contract/messages';
import type { Host } from './host';
import type { Store, Viewport } from './store';
import { canFail } from './drawing/describe';
import { pngOf } from './view/exportPng';
import { exportSvg } from './drawing/exportSvg';
import type { Export } from './view/exports';
import { bringIntoView, fitAll, fitReadable, keepInSight, zoomAt, type Size } from './view/viewport';

/** Everything that mouse, keys and buttons can do. */
export interface Commands {
  /** Where the window onto the picture stands now. */
  viewport(): Viewport;
  /** Around a point of the window, else around its middle. */
  zoom(factor: number, x?: number, y?: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  /** Moves the window as little as needed to show a part of the picture. */
  reveal(box: Box): void;
  partOf(id: string | undefined): Part | undefined;
  /** Undefined selects nothing. */
  select(id: string | undefined): void;
  /** Goes to the lines of a part in the file. */
  open(id: string): void;
  /** Lets exactly these parts fail. */
  fail(partIds: readonly string[]): void;
  toggleFailure(id: string): void;
  toggleGroup(id: string): void;
  /** Asks the editor to change the file. */
  change(kind: Change, partId?: string, ruleId?: string): void;
  act(id: string): void;
  exportPicture(wanted: Export): void;
}

export interface Surroundings {
  /** Size of the window onto the picture. */
  windowSize(): Size;
  /** Pixels at its lower edge that something else covers. */
  covered(): number;
  /** The editor was asked for something that it answers. */
  asked(): void;
  /** Says something to everyone. */
  tell(words: string): void;
}

export function createCommands(store: Store, host: Host, { windowSize, covered, asked, tell }: Surroundings): Commands {
  const snapshot = () => store.get().snapshot;
  const viewport = (): Viewport => {
    const state = store.get();
    return (
      state.viewport ??
      (state.snapshot === undefined
        ? { zoom: 1, x: 0, y: 0 }
        : fitReadable(state.snapshot.layout, windowSize(), state.narrow !== undefined))
    );
  };
  const look = (view: Viewport): void => {
    const shown = snapshot();
    store.update({ viewport: shown === undefined ? view : keepInSight(view, shown.layout, windowSize()) });
  };
  const fail = (partIds: readonly string[]): void => {
    store.update({ chosen: partIds });
    host.post({ type: 'fail', partIds });
    asked();
  };
  const partOf = (id: string | undefined): Part | undefined => snapshot()?.graph.parts.find((p) => p.id === id);
  return {
    viewport,
    zoom: (factor, x = windowSize().width / 2, y = windowSize().height / 2) => look(zoomAt(viewport(), factor, x, y)),
    pan: (dx, dy) => {
      const view = viewport();
      look({ ...view, x: view.x + dx, y: view.y + dy });
    },
    fit: () => {
      const shown = snapshot();
      if (shown !== undefined) store.update({ viewport: fitAll(shown.layout, windowSize()) });
    },
    reveal: (box) => {
      const view = viewport();
      const { width, height } = windowSize();
      const moved = bringIntoView(view, box, { width, height: height - covered() });
      if (moved.x !== view.x || moved.y !== view.y) store.update({ viewport: moved });
    },
    partOf,
    select: (id) => {
      if (id === undefined) return store.update({ selected: undefined });
      store.update({ selected: id, current: id });
      host.post({ type: 'select', partId: id, open: false });
    },
    open: (id) => {
      store.update({ selected: id, current: id });
      host.post({ type: 'select', partId: id, open: true });
    },
    fail,
    toggleFailure: (id) => {
      const part = partOf(id);
      const { chosen } = store.get();
      if (part !== undefined && canFail(part)) fail(toggled(chosen, id));
    },
    toggleGroup: (id) => {
      if (partOf(id)?.kind === 'agents') store.update({ expanded: toggled(store.get().expanded, id) });
    },
    change: (kind, partId, ruleId) =>
      host.post({
        type: 'edit',
        change: kind,
        ...(partId === undefined ? {} : { partId }),
        ...(ruleId === undefined ? {} : { ruleId }),
      }),
    act: (id) => {
      const { selected } = store.get();
      host.post({ type: 'action', id, ...(selected === undefined ? {} : { partId: selected }) });
    },
    exportPicture: ({ format, to }) => {
      const shown = snapshot();
      if (shown === undefined) return;
      if (format === 'mermaid') return host.post({ type: 'export', format, to });
      const svg = exportSvg(shown);
      if (format === 'svg') return host.post({ type: 'export', format, to, content: svg });
      void pngOf(svg, shown.layout.width, shown.layout.height).then(
        (content) => host.post({ type: 'export', format, to, content }),
        () => tell(say`This editor could not draw the picture as PNG. Export it as SVG.`),
      );
    },
  };
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

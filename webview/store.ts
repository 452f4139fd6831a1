import type { TopologySnapshot, ViewState } from '../src/contract/messages';

/** All that the page knows. */
export interface State {
  readonly snapshot?: TopologySnapshot;
  /** The cluster file, also before its first snapshot. */
  readonly file?: string;
  readonly selected?: string;
  /** Where the editor's cursor stands. */
  readonly highlighted?: string;
  /** The part that the Tab key reaches. */
  readonly current?: string;
  readonly expanded: readonly string[];
  readonly chosen: readonly string[];
  readonly showList: boolean;
  /** Width of the window in pixels where it is narrow. */
  readonly narrow?: number | undefined;
  /** Undefined: the picture fits the window. */
  readonly viewport?: Viewport | undefined;
}

export interface Viewport {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export interface Store {
  get(): State;
  update(change: Partial<State>): void;
  subscribe(listener: (state: State, before: State) => void): void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners: ((state: State, before: State) => void)[] = [];
  return {
    get: () => state,
    update: (change) => {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before);
    },
    subscribe: (listener) => listeners.push(listener),
  };
}

/** The state of an earlier life of the page, in a window of this width; a part of the picture is looked at only in the same layout. */
export function restoreState(saved: ViewState | undefined, narrow: number | undefined): State {
  const width = narrow === undefined ? {} : { narrow };
  if (saved === undefined) return { expanded: [], chosen: [], showList: false, ...width };
  const { file, zoom, panX, panY, selected, expanded, chosen, showList } = saved;
  const viewport =
    zoom === undefined || panX === undefined || panY === undefined || saved.narrow !== narrow
      ? {}
      : { viewport: { zoom, x: panX, y: panY } };
  return {
    expanded,
    chosen,
    showList,
    ...(file === undefined ? {} : { file }),
    ...(selected === undefined ? {} : { selected }),
    ...viewport,
    ...width,
  };
}

export function viewStateOf(state: State): ViewState {
  const { file, viewport, selected, expanded, chosen, showList, narrow } = state;
  return {
    expanded,
    chosen,
    showList,
    ...(file === undefined ? {} : { file }),
    ...(selected === undefined ? {} : { selected }),
    ...(narrow === undefined ? {} : { narrow }),
    ...(viewport === undefined ? {} : { zoom: viewport.zoom, panX: viewport.x, panY: viewport.y }),
  };
}

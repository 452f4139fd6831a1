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
  /** Undefined: the picture fits the window. */
  readonly viewport?: Viewport;
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

export function restoreState(saved: ViewState | undefined): State {
  if (saved === undefined) return { expanded: [], chosen: [], showList: false };
  const { file, zoom, panX, panY, selected, expanded, chosen, showList } = saved;
  const viewport =
    zoom === undefined || panX === undefined || panY === undefined ? {} : { viewport: { zoom, x: panX, y: panY } };
  return {
    expanded,
    chosen,
    showList,
    ...(file === undefined ? {} : { file }),
    ...(selected === undefined ? {} : { selected }),
    ...viewport,
  };
}

export function viewStateOf(state: State): ViewState {
  const { file, viewport, selected, expanded, chosen, showList } = state;
  return {
    expanded,
    chosen,
    showList,
    ...(file === undefined ? {} : { file }),
    ...(selected === undefined ? {} : { selected }),
    ...(viewport === undefined ? {} : { zoom: viewport.zoom, panX: viewport.x, panY: viewport.y }),
  };
}

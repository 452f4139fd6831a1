import { isToWebview, isViewState, type FromWebview, type ToWebview, type ViewState } from '../src/contract/messages';

/** The editor as the page sees it. */
export interface Host {
  post(message: FromWebview): void;
  save(state: ViewState): void;
  /** State of an earlier life of this page, if it is one that we understand. */
  readonly restored: ViewState | undefined;
  /** Calls `listener` for every message with a known shape. */
  listen(listener: (message: ToWebview) => void): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** May be called once in the life of a page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  const state = api.getState();
  return {
    post: (message) => api.postMessage(message),
    save: (next) => api.setState(next),
    restored: isViewState(state) ? state : undefined,
    listen: (listener) =>
      window.addEventListener('message', (event) => {
        if (isToWebview(event.data)) listener(event.data);
      }),
  };
}

import { isFromWebview, type FromWebview, type StatusChange, type TopologySnapshot } from '../../src/contract/messages';

/** The real core, bundled by the tests and loaded before this script. */
declare const topologyCore: {
  readonly names: readonly string[];
  snapshot(
    name: string,
    chosen: readonly string[],
    expanded: readonly string[],
    revision: number,
    narrow: number | undefined,
  ): TopologySnapshot;
  agentChange(before: TopologySnapshot, index: number): StatusChange;
};

interface HarnessWindow extends Window {
  acquireVsCodeApi?: () => unknown;
  /** Everything the page has posted, for tests. */
  posted?: FromWebview[];
  /** Messages of an unknown shape that the page has posted: always empty in a page that works. */
  refused?: unknown[];
  /** Shows another scenario in the same page. */
  showScenario?: (name: string) => void;
  /** True: messages arrive and nobody answers. */
  deaf?: boolean;
  /** Tells another state of one agent; for measurements. */
  changeStatus?: (index: number) => void;
}

/** Plays the editor: answers `ready`, `fail` and `viewState` with snapshots, as the extension does. */
function installFakeHost(page: HarnessWindow, first: string): void {
  const posted: FromWebview[] = [];
  const refused: unknown[] = [];
  let scenario = first;
  let chosen: readonly string[] = [];
  let expanded: readonly string[] = [];
  let narrow: number | undefined;
  let revision = 0;
  let last: TopologySnapshot | undefined;
  const send = (): void => {
    const snapshot = (last = topologyCore.snapshot(scenario, chosen, expanded, ++revision, narrow));
    // As in the editor, only what JSON can carry arrives.
    page.postMessage(JSON.parse(JSON.stringify({ type: 'snapshot', snapshot })), '*');
  };
  const answer = (message: FromWebview): void => {
    if (message.type === 'ready') {
      chosen = message.state?.chosen ?? [];
      expanded = message.state?.expanded ?? [];
      narrow = message.state?.narrow;
      send();
    } else if (message.type === 'fail') {
      chosen = message.partIds;
      send();
    } else if (
      message.type === 'viewState' &&
      (message.state.expanded.join() !== expanded.join() || message.state.narrow !== narrow)
    ) {
      expanded = message.state.expanded;
      narrow = message.state.narrow;
      send();
    }
  };
  page.posted = posted;
  page.refused = refused;
  page.showScenario = (name) => {
    scenario = name;
    chosen = [];
    send();
  };
  page.changeStatus = (index) => {
    if (last === undefined) return;
    const change = topologyCore.agentChange(last, index);
    revision = change.revision;
    last = { ...last, revision, status: { ...last.status, ...change.status } };
    page.postMessage(JSON.parse(JSON.stringify({ type: 'status', change })), '*');
  };
  let state: unknown = readState();
  page.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => {
      if (!isFromWebview(message)) {
        refused.push(message);
        return;
      }
      posted.push(message);
      if (page.deaf !== true) setTimeout(() => answer(message), 0);
    },
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  });
}

function readState(): unknown {
  try {
    return JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Sets the colors and the body class that the editor would set. */
function applyTheme(name: string): void {
  document.documentElement.dataset['theme'] = name;
  const kind =
    {
      light: 'vscode-light',
      dark: 'vscode-dark',
      dracula: 'vscode-dark',
      'hc-dark': 'vscode-high-contrast',
      'hc-light': 'vscode-high-contrast-light',
    }[name] ?? 'vscode-light';
  document.body.className = kind;
  if (name === 'hc-light') document.body.classList.add('vscode-high-contrast');
}

const query = new URLSearchParams(location.search);
installFakeHost(window, query.get('scenario') ?? 'embedded-3');
document.addEventListener('DOMContentLoaded', () => applyTheme(query.get('theme') ?? 'light'));

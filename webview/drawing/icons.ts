import type { NodeState, Outcome, PartKind } from '../../src/contract/messages';
import { markup, type Markup } from './markup';

/** Part icons: 20 × 20, drawn with the current color. */
const PART: Record<PartKind, Markup> = {
  clients: markup`<path d="M2.5 4.5h15v11h-15z"/><path d="m5.5 8 2.5 2.2-2.5 2.2M10 12.6h4"/>`,
  'load-balancer': markup`<circle cx="10" cy="4" r="2"/><circle cx="4" cy="16" r="2"/><circle cx="10" cy="16" r="2"/><circle cx="16" cy="16" r="2"/><path d="M10 6v8M10 9.5H4V14M10 9.5h6V14"/>`,
  'balancer-host': markup`<path d="M3 6.5h14v7H3zM6 10h.01M9 10h5"/>`,
  address: markup`<path d="M10 2.5a5 5 0 0 1 5 5c0 3.5-5 10-5 10s-5-6.5-5-10a5 5 0 0 1 5-5z"/><circle cx="10" cy="7.5" r="1.6"/>`,
  server: markup`<path d="M3 3h14v6H3zM3 11h14v6H3zM6 6h.01M6 14h.01M10 6h4M10 14h4"/>`,
  'etcd-member': markup`<circle cx="10" cy="10" r="6.5"/><circle cx="10" cy="10" r="1.8" class="filled"/>`,
  database: markup`<ellipse cx="10" cy="4.8" rx="6.5" ry="2.3"/><path d="M3.5 4.8v10.4c0 1.3 2.9 2.3 6.5 2.3s6.5-1 6.5-2.3V4.8M3.5 10c0 1.3 2.9 2.3 6.5 2.3s6.5-1 6.5-2.3"/>`,
  sqlite: markup`<path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5M7.5 13.5h5"/>`,
  agents: markup`<path d="M6.5 6.5h10v10h-10zM3.5 13.5v-10h10"/>`,
  agent: markup`<path d="M4 4h12v12H4zM8 1.8V4M12 1.8V4M8 16v2.2M12 16v2.2M1.8 8H4M1.8 12H4M16 8h2.2M16 12h2.2"/>`,
  network: markup`<path d="M2.5 10h4M13.5 10h4M6.5 6v8M13.5 6v8"/>`,
  zone: markup`<path d="M3 3h5M3 3v5M17 3h-5M17 3v5M3 17h5M3 17v-5M17 17h-5M17 17v-5"/>`,
};

/** State icons: 16 × 16; every state has a shape of its own, so that color is never needed to tell them apart. */
const STATE: Record<NodeState, Markup> = {
  planned: markup`<circle cx="8" cy="8" r="6.5" stroke-dasharray="2.6 2.4"/><path d="M8 4.5V8l2.5 1.5"/>`,
  unknown: markup`<circle cx="8" cy="8" r="6.5"/><path d="M6 6.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.6h.01"/>`,
  absent: markup`<circle cx="8" cy="8" r="6.5" stroke-dasharray="2.6 2.4"/>`,
  installing: markup`<path d="M2 2h12v12H2zM8 4.8v6M5.4 8.4 8 11l2.6-2.6"/>`,
  starting: markup`<circle cx="8" cy="8" r="6.5"/><path class="filled" d="M8 1.5a6.5 6.5 0 0 1 0 13z"/>`,
  'not-ready': markup`<path d="M8 1.8 15 14H1zM8 6v4M8 12h.01"/>`,
  ready: markup`<circle cx="8" cy="8" r="6.5"/><path d="m5 8.2 2.1 2.1L11 6"/>`,
  failed: markup`<path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM5.5 5.5l5 5M10.5 5.5l-5 5"/>`,
};

const OUTCOME: Record<Outcome, NodeState> = { yes: 'ready', partly: 'not-ready', no: 'failed', unknown: 'unknown' };

export function partIcon(kind: PartKind): Markup {
  return PART[kind];
}

export function stateIcon(state: NodeState): Markup {
  return STATE[state];
}

/** A state icon as a picture of its own, for text outside the diagram. */
export function stateSvg(state: NodeState): Markup {
  return markup`<svg class="icon state-${state}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${STATE[state]}</svg>`;
}

export type ControlSign = 'zoomIn' | 'zoomOut' | 'fit' | 'list' | 'picture';

const CONTROL: Record<ControlSign, Markup> = {
  zoomIn: markup`<path d="M8 3v10M3 8h10"/>`,
  zoomOut: markup`<path d="M3 8h10"/>`,
  fit: markup`<path d="M2 5.5V2h3.5M10.5 2H14v3.5M14 10.5V14h-3.5M5.5 14H2v-3.5"/>`,
  list: markup`<path d="M5.5 4H14M5.5 8H14M5.5 12H14M2.2 4h.01M2.2 8h.01M2.2 12h.01"/>`,
  picture: markup`<path d="M5.5 2h5v3.5h-5zM2 10.5h4V14H2zM10 10.5h4V14h-4zM8 5.5V8M4 10.5V8h8v2.5"/>`,
};

/** The sign on a control of the view. */
export function controlSvg(sign: ControlSign): Markup {
  return markup`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${CONTROL[sign]}</svg>`;
}

export function outcomeSvg(outcome: Outcome): Markup {
  return stateSvg(OUTCOME[outcome]);
}

/** Filled: the file proves it; hollow: one address that may hide a redundant service. */
export function singlePointIcon(certain: boolean): Markup {
  return certain
    ? markup`<path class="filled" d="M8 1.5 14.5 8 8 14.5 1.5 8z"/>`
    : markup`<path d="M8 1.5 14.5 8 8 14.5 1.5 8z"/>`;
}

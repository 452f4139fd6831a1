import { describe, expect, it } from 'vitest';
import { topologyHtml } from '../../../src/contract/html';
import { isFromWebview, isToWebview } from '../../../src/contract/messages';
import type { Cluster } from '../../../src/core/cluster/cluster';
import type { TopologySnapshot } from '../../../src/core/topology/model';
import { wholeSnapshot } from './wholeSnapshot';
import { CLUSTERS } from './clusters';

function snapshotOf(name: string, chosen: readonly string[] = [], expanded: readonly string[] = []): TopologySnapshot {
  const source = CLUSTERS[name] as Cluster;
  return wholeSnapshot({
    cluster: source,
    findings: [{ ruleId: 'r', severity: 'warning', message: 'm', path: ['servers', 'nodes', 0], part: 'value' }],
    statuses: [{ id: 'server-1', state: 'ready', words: 'ready' }],
    chosen,
    expanded,
    revision: 1,
    file: 'file:///edge.k3s.yaml',
    title: 'edge',
    simulated: true,
    drift: [],
    run: { phase: 'running', words: 'Starting', done: 1, total: 2 },
    actions: [{ id: 'provision', label: 'Provision…', primary: true }],
  });
}

describe('messages to the webview', () => {
  it.each(Object.keys(CLUSTERS))('the snapshot of %s passes its guard, also after JSON', (name) => {
    const message = { type: 'snapshot', snapshot: snapshotOf(name, ['server:server-1']) };
    expect(isToWebview(message)).toBe(true);
    expect(isToWebview(JSON.parse(JSON.stringify(message)))).toBe(true);
  });

  it('anything else is refused', () => {
    const snapshot = snapshotOf('embedded-3');
    const change = {
      revision: 2,
      after: 1,
      status: {},
      without: [],
      simulated: false,
      drift: [],
      run: { phase: 'idle', words: '' },
      actions: [],
      head: snapshot.head,
    };
    expect(isToWebview({ type: 'status', change })).toBe(true);
    const simulation = { 'server-1': { marks: ['cut'], words: ['Simulation: cut off from the network'] } };
    expect(isToWebview({ type: 'status', change: { ...change, simulation } })).toBe(true);
    const bad: unknown[] = [
      undefined,
      null,
      'snapshot',
      [],
      {},
      { type: 'snapshot' },
      { type: 'other' },
      { type: 'highlight', partId: 1 },
      { type: 'status' },
      { type: 'status', change: { ...change, after: undefined } },
      { type: 'status', change: { ...change, simulation: { 'server-1': ['cut'] } } },
      { type: 'status', change: { ...change, without: [1] } },
      { type: 'status', change: { ...change, status: { a: { state: 'happy', words: '' } } } },
      { type: 'status', change: { ...change, head: { ...snapshot.head, mode: 'fine' } } },
      { type: 'status', change: { ...change, outlook: { chosen: [] } } },
      { type: 'status', change: { ...change, graph: snapshot.graph } },
      { type: 'snapshot', snapshot: { ...snapshot, revision: '1' } },
      { type: 'snapshot', snapshot: { ...snapshot, file: undefined } },
      { type: 'snapshot', snapshot: { ...snapshot, password: 'x' } },
      {
        type: 'snapshot',
        snapshot: {
          ...snapshot,
          graph: { ...snapshot.graph, parts: [{ ...snapshot.graph.parts[0], kind: 'planet' }] },
        },
      },
      { type: 'snapshot', snapshot: { ...snapshot, layout: { ...snapshot.layout, width: Number.NaN } } },
    ];
    for (const message of bad) expect(isToWebview(message), JSON.stringify(message)?.slice(0, 80)).toBe(false);
  });
});

describe('messages from the webview', () => {
  const state = { expanded: [], chosen: ['server:a'], showList: false };
  it.each([
    { type: 'ready' },
    { type: 'ready', state },
    { type: 'ready', state: { ...state, file: 'file:///edge.k3s.yaml' } },
    { type: 'select', partId: 'clients', open: true },
    { type: 'fail', partIds: [] },
    { type: 'action', id: 'provision' },
    { type: 'action', id: 'provision', partId: 'server:a' },
    { type: 'viewState', state: { ...state, zoom: 1, panX: 0, panY: 2.5 } },
  ])('accepts %j', (message) => {
    expect(isFromWebview(message)).toBe(true);
  });

  it.each([
    { type: 'select' },
    { type: 'select', partId: 'clients' },
    { type: 'select', partId: 3, open: true },
    { type: 'fail', partIds: 'all' },
    { type: 'fail', partIds: [1] },
    { type: 'action' },
    { type: 'viewState', state: {} },
    { type: 'ready', state: { ...state, zoom: 'big' } },
    { type: 'ready', state: { ...state, file: 1 } },
    { type: 'eval', code: '1' },
    { type: 'ready', extra: 1 },
  ])('refuses %j', (message) => {
    expect(isFromWebview(message)).toBe(false);
  });
});

describe('the snapshot', () => {
  it('carries only parts that are drawn, and a group instead of its members', () => {
    const snapshot = snapshotOf('large');
    expect(snapshot.graph.parts.filter((p) => p.kind === 'agent')).toEqual([]);
    expect(snapshot.graph.parts.find((p) => p.kind === 'agents')?.count).toBe(1000);
    expect(JSON.stringify(snapshot).length).toBeLessThan(20_000);
    expect(snapshotOf('large', [], ['agents']).graph.parts.filter((p) => p.kind === 'agent')).toHaveLength(1000);
  });

  it('drops failures and groups that the file does not have any more', () => {
    const snapshot = snapshotOf('embedded-3', ['server:server-9', 'server:server-1'], ['agents:gone']);
    expect(snapshot.chosen).toEqual(['server:server-1']);
    expect(snapshot.expanded).toEqual([]);
  });

  it('carries no option of the configuration', () => {
    expect(JSON.stringify(snapshotOf('embedded-3'))).not.toContain('tls-san"');
  });
});

describe('the page', () => {
  const html = topologyHtml({
    scriptUri: 'https://x/topology.js?a=1&b=2',
    styleUri: 'https://x/topology.css',
    nonce: 'abc',
    cspSource: 'https://x',
    title: '<b>"edge"</b>',
  });

  it('allows our script by nonce and nothing inline', () => {
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).toContain('script-src &#39;nonce-abc&#39;');
    expect(html).not.toContain('unsafe');
  });

  it('escapes what it is given', () => {
    expect(html).toContain('<title>&#60;b&#62;&#34;edge&#34;&#60;/b&#62;</title>');
    expect(html).toContain('src="https://x/topology.js?a=1&#38;b=2"');
  });
});

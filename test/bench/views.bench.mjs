import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'views, 1000 nodes';

/** Median on an idle machine, in milliseconds. */
const TARGET = 2;

const NOW = Date.parse('2026-02-01T00:00:00Z');

/** What the extension host does until explorer, status bar and diagram are told, with nothing of VS Code itself. */
export async function run() {
  const views = await fromSource(
    'views',
    `
    export { finish } from './src/core/base/steps';
    export { nodesOf } from './src/core/cluster/roles';
    export { parseDocument } from './src/core/document/parse';
    export { createNodeReader } from './src/core/health/nodeReader';
    export { inspectInSteps } from './src/core/language/validate';
    export { pictureOf, snapshotOf, updateOf } from './src/views/diagram';
    export { clusterRow } from './src/views/explorer';
    export { rowChanges } from './src/views/rowChanges';
    export { statusBarEntry } from './src/views/statusBar';`,
  );
  const document = views.parseDocument(clusterText(997));
  const file = { uri: 'file:///bench.k3s.yaml', document, ...views.finish(views.inspectInSteps(document)) };
  const objects = views.nodesOf(file.cluster).map((node) => nodeObject(node, true));
  const { picture } = views.pictureOf(stateOf(file, []), { expanded: [] });
  const groups = picture.graph.parts.filter(({ kind }) => kind === 'agents').map(({ id }) => id);

  const rows = [];
  for (const [drawn, expanded] of [
    ['agents as groups', []],
    ['every agent drawn', groups],
  ]) {
    const view = { expanded, chosen: [] };
    const change = watched(views, file, objects, view);
    change();
    const { p50, p95, runs } = await sample(change, 200);
    const whole = await sample(() => watched(views, again(file), objects, view)(), 10);
    rows.push({
      what: `a Ready change of one of 1,000 nodes: ms of extension host, ${drawn}`,
      value: p50.toFixed(2),
      unit: 'ms',
      note: `p95 ${p95.toFixed(2)} of ${runs}, everything anew ${whole.p50.toFixed(0)}, target ${TARGET} ${p50 <= TARGET ? 'met' : 'missed'}`,
    });
  }
  return rows;
}

/** Shows a cluster with its first call, and with each further one after its 500th node changed, up to the text of the message to the page. */
function watched(views, file, objects, view) {
  const reader = views.createNodeReader();
  const list = [...objects];
  const node = views.nodesOf(file.cluster)[499];
  let row;
  let snapshot;
  let ready = true;
  const show = () => {
    const state = stateOf(file, reader.read(list, NOW));
    const nextRow = views.clusterRow(state, 'bench.k3s.yaml');
    const changed = row === undefined ? [] : views.rowChanges(row, nextRow);
    views.statusBarEntry(state, 'bench.k3s.yaml');
    const next = views.snapshotOf(state, view, (snapshot?.revision ?? 0) + 1);
    const message = JSON.stringify(views.updateOf(snapshot, next));
    [row, snapshot] = [nextRow, next];
    return [changed, message];
  };
  return () => {
    const first = row === undefined;
    ready = !ready;
    list[499] = nodeObject(node, ready);
    const [changed, message] = show();
    if (!first && (changed.length === 0 || !message.startsWith('{"type":"status"')))
      throw new Error('The change was not shown.');
  };
}

/** As in the editor, a change of a node leaves plan and run as they are. */
const NOTHING = new Map();

function stateOf(file, nodes) {
  return {
    ...file,
    live: { kind: 'live', nodes, via: 'direct', version: 'v1.36.3+k3s1' },
    planned: NOTHING,
    run: NOTHING,
  };
}

/** The same file as if it had just been read: nothing is known of it. */
function again(file) {
  const node = (one) => ({ ...one });
  const { servers, agents } = file.cluster;
  return { ...file, cluster: { ...file.cluster, servers: servers.map(node), agents: agents.map(node) } };
}

function nodeObject({ name, host, role }, ready) {
  const server = role === 'server';
  const condition = (type, status, reason) => ({
    type,
    status,
    reason,
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  return {
    metadata: {
      name,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: server ? { 'node-role.kubernetes.io/control-plane': 'true', 'node-role.kubernetes.io/etcd': 'true' } : {},
      annotations: {},
    },
    spec: {},
    status: {
      nodeInfo: { kubeletVersion: 'v1.36.3+k3s1' },
      addresses: [
        { type: 'InternalIP', address: host },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        condition('Ready', ready ? 'True' : 'False', 'KubeletReady'),
        ...(server ? [condition('EtcdIsVoter', 'True', 'MemberNotLearner')] : []),
      ],
    },
  };
}

import type { StatusChange, TopologySnapshot } from '../../src/contract/messages';
import { wholeSnapshot } from '../unit/topology/wholeSnapshot';
import type { Head, NodeState } from '../../src/core/topology/model';
import type { NodeStatus } from '../../src/core/topology/status';
import type { Finding } from '../../src/core/rules/rule';
import { speak } from '../../src/core/base/say';
import { wordsOf } from '../../webview/words';
import { CLUSTERS } from '../unit/topology/clusters';

/** The core speaks the language of the editor, and the page only what the editor puts into it: here both live in one page. */
declare const coreWords: Readonly<Record<string, string>> | undefined;
declare const document: { getElementById(id: string): Parameters<typeof wordsOf>[0] | null };

/** The real core in the page of the harness: its fake host answers with real snapshots. */
function snapshot(...asked: Parameters<typeof drawn>): TopologySnapshot {
  if (typeof coreWords === 'undefined') return drawn(...asked);
  speak(new Map(Object.entries(coreWords)));
  const answer = drawn(...asked);
  const root = document.getElementById('app');
  speak(root === null ? undefined : wordsOf(root));
  return answer;
}

function drawn(
  name: string,
  chosen: readonly string[],
  expanded: readonly string[],
  revision: number,
  narrow?: number,
): TopologySnapshot {
  const scenario = SCENARIOS[name] ?? { cluster: 'embedded-3' };
  const cluster = CLUSTERS[scenario.cluster];
  if (cluster === undefined) throw new Error(`no cluster ${scenario.cluster}`);
  const nodes = [...cluster.servers, ...cluster.agents];
  return wholeSnapshot({
    cluster,
    findings: scenario.findings ?? [],
    statuses:
      scenario.statuses ??
      (scenario.state === undefined
        ? []
        : nodes.map((n, i) => ({
            ...status(n.id, scenario.state?.(i) ?? 'ready'),
            ...(i === 1 && scenario.steps !== undefined ? { steps: scenario.steps } : {}),
          }))),
    chosen,
    ...scenario.real,
    expanded,
    ...(narrow === undefined ? {} : { narrow }),
    revision,
    file: `file:///work/${name}.k3s.yaml`,
    title: scenario.title ?? 'edge',
    simulated: scenario.simulated ?? false,
    drift: scenario.drift ?? [],
    run:
      scenario.running === true
        ? { phase: 'running', words: 'Starting server-2', done: 7, total: 31 }
        : { phase: 'idle', words: '' },
    actions: [
      { id: 'previewPlan', label: 'Preview Plan', primary: false },
      {
        id: 'provision',
        label: 'Provision…',
        primary: true,
        ...(scenario.running === true ? { obstacle: 'A run goes on: wait for its end, or cancel it.' } : {}),
      },
    ],
  });
}

interface Scenario {
  readonly cluster: string;
  readonly title?: string;
  readonly findings?: readonly Finding[];
  readonly state?: (index: number) => NodeState;
  readonly statuses?: readonly NodeStatus[];
  readonly drift?: readonly string[];
  readonly simulated?: boolean;
  readonly running?: boolean;
  /** What is known of the running cluster. */
  readonly real?: { readonly down?: readonly string[]; readonly silent?: boolean; readonly head?: Partial<Head> };
  /** Of the second node. */
  readonly steps?: NodeStatus['steps'];
}

const finding = (severity: Finding['severity'], message: string, path: Finding['path']): Finding => ({
  ruleId: 'example',
  severity,
  message,
  path,
  part: 'value',
});

const SCENARIOS: Record<string, Scenario> = {
  ...Object.fromEntries(Object.keys(CLUSTERS).map((name) => [name, { cluster: name }])),
  findings: {
    cluster: 'pinned',
    findings: [
      finding(
        'error',
        'tls-san of server-1 does not name 10.0.0.100: clients behind the load balancer will refuse its certificate.',
        ['servers', 'nodes', 0, 'config'],
      ),
      finding('warning', 'Agents register at server-1 only: without it no agent can join.', ['agents', 'nodes', 0]),
      finding('warning', 'The token stands in the file in plain text.', ['token']),
    ],
  },
  hostile: {
    cluster: 'embedded-3',
    title: '<img src=x onerror="window.hacked=1">',
    findings: [finding('error', '<script>window.hacked=1</script>', ['servers', 'nodes', 0])],
  },
  running: {
    cluster: 'two-zones',
    simulated: true,
    running: true,
    steps: [
      { title: 'Write the configuration', state: 'done' },
      { title: 'Install K3s', state: 'running' },
      { title: 'Start K3s', state: 'pending' },
    ],
    state: (i) =>
      (['ready', 'starting', 'installing', 'not-ready', 'failed', 'absent', 'unknown', 'ready'] as const)[i % 8] ??
      'ready',
  },
  planned: {
    cluster: 'embedded-3',
    statuses: [
      {
        id: 'server-1',
        state: 'planned',
        words: '2 steps planned',
        steps: [
          { title: 'Install and unpack K3s v1.36.3+k3s1 as server', state: 'pending' },
          { title: 'Start K3s', state: 'pending' },
        ],
      },
    ],
  },
  drifted: {
    cluster: 'embedded-3',
    drift: ['old-1 is in the cluster and not in the file'],
    statuses: [
      {
        id: 'server-1',
        state: 'ready',
        words: 'ready',
        facts: ['Roles: control-plane, etcd', 'K3s v1.35.7+k3s1', 'etcd: voter'],
        drift: ['runs v1.35.7+k3s1, the file says v1.36.3+k3s1'],
      },
      { id: 'server-2', state: 'not-ready', words: 'unreachable: its kubelet stopped reporting 2 min ago' },
    ],
  },
  'server-down': {
    cluster: 'embedded-3',
    statuses: [
      {
        id: 'server-2',
        state: 'not-ready',
        words: 'unreachable: its kubelet stopped reporting 2 min ago',
        can: 'not-ready open',
      },
    ],
    real: {
      down: ['server:server-2'],
      head: {
        mode: 'now',
        base: 'now',
        outcome: 'partly',
        words: 'server-2 is down. 2 of 3 servers answer.',
        question: 'Now',
      },
    },
  },
  silent: {
    cluster: 'embedded-3',
    state: () => 'unknown',
    real: {
      silent: true,
      head: {
        mode: 'last known',
        base: 'last known',
        note: 'seen at 14:02',
        outcome: 'no',
        words: 'The API does not answer. Nothing here is known to be up.',
        question: 'While the API does not answer',
      },
    },
  },
  unreadable: {
    cluster: 'embedded-3',
    real: { head: { warning: 'The file cannot be read (line 3): this is the last one that could be.' } },
  },
  live: { cluster: 'embedded-5-zones', simulated: true, state: (i) => (i % 100 === 12 ? 'not-ready' : 'ready') },
};

function status(id: string, state: NodeState): NodeStatus {
  const words: Record<NodeState, string> = {
    planned: '3 steps planned',
    ready: 'ready',
    starting: 'starting',
    installing: 'downloading K3s',
    'not-ready': 'not ready',
    failed: 'k3s.service failed',
    absent: 'not installed',
    unknown: 'unknown',
  };
  return { id, state, words: words[state] };
}

/** Another state of one agent; its text is put into pages, so that it needs nothing beside it. */
function agentChange(
  { revision, simulated, drift, run, actions, head }: TopologySnapshot,
  index: number,
): StatusChange {
  const words = index % 2 === 0 ? 'not ready' : 'ready';
  return {
    revision: revision + 1,
    after: revision,
    status: { 'agent:agent-500': { state: index % 2 === 0 ? 'not-ready' : 'ready', words } },
    without: [],
    simulated,
    drift,
    run,
    actions,
    head,
  };
}

Object.assign(globalThis, { topologyCore: { names: Object.keys(SCENARIOS), snapshot, agentChange } });

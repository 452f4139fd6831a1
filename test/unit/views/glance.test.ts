import { afterEach, describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { speak } from '../../../src/core/base/say';
import { problem } from '../../../src/core/base/problem';
import { nodeHealth, type NodeHealth } from '../../../src/core/health/nodeHealth';
import type { HostDifference, HostDrift } from '../../../src/core/health/hostDrift';
import { hostFindingsIn } from '../../../src/core/language/hostFindings';
import type { NodeProgress } from '../../../src/core/plan/progress';
import { attentionCount } from '../../../src/views/attention';
import { BRIEF_LENGTH, columnsOf } from '../../../src/views/briefWords';
import type { ClusterState, LiveState } from '../../../src/views/clusterState';
import { clusterRow } from '../../../src/views/explorer';
import { keyOf, type ExplorerRow } from '../../../src/views/explorerRow';
import { fileMark } from '../../../src/views/fileMark';
import { statusBarEntry } from '../../../src/views/statusBar';
import { node, pod, seen as workloadsSeen } from '../workloads/objects';
import { NODES, NOT_READY, TEXT, fileState, seen, withNode, withNodes } from './states';

const rowOf = (state: ClusterState): ExplorerRow => clusterRow(state, 'clusters/edge.k3s.yaml');
const all = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(all)];
const find = (state: ClusterState, id: string): ExplorerRow | undefined =>
  all(rowOf(state)).find((row) => keyOf(row) === id);

const file = fileState();
const live = withNodes(file, NODES);
const without = withNodes(
  file,
  NODES.filter(({ name }) => name !== 'agent-4'),
);
const LARGE = TEXT.replace(
  /agents:[^]*/u,
  `agents:
  nodes:
    - {host: "10.0.1.[1-100]", name: "agent-[1-100]", zone: hall-a}
    - {host: "10.0.2.[1-100]", name: "agent-[101-200]", zone: the-other-hall-across-the-street}
`,
);
const largeNodes = [
  ...[1, 2, 3].map((i) => seen(`server-${i}`)),
  ...Array.from({ length: 200 }, (_, i) => seen(`agent-${i + 1}`)),
];
const large = withNodes(fileState(LARGE), largeNodes);
const SAVED = Date.parse('2026-11-27T14:02:11Z');
const snapshot = (i: number, size: number): NonNullable<ClusterState['snapshots']>['list'][number] => ({
  name: `on-demand-server-1-${i}`,
  base: 'on-demand',
  scheduled: false,
  created: SAVED - i * 3_600_000,
  size,
  places: [
    { kind: 'disk', server: 'server-1', path: '/s/x', size, listed: 5 },
    { kind: 's3', location: 's3://b/x', size },
  ],
});
/** A node that the API describes by these conditions. */
const told = (
  name: string,
  ...conditions: readonly (readonly [type: string, status: string, message?: string])[]
): NodeHealth =>
  nodeHealth(
    {
      metadata: { name, labels: {} },
      spec: { unschedulable: conditions.length === 0 },
      status: {
        conditions: [['Ready', 'True'] as const, ...conditions].map(([type, status, message = '']) => ({
          type,
          status,
          message,
        })),
      },
    },
    SAVED,
  );
/** The same state in objects of its own. */
const anew = (state: ClusterState): ClusterState => ({
  ...state,
  cluster: structuredClone(state.cluster),
  live: structuredClone(state.live),
  run: structuredClone(state.run),
  ...(state.snapshots === undefined ? {} : { snapshots: structuredClone(state.snapshots) }),
  ...(state.workloads === undefined ? {} : { workloads: structuredClone(state.workloads) }),
});
/** What of it is wrong. */
const troubled = ({ warnings, trouble }: NodeHealth): Partial<NodeHealth> => ({
  warnings,
  ...(trouble === undefined ? {} : { trouble }),
});
const progress = (state: NodeProgress['state'], ...done: readonly boolean[]): NodeProgress => ({
  state,
  words: 'waits until the datastore of the cluster answers',
  steps: done.map((is, i) => ({
    id: `${i}`,
    title: `step ${i}`,
    state: is ? 'done' : i === 0 || done[i - 1] ? 'running' : 'pending',
  })),
});

/** One state for each way in which rows differ. */
const STATES: Readonly<Record<string, ClusterState>> = {
  file,
  live,
  large,
  ...Object.fromEntries(
    (
      [
        { kind: 'no-kubeconfig' },
        { kind: 'not-provisioned' },
        { kind: 'other-installation' },
        { kind: 'not-on-disk', problem: problem('example', 'It is elsewhere.') },
        { kind: 'connecting', nodes: NODES },
        {
          kind: 'lost',
          nodes: withNode(NODES, 'server-2', NOT_READY),
          lastSeen: '14:02',
          problem: problem('x', 'No.'),
        },
        { kind: 'live', nodes: NODES, via: 'server-2', version: 'v1.36.3+k3s1' },
      ] satisfies readonly LiveState[]
    ).map((state) => [state.kind, { ...file, live: state }]),
  ),
  without,
  simulated: withNodes(
    file,
    NODES.map((node) => ({ ...node, simulated: true })),
  ),
  down: withNodes(file, withNode(withNode(NODES, 'server-2', NOT_READY), 'server-3', NOT_READY)),
  drift: withNodes(file, withNode(NODES, 'agent-1', { version: 'v1.35.12-rc1+k3s1' })),
  other: withNodes(file, [...NODES, seen('a-node-with-a-name-that-nobody-can-read')]),
  unreadable: { ...live, unreadable: 117 },
  certificates: {
    ...live,
    certificates: new Map([
      ['server-1', { age: 'ends soon', words: 'certificates until 2026-12-03, in 6 days', ends: 0 }],
      ['server-2', { age: 'ended', words: 'certificates ended since 2026-11-20', ends: 0 }],
    ]),
  },
  alarm: {
    ...live,
    etcd: {
      readAt: SAVED,
      loads: new Map([
        [
          'server-1',
          {
            size: 2_147_475_456,
            inUse: 2_147_000_000,
            quota: 2 ** 31,
            alarms: ['NOSPACE'],
            objects: [{ kind: 'events', count: 41_200 }],
          },
        ],
      ]),
    },
  },
  findings: {
    ...file,
    hostFindings: hostFindingsIn(file.document, file.cluster, [
      { id: 'port-in-use', severity: 'error', machine: 'server-1', message: 'Port 6443 is in use.', nextSteps: [] },
    ]),
  },
  workloads: {
    ...live,
    workloads: {
      ...workloadsSeen({ nodes: [node('agent-1', '10.0.1.1')], pods: [pod('web', 'agent-1')] }),
      readAt: SAVED,
    },
  },
  snapshots: { ...live, snapshots: { list: [snapshot(1, 5), snapshot(2, 0)], readAt: SAVED } },
  run: {
    ...file,
    run: new Map([
      ['server-1', progress('running', true, true, false, false)],
      ['server-2', progress('pending', true, true, true, false)],
      ['server-3', progress('failed', true, false)],
      ['agent-1', progress('cancelled', true, false)],
      ['agent-2', progress('skipped', false)],
      ['agent-3', progress('unknown', true)],
      ['agent-4', progress('done', true)],
    ]),
  },
};

describe('a row of the explorer', () => {
  it.each(Object.entries(STATES))('of "%s" is described in what a narrow side bar has room for', (_name, state) => {
    const long = all(rowOf(state)).filter(({ description }) => description.length > BRIEF_LENGTH);
    expect(long.map(({ label, description }) => `${label}: ${description}`)).toEqual([]);
  });

  it('is of every kind in these states, and each has a key of its own', () => {
    const rows = Object.values(STATES).map((state) => all(rowOf(state)));
    expect([...new Set(rows.flat().map(({ context }) => context))].sort()).toEqual([
      'attention',
      'cluster',
      'datastore',
      'extraNode',
      'failure',
      'group',
      'history',
      'loadBalancer',
      'node',
      'snapshot',
      'snapshots',
      'workload',
      'workloads',
      'zone',
    ]);
    for (const each of rows) expect(new Set(each.map(keyOf)).size).toBe(each.length);
  });

  it('of a datastore with an alarm is bad, says what fills it, and needs attention; so does the status bar', () => {
    const { alarm } = STATES as Readonly<Record<'alarm', ClusterState>>;
    expect(find(alarm, 'datastore')).toMatchObject({ description: 'alarm NOSPACE', color: 'bad' });
    expect(find(alarm, 'datastore')?.tooltip.markdown).toContain('most objects are events');
    expect(find(alarm, 'attention')?.children.map(({ id }) => id)).toEqual(['datastore']);
    expect(statusBarEntry(alarm, 'edge.k3s.yaml')).toMatchObject({
      icon: 'error',
      text: expect.stringContaining('7/7 ready · etcd alarm NOSPACE') as string,
    });
  });

  it('that is well tells where it stands and no more; the rest is in its card', () => {
    const zoned = withNodes(fileState(TEXT.replace('name: server-1}', 'name: server-1, zone: rack-a}')), NODES);
    expect(find(zoned, 'node:server-1')).toMatchObject({ description: 'rack-a', icon: 'pass-filled', color: 'good' });
    expect(find(zoned, 'node:server-2')?.description).toBe('');
    expect(find(zoned, 'node:server-1')?.spoken).toBe('Ready · control-plane,etcd · v1.36.3+k3s1 · rack-a');
    const card = find(zoned, 'node:server-1')?.tooltip.markdown ?? '';
    for (const words of ['is ready', '10\\.0\\.0\\.11, zone rack-a', 'K3s v1\\.36\\.3', 'etcd\\: voter'])
      expect(card).toContain(words);
  });

  it.each([
    ['unreachable', { ready: 'unknown', reason: 'unreachable: its kubelet stopped reporting 2 min ago' }],
    ['not ready', NOT_READY],
    ['runs v1.36.2', { version: 'v1.36.2+k3s1' }],
    ['runs v1.36.3+k3s2', { version: 'v1.36.3+k3s2' }],
    ['not as in the file', { role: 'server', roles: ['control-plane'] }],
    ['low on disk', troubled(told('x', ['DiskPressure', 'True']))],
    ['low on memory', troubled(told('x', ['MemoryPressure', 'True']))],
    ['too many processes', troubled(told('x', ['PIDPressure', 'True']))],
    ['no pod network', troubled(told('x', ['NetworkUnavailable', 'True']))],
    ['cordoned', troubled(told('x'))],
  ] satisfies readonly (readonly [string, Partial<NodeHealth>])[])('that is not well says "%s"', (words, change) => {
    const row = find(withNodes(file, withNode(NODES, 'agent-1', change)), 'node:agent-1');
    expect(row?.description).toBe(words);
    expect(row?.color).toBe('ready' in change ? 'bad' : 'warning');
  });

  it('names the file only where two clusters have the same name', () => {
    expect(clusterRow(live, 'a/edge.k3s.yaml', ['edge', 'other']).description).toBe('7/7 ready');
    expect(clusterRow(live, 'a/edge.k3s.yaml', ['edge', 'edge']).description).toBe('a/edge.k3s.yaml');
    expect(find(STATES['simulated'] ?? file, 'cluster')?.description).toBe('7/7 · simulated');
  });
});

describe.each(catalogues())('a row of the explorer in $language', (language) => {
  afterEach(() => speak(undefined));

  it.each(Object.entries(STATES))('of "%s" has room in a narrow side bar, too', (_name, state) => {
    speak(new Map(Object.entries(flat(language))));
    // Rows are kept as long as their state is the same: these are of another one.
    const rows = all(rowOf(anew(state)));
    const long = rows.filter(({ description }) => columnsOf(description) > BRIEF_LENGTH);
    expect(long.map(({ label, description }) => `${label}: ${description}`)).toEqual([]);
    expect(rows.some(({ label }) => /\p{Script=Han}/u.test(label))).toBe(true);
  });

  it.each(['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'])('says %s whole', (type) => {
    speak(new Map(Object.entries(flat(language))));
    const row = find(withNodes(file, withNode(NODES, 'agent-1', troubled(told('x', [type, 'True'])))), 'node:agent-1');
    expect(row?.description).toMatch(/^[\p{Script=Han} \w]+$/u);
  });
});

describe.each(catalogues())('what a row finds by what it is, not by its words, in $language', (language) => {
  afterEach(() => speak(undefined));

  it('the release of a node that is not that of the file', () => {
    speak(new Map(Object.entries(flat(language))));
    const state = withNodes(anew(file), withNode(NODES, 'agent-1', { version: 'v1.36.2+k3s1' }));
    expect(find(state, 'node:agent-1')?.description).toMatch(/^[\p{Script=Han}]+ v1\.36\.2$/u);
  });

  it('for how long a machine has been down', () => {
    speak(new Map(Object.entries(flat(language))));
    const lasting = { ready: 'not-ready', reason: '停机：K3s 自 4 s 起没有应答', lasting: '4 s' } as const;
    const state = withNodes(anew(file), withNode(NODES, 'agent-1', lasting));
    expect(find(state, 'node:agent-1')?.description).toBe('停机 4 s');
  });
});

describe('what needs attention', () => {
  it('is not there when all is well', () => {
    expect(rowOf(live).children.some(({ id }) => id === 'attention')).toBe(false);
    expect(attentionCount(rowOf(live))).toBe(0);
  });

  it('stands above all, what is worst first, and each row is about what its own row is about', () => {
    const nodes = withNode(withNode(NODES, 'server-2', NOT_READY), 'agent-1', { version: 'v1.36.2+k3s1' });
    const row = rowOf(withNodes(file, nodes));
    const [first] = row.children;
    expect(first).toMatchObject({ label: 'Needs Attention', description: '3', color: 'bad' });
    expect(first?.children.map(({ id, description }) => [id, description])).toEqual([
      ['node:server-2', 'not ready'],
      ['datastore', '2/3 · no reserve'],
      ['node:agent-1', 'runs v1.36.2'],
    ]);
    expect(attentionCount(row)).toBe(3);
  });

  it('counts nodes that the file does not know, and an API that is silent', () => {
    expect(attentionCount(rowOf(withNodes(file, [...NODES, seen('stranger')])))).toBe(1);
    expect(attentionCount(rowOf(STATES['lost'] ?? file))).toBe(1);
    expect(attentionCount(rowOf(STATES['not-provisioned'] ?? file))).toBe(0);
  });
});

describe('two hundred agents', () => {
  const agents = (state: ClusterState): readonly ExplorerRow[] => find(state, 'agents')?.children ?? [];

  it('stand in their zones', () => {
    expect(agents(large).map(({ label, description, children }) => [label, description, children.length])).toEqual([
      ['hall-a', '100/100 ready', 100],
      ['the-other-hall-across-the-street', '100/100 ready', 100],
    ]);
    expect(find(large, 'agents')).toMatchObject({ description: '200/200 ready', expanded: false });
  });

  it('that are ill are found without opening a zone', () => {
    const ill = withNodes(fileState(LARGE), withNode(largeNodes, 'agent-150', NOT_READY));
    expect(agents(ill).map(({ description }) => description)).toEqual(['100/100 ready', '99/100 ready']);
    expect(rowOf(ill).children[0]?.children.map(({ label }) => label)).toEqual(['agent-150']);
  });

  it('of one zone are a list', () => {
    const one = LARGE.replaceAll(/zone: [\w-]+/gu, 'zone: hall-a');
    expect(agents(withNodes(fileState(one), largeNodes))).toHaveLength(200);
  });
});

describe('the mark of a cluster file', () => {
  it('is there when what runs is not what it says, or is out of reach', () => {
    expect(fileMark(live)).toBeUndefined();
    expect(fileMark(file)).toBeUndefined();
    expect(fileMark(STATES['drift'] ?? file)).toEqual({
      sign: '≠',
      color: 'warning',
      words: 'agent-1 is not as this file says',
    });
    expect(fileMark(STATES['other'] ?? file)?.words).toBe('1 node not in this file');
    expect(fileMark(STATES['lost'] ?? file)).toMatchObject({ sign: '!', color: 'bad' });
  });
});

describe('what a look at the machines has shown', () => {
  const differs = (machine: string, seenThere: string): HostDifference => ({
    machine,
    about: { kind: 'option', name: 'debug', present: ['true'] },
    seen: seenThere,
    says: 'the file does not have it',
    files: [{ path: '/etc/rancher/k3s/config.yaml', before: 'debug: true\n', after: '' }],
  });
  const hostDrift: HostDrift = {
    machines: [
      { id: 'agent-1', host: '10.0.1.1', differences: [differs('agent-1', 'debug is true')] },
      { id: 'server-1', host: '10.0.0.1', differences: [] },
    ],
    unseen: [],
    strangers: [],
    problems: [],
  };

  it.each([
    ['of a running cluster', live],
    ['without a kubeconfig', file],
  ])('marks the machine, and offers to compare it: %s', (_name, state) => {
    const row = find({ ...state, hostDrift }, 'node:agent-1');
    expect(row).toMatchObject({ description: 'not as in the file', icon: 'warning', color: 'warning' });
    expect(row?.spoken).toContain('debug is true, the file does not have it');
    expect(row?.can).toMatch(/\bdrifted\b/);
    expect(find({ ...state, hostDrift }, 'node:server-1')?.can).not.toMatch(/\bdrifted\b/);
    expect(find({ ...state, hostDrift }, 'attention/node:agent-1')).toBeDefined();
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { duration } from '../../../src/core/base/duration';
import { say, speak } from '../../../src/core/base/say';
import type { EtcdLoad } from '../../../src/core/facts/etcdLoadFacts';
import type { EtcdSeen } from '../../../src/core/health/etcdAlarm';
import { clusterHealth } from '../../../src/core/health/clusterHealth';
import { LIVE_IDS } from '../../../src/core/health/live/liveIds';
import type { LiveLook } from '../../../src/core/health/live/liveProblem';
import { LIVE_PROBLEMS, liveReports } from '../../../src/core/health/live/registry';
import type { Liveness, MachineLiveness } from '../../../src/core/health/liveness';
import { nodeHealth } from '../../../src/core/health/nodeHealth';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import { liveFindings } from '../../../src/core/language/liveFindings';
import { apiNode, NOW, SERVER_LABELS, SILENT, VOTER } from './nodes';

const TEXT = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
k3s: { version: v1.36.3+k3s1 }
loadBalancer: { address: 10.0.0.100, type: external }
datastore: { type: embedded-etcd }
servers:
  nodes:
    - { host: 10.0.0.11, name: server-1 }
    - { host: 10.0.0.12, name: server-2 }
    - { host: 10.0.0.13, name: server-3 }
agents:
  nodes:
    - { host: 10.0.1.11, name: agent-1 }
`;
const document = parseDocument(TEXT);
const cluster = normalise(document.data);
const SINCE = Date.UTC(2026, 10, 28, 14, 2);
type Api = Parameters<typeof apiNode>[0];

const server = (n: number, more: Partial<Api> = {}): unknown =>
  apiNode({
    name: `server-${n}`,
    ip: `10.0.0.1${n}`,
    labels: SERVER_LABELS,
    etcd: VOTER,
    version: 'v1.36.3+k3s1',
    ...more,
  });
const agent = (more: Partial<Api> = {}): unknown =>
  apiNode({ name: 'agent-1', ip: '10.0.1.11', version: 'v1.36.3+k3s1', ...more });
const ALL = [server(1), server(2), server(3), agent()];

function machines(states: Readonly<Record<string, Pick<MachineLiveness, 'state' | 'words' | 'why'>>>): Liveness {
  const all = Object.entries(states).map(([id, one]) => [id, { ...one, since: SINCE, lasting: '4 s' }] as const);
  return { machines: new Map(all), electing: false };
}

function look(nodes: readonly unknown[], more: Partial<LiveLook> = {}): LiveLook {
  const now = more.now ?? NOW;
  const told = nodes.map((node) => nodeHealth(node, now));
  return {
    cluster,
    health: clusterHealth(cluster, told, more.liveness),
    api: 'answers',
    now,
    timeOf: (ms) => new Date(ms).toISOString().slice(11, 16),
    ...more,
  };
}

function speakAs(language: string | undefined): void {
  const catalogue = catalogues().find((one) => one.language === language);
  speak(catalogue === undefined ? undefined : new Map(Object.entries(flat(catalogue))));
}

const LOAD: EtcdLoad = { size: 1_773_568, inUse: 1_000_000, quota: 2 ** 31, alarms: [], objects: [] };
/** The member that is full is not the first that is asked, and each tells the alarm of all. */
const FULL: EtcdSeen = {
  readAt: SINCE,
  loads: new Map([
    ['server-1', { ...LOAD, quota: 2 ** 33, size: 2_147_475_456, alarms: ['NOSPACE'] }],
    ['server-2', { ...LOAD, size: 2_147_475_456, alarms: ['NOSPACE'], objects: [{ kind: 'events', count: 41_200 }] }],
  ]),
};

/** One state for each id: what is told then. */
const STATES: readonly (readonly [id: string, message: RegExp, look: LiveLook])[] = [
  [
    'server-down',
    /^server-2 is down since 14:02: does not answer this computer\.$/,
    look(ALL, {
      liveness: machines({
        'server-2': {
          state: 'down',
          words: 'down: does not answer this computer since 4 s',
          why: 'does not answer this computer',
        },
      }),
    }),
  ],
  [
    'agent-down',
    /^agent-1 is down since 14:02: answers neither this computer nor server-1\.$/,
    look(ALL, {
      liveness: machines({
        'agent-1': {
          state: 'down',
          words: 'down: answers neither this computer nor server-1 since 4 s',
          why: 'answers neither this computer nor server-1',
        },
      }),
    }),
  ],
  [
    'address-taken',
    /^server-1 is cut off since 14:02: its address 10\.0\.0\.11 is answered by server-2\.$/,
    look(ALL, {
      liveness: machines({
        'server-1': {
          state: 'taken',
          words: 'cut off: its address 10.0.0.11 is answered by server-2 since 4 s',
          why: 'its address 10.0.0.11 is answered by server-2',
        },
      }),
    }),
  ],
  [
    'quorum-lost',
    /1 of 3 members answer, 2 are needed/,
    look([server(1), server(2, { ready: SILENT }), server(3, { ready: SILENT }), agent()]),
  ],
  [
    'quorum-at-risk',
    /with 2 of 3 members: one more failure/,
    look([server(1), server(2), server(3, { ready: SILENT }), agent()]),
  ],
  ['api-silent', /The API does not answer; it did last at 14:02/, look(ALL, { api: 'silent', lastSeen: '14:02' })],
  ['fixed-address-silent', /10\.0\.0\.100:6443 does not answer/, look(ALL, { api: 'around' })],
  ['node-not-ready', /^agent-1 is unreachable/, look([server(1), server(2), server(3), agent({ ready: SILENT })])],
  ['node-absent', /^agent-1 is not in the cluster/, look([server(1), server(2), server(3)])],
  [
    'certificates-ending',
    /^On server-1 certificates ended since 2026-11-20/,
    look(ALL, {
      certificates: new Map([['server-1', { age: 'ended', words: 'certificates ended since 2026-11-20', ends: 0 }]]),
    }),
  ],
  [
    'etcd-alarm',
    /^etcd has raised the alarm NOSPACE \(seen at 14:02\): it refuses every write\. On server-2 it takes 2147 MB of 2147 MB \(100 %\); most objects are events \(41200\)\. Delete what fills it\. Or write "etcd-arg: \[quota-backend-bytes=8589934592\]" under servers\.config and provision: one server after another/,
    look(ALL, { etcd: FULL }),
  ],
  ['snapshot-old', /There is no snapshot of etcd/, look(ALL, { snapshots: [] })],
  [
    'drift',
    /^agent-1 runs v1\.35\.7\+k3s1, the file says v1\.36\.3\+k3s1\.$/,
    look([server(1), server(2), server(3), agent({ version: 'v1.35.7+k3s1' })]),
  ],
];

describe('what a running cluster tells by itself', () => {
  afterEach(() => speak(undefined));

  it('is nothing when all is well', () => expect(liveReports(look(ALL))).toEqual([]));

  it.each(STATES)('%s', (id, message, state) => {
    expect(
      liveReports(state)
        .filter((report) => report.id === id)
        .map((report) => report.message),
    ).toEqual([expect.stringMatching(message)]);
  });

  it('tells no alarm of etcd that fills up without one, and of a corrupt one nothing about room', () => {
    const seen = (load: Partial<EtcdLoad>): readonly string[] =>
      liveReports(look(ALL, { etcd: { readAt: SINCE, loads: new Map([['server-1', { ...LOAD, ...load }]]) } })).map(
        ({ message }) => message,
      );
    expect(seen({ size: 2_000_000_000 })).toEqual([]);
    expect(seen({ alarms: ['CORRUPT'] })).toEqual([
      'etcd has raised the alarm CORRUPT (seen at 14:02). "Check Hosts" says more.',
    ]);
  });

  it('says of old nodes nothing while the API is silent, and of a machine that is down no second thing', () => {
    const silent = look([server(1), server(2), server(3, { ready: SILENT }), agent({ ready: SILENT })], {
      api: 'silent',
    });
    expect(liveReports(silent).map(({ id }) => id)).toEqual(['api-silent']);
    const down = look([server(1), server(2), server(3, { ready: SILENT }), agent()], {
      liveness: machines({
        'server-3': {
          state: 'down',
          words: 'down: does not answer this computer since 2 min',
          why: 'does not answer this computer',
        },
      }),
    });
    expect(liveReports(down).map(({ id }) => id)).toEqual(['server-down', 'quorum-at-risk']);
  });

  it.each([undefined, 'zh-cn'])('does not change its words while nothing changes, in any language: %s', (language) => {
    speakAs(language);
    for (const ready of [SILENT, { ...SILENT, status: 'False', message: 'PLEG is not healthy' }]) {
      const at = (now: number) => {
        const words = say`not ready: it answers, and its API is not ready since ${duration(now - SINCE)}${''}`;
        const liveness = machines({
          'server-2': { state: 'unready', words, why: say`it answers, and its API is not ready${''}` },
        });
        return liveReports(look([server(1), server(2), server(3), agent({ ready })], { now, liveness }));
      };
      expect(at(NOW + 61_000)).toEqual(at(NOW));
      expect(at(NOW).filter(({ id }) => id === 'node-not-ready')).toHaveLength(2);
    }
  });

  it.each([undefined, 'zh-cn'])(
    'takes a cordoned node for no node that runs out of something, in any language: %s',
    (language) => {
      speakAs(language);
      const full = agent({ more: [{ type: 'DiskPressure', status: 'True' }] });
      const told = liveReports(look([server(1, { unschedulable: true }), server(2), server(3), full]));
      expect(told.map(({ id, at }) => [id, at])).toEqual([['node-pressure', { machine: 'agent-1' }]]);
    },
  );

  it('stands at the line of the machine or of the part, and is ignored as findings are', () => {
    const state = look([server(1), server(2), server(3, { ready: SILENT }), agent()]);
    const lines = liveFindings(document, state).map(({ path, part, ruleId }) => {
      const at = document.rangeOf(path, part)?.start ?? 0;
      return [ruleId, TEXT.slice(0, at).split('\n').length];
    });
    expect(lines).toEqual([
      ['quorum-at-risk', 6],
      ['node-not-ready', 11],
    ]);
    const ignoring = parseDocument(`# k3s-ha-ignore-file quorum-at-risk, node-not-ready -- known\n${TEXT}`);
    expect(liveFindings(ignoring, state)).toEqual([]);
    expect(liveFindings(document, state, { 'quorum-at-risk': 'error', 'node-not-ready': 'off' })).toMatchObject([
      { ruleId: 'quorum-at-risk', severity: 'error' },
    ]);
  });

  it('has an id that is in no other list, for each kind', () => {
    expect(LIVE_PROBLEMS.map(({ id }) => id)).toEqual([...LIVE_IDS]);
  });
});

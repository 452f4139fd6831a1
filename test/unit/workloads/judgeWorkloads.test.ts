import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import { chosenFailure } from '../../../src/core/workloads/failures';
import { briefReason, fateSentence } from '../../../src/core/workloads/fateWords';
import { judgementLines } from '../../../src/core/workloads/judgementText';
import { judgeFailure, judgeWorkloads } from '../../../src/core/workloads/judgeWorkloads';
import { cureOf } from '../../../src/core/workloads/packagedAddons';
import { localPath, node, pod, seen, withClaim, type Objects } from './objects';

const cluster = normalise(
  parseDocument(`
apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
token: x
datastore: { type: embedded-etcd }
loadBalancer: { address: 10.0.0.100 }
servers:
  nodes:
    - { name: s1, host: 10.0.0.11, zone: a }
    - { name: s2, host: 10.0.0.12, zone: b }
    - { name: s3, host: 10.0.0.13, zone: b }
agents:
  nodes:
    - { name: a1, host: 10.0.0.21, zone: a }
`).data,
);

const NODES = [node('s1', '10.0.0.11'), node('s2', '10.0.0.12'), node('s3', '10.0.0.13'), node('a1', '10.0.0.21')];

/** What is said of the workloads that go with a part, without the others. */
function said(part: string, objects: Partial<Objects>): readonly string[] {
  const { seen: read, live } = seen({ nodes: NODES, pods: [], ...objects });
  return judgeFailure(read, chosenFailure(cluster, live, [part])).fates.map(fateSentence);
}

/** The reason in the words of a row. */
function brief(
  spec: Record<string, unknown>,
  objects: Partial<Objects> = {},
  more: Parameters<typeof pod>[3] = {},
): string {
  const { seen: read, live } = seen({
    nodes: NODES,
    ...objects,
    pods: [pod('web', 'a1', spec, more), ...(objects.pods ?? [])],
  });
  const [fate] = judgeFailure(read, chosenFailure(cluster, live, ['agent:a1'])).fates;
  const words = fate === undefined ? '' : briefReason(fate);
  expect(words.length).toBeLessThanOrEqual(18);
  return words;
}

describe('what a workload loses with a node', () => {
  it('is nothing as long as one of its pods is elsewhere', () => {
    expect(said('agent:a1', { pods: [pod('web', 'a1'), pod('web', 's1')] })).toEqual([
      'Deployment shop/web goes on with 1 of 2, and gets the others back elsewhere.',
    ]);
  });

  it('is all for five minutes and more when all of its pods are there', () => {
    expect(
      said('agent:a1', { pods: [pod('web', 'a1', { volumes: [{ name: 't', emptyDir: {} }] }), pod('web', 'a1')] }),
    ).toEqual([
      'Deployment shop/web is away for about 5 min: all of its 2 pods go, and Kubernetes waits that long before it starts them elsewhere. What it has in an emptyDir is lost.',
    ]);
  });

  it('is all for good when its data lie on the node', () => {
    expect(
      said('agent:a1', { pods: [pod('db', 'a1', withClaim('data'))], volumes: [localPath('shop/data', 'a1')] }),
    ).toEqual(['Deployment shop/db stops: its only pod goes, and its volume data lies on that node and nowhere else.']);
    // A volume that another node reaches is none of these.
    expect(brief(withClaim('data'), { volumes: [localPath('shop/data', 's2')] })).toBe('away ~5 min');
    expect(brief(withClaim('data'))).toBe('away ~5 min');
  });

  it.each([
    [
      'data on its node',
      { volumes: [{ name: 'd', hostPath: { path: '/srv/db' } }], containers: [{ volumeMounts: [{ name: 'd' }] }] },
    ],
    [
      'away ~5 min',
      {
        volumes: [{ name: 'd', hostPath: { path: '/srv/db' } }],
        containers: [{ volumeMounts: [{ name: 'd', readOnly: true }] }],
      },
    ],
    [
      'away ~5 min',
      { volumes: [{ name: 'd', hostPath: { path: '/dev/ttyUSB0' } }], containers: [{ volumeMounts: [{ name: 'd' }] }] },
    ],
    ['no node fits', { nodeSelector: { disk: 'ssd' } }],
    [
      'no node fits',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a1'] }] }],
            },
          },
        },
      },
    ],
    ['no room elsewhere', { containers: [{ resources: { requests: { memory: '9Gi' } } }] }],
    [
      'no room elsewhere',
      {
        containers: [{ resources: { requests: { cpu: '3900m' } } }],
        initContainers: [{ resources: { requests: { cpu: '4100m' } } }],
      },
    ],
    ['bound to its node', { tolerations: [{ operator: 'Exists' }] }],
    [
      'away ~1 min',
      {
        tolerations: [
          { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 15 },
        ],
      },
    ],
  ])('%s', (words, spec) => {
    expect(brief(spec)).toBe(words);
  });

  it('is told of pods that nobody makes anew, and of StatefulSets that wait', () => {
    expect(brief({}, {}, { owner: null })).toBe('not made anew');
    expect(brief({}, {}, { owner: { kind: 'StatefulSet', name: 'web', controller: true } })).toBe('StatefulSet waits');
    const daemon = pod('log', 'a1', {}, { owner: { kind: 'DaemonSet', name: 'log', controller: true } });
    expect(said('agent:a1', { pods: [daemon] })).toEqual([]);
  });

  it('depends on taints, cordons and what must stay apart', () => {
    const tainted = { taints: [{ key: 'only', value: 'db', effect: 'NoSchedule' }] };
    const others = (spec: Record<string, unknown>) => [
      ...['s1', 's2', 's3'].map((name, i) => node(name, `10.0.0.1${i + 1}`, { spec })),
      node('a1', '10.0.0.21'),
    ];
    expect(brief({}, { nodes: others(tainted) })).toBe('taints keep it off');
    expect(brief({ tolerations: [{ key: 'only', operator: 'Equal', value: 'db' }] }, { nodes: others(tainted) })).toBe(
      'away ~5 min',
    );
    expect(brief({}, { nodes: others({ unschedulable: true }) })).toBe('others are closed');
    const apart = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    };
    const everywhere = ['s1', 's2', 's3'].map((on) => pod('web', on, apart));
    expect(brief(apart, { pods: everywhere })).toBe('3 of 4 go on');
  });

  it('counts room once for all that move together', () => {
    const big = { containers: [{ resources: { requests: { memory: '3Gi' } } }] };
    const small = [node('s1', '10.0.0.11', { allocatable: { memory: '4Gi' } }), node('a1', '10.0.0.21')];
    const fates = said('agent:a1', { nodes: small, pods: [pod('one', 'a1', big), pod('two', 'a1', big)] });
    expect(fates.filter((words) => words.includes('no other node has room'))).toHaveLength(1);
    expect(fates.filter((words) => words.includes('away for about'))).toHaveLength(1);
  });

  it('is not made anew when no server is left that could', () => {
    expect(brief({})).toBe('away ~5 min');
    const { seen: read, live } = seen({ nodes: NODES, pods: [pod('web', 's2')] });
    const [fate] = judgeFailure(read, chosenFailure(cluster, live, ['server:s2', 'server:s3'])).fates;
    expect(fate && briefReason(fate)).toBe('nothing reschedules');
  });
});

describe('the list of nodes and zones', () => {
  it('has what stops, what holds a drain up, and the packaged add-ons that are one pod', () => {
    const { seen: read, live } = seen({
      nodes: NODES,
      pods: [
        pod('coredns', 's1', {}, { namespace: 'kube-system' }),
        pod('web', 's2'),
        pod('web', 's3'),
        pod('db', 'a1', withClaim('data')),
      ],
      volumes: [localPath('shop/data', 'a1')],
      budgets: [
        {
          metadata: { namespace: 'shop', name: 'web' },
          spec: { selector: { matchLabels: { app: 'web' } } },
          status: { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2 },
        },
      ],
    });
    expect(judgementLines(judgeWorkloads(cluster, read, live)).map(({ text }) => text.replace(/web-\d+/, 'web-…')))
      .toMatchInlineSnapshot(`
        [
          "Without s1 (1 pod)",
          "Deployment kube-system/coredns is away for about 5 min: its only pod goes, and Kubernetes waits that long before it starts it elsewhere. Meanwhile no name of the cluster is resolved.",
          "Without s2 (1 pod)",
          "A drain waits for shop/web-…: PodDisruptionBudget shop/web allows no pod to go: 2 pods of it are healthy, and 2 must stay so.",
          "Without s3 (1 pod)",
          "A drain waits for shop/web-…: PodDisruptionBudget shop/web allows no pod to go: 2 pods of it are healthy, and 2 must stay so.",
          "Without a1 (1 pod)",
          "Deployment shop/db stops: its only pod goes, and its volume data lies on that node and nowhere else.",
          "Without zone a",
          "Deployment shop/db stops: its only pod goes, and its volume data lies on that node and nowhere else.",
          "Deployment kube-system/coredns is away for about 5 min: its only pod goes, and Kubernetes waits that long before it starts it elsewhere. Meanwhile no name of the cluster is resolved.",
          "Without zone b",
          "Deployment shop/web stops: all of its 2 pods go, and no server is left that could start it elsewhere.",
          "All of coredns is one pod, on s1: while it is away, no name of the cluster is resolved. A manifest of your own keeps two of it: "k3s-ha workloads FILE --cure coredns".",
        ]
      `);
  });

  it('offers a cure that a start of K3s leaves alone', () => {
    expect(cureOf('coredns')?.manifest).toContain('minReplicas: 2');
    expect(cureOf('coredns')?.file).not.toBe('coredns.yaml');
    expect(cureOf('metrics-server')).toBeUndefined();
  });
});

describe('an API that answers garbage', () => {
  it.each([
    [null],
    [7],
    [{}],
    [{ metadata: 3, spec: [], status: 'x' }],
    [{ spec: { volumes: [null], affinity: 1, tolerations: 'a' } }],
  ])('is read without an error: %j', (garbage) => {
    const { seen: read, live } = seen({
      nodes: [...NODES, garbage as never],
      pods: [garbage],
      budgets: [garbage],
      volumes: [garbage],
    });
    expect(judgeWorkloads(cluster, read, live).failures.length).toBeGreaterThan(3);
  });
});

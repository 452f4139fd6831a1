import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { systemClock } from '../../src/adapters/system/clock';
import { finish } from '../../src/core/base/steps';
import { parseDocument } from '../../src/core/document/parse';
import type { Liveness } from '../../src/core/health/liveness';
import { nodeHealth, type NodeHealth } from '../../src/core/health/nodeHealth';
import { inspectInSteps } from '../../src/core/language/validate';
import { watchMachines } from '../../src/engine/liveness/watchMachines';
import type { ApiEndpoint } from '../../src/engine/ports';
import type { ClusterState } from '../../src/views/clusterState';
import { snapshotOf } from '../../src/views/diagram';
import { clusterRow } from '../../src/views/explorer';
import type { ExplorerRow } from '../../src/views/explorerRow';
import { quietLog } from '../support/quietLog';
import { agentOf, etcdServer, startLab, type Lab } from './lab';

interface Watched {
  /** The state of the cluster as the editor has it: Nodes as they were at first, and what the machines show themselves. */
  state(): ClusterState;
}

let lab: Lab | undefined;
let ending = new AbortController();
let watching: Promise<void> = Promise.resolve();
afterEach(async () => {
  ending.abort();
  await watching;
  await lab?.stop();
});

/** Three servers and an agent that run, and a watch over them; Kubernetes is asked once, and notices nothing after that. */
async function watched(
  addresses: (id: string) => string = (id) => lab!.address(id),
  before: () => void = () => undefined,
): Promise<Watched> {
  lab = await startLab({ servers: 3, agents: 1, timeScale: 0.1 });
  const ids = ['server-1', 'server-2', 'server-3'];
  const first = lab.address('server-1');
  await lab.bring('server-1', 'server', etcdServer());
  for (const id of ['server-2', 'server-3']) await lab.bring(id, 'server', etcdServer(first));
  await lab.bring('agent-1', 'agent', agentOf(first));
  const text = [
    'apiVersion: k3s-ha/v1',
    'kind: Cluster',
    'metadata: {name: edge}',
    'datastore: {type: embedded-etcd}',
    'servers:',
    '  nodes:',
    ...ids.map((id) => `    - {host: ${addresses(id)}, name: ${id}}`),
    'agents:',
    '  nodes:',
    `    - {host: ${addresses('agent-1')}, name: agent-1}`,
  ].join('\n');
  const document = parseDocument(`${text}\n`);
  const file = { uri: 'file:///edge.k3s.yaml', document, ...finish(inspectInSteps(document)) };
  const api = createClusterApi({ log: quietLog });
  const path = await lab.kubeconfig('server-1', first);
  const endpoint: ApiEndpoint = { kubeconfig: await readFile(path, 'utf8'), trust: 'data' };
  let nodes: readonly NodeHealth[] = [];
  await expect
    .poll(async () => {
      const list = await api.listNodes(endpoint);
      nodes = list.ok ? list.value.map((node) => nodeHealth(node, Date.now())) : [];
      return nodes.filter(({ ready }) => ready === 'ready').length;
    })
    .toBe(4);
  const doors = await api.openDoors(endpoint);
  if (!doors.ok) throw new Error(doors.error.message);
  let liveness: Liveness | undefined;
  before();
  ending = new AbortController();
  watching = watchMachines(
    file.cluster,
    { doors: doors.value, clock: systemClock, log: quietLog, nodes: () => nodes },
    (now) => {
      liveness = now;
    },
    ending.signal,
  ).finally(() => doors.value.close());
  return {
    state: () => ({
      ...file,
      planned: new Map(),
      run: new Map(),
      live: {
        kind: 'live',
        nodes,
        via: 'direct',
        version: 'v1.36.3+k3s1',
        ...(liveness === undefined ? {} : { liveness }),
      },
    }),
  };
}

const rows = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(rows)];
const rowOf = (state: ClusterState, id: string): ExplorerRow | undefined =>
  rows(clusterRow(state, 'edge.k3s.yaml')).find((row) => row.id === id);
const states = ({ live }: ClusterState): Record<string, string> =>
  Object.fromEntries(
    [...(('liveness' in live ? live.liveness : undefined)?.machines ?? [])].map(([id, one]) => [id, one.state]),
  );
const ALL_UP = { 'server-1': 'up', 'server-2': 'up', 'server-3': 'up', 'agent-1': 'up' };

describe('a machine whose plug is pulled', () => {
  it('is red in explorer and diagram while Kubernetes still calls it ready, and well again with its first answer', async () => {
    const { state } = await watched();
    await expect.poll(() => states(state())).toEqual(ALL_UP);
    expect(rowOf(state(), 'node:server-2')).toMatchObject({ color: 'good' });

    await lab!.fleet.powerOff('server-2');
    await expect.poll(() => rowOf(state(), 'node:server-2')?.color).toBe('bad');
    expect(rowOf(state(), 'node:server-2')?.spoken).toMatch(/^down: .*; Kubernetes has not noticed yet/);
    expect(rowOf(state(), 'datastore')?.spoken).toContain('2/3 voters · no more may fail');
    const { status, head } = snapshotOf(state(), { expanded: [], chosen: [] }, 1);
    expect(status['server:server-2']).toMatchObject({ state: 'not-ready' });
    expect(head.words).toContain('server-2 is down');
    expect(states(state())).toEqual({ ...ALL_UP, 'server-2': 'down' });

    await lab!.fleet.powerOn('server-2');
    await expect.poll(() => states(state()), { timeout: 30_000 }).toEqual(ALL_UP);
    expect(rowOf(state(), 'node:server-2')).toMatchObject({ color: 'good' });
  });

  it('is told for agents, too, and for one that is silent instead of gone', async () => {
    const { state } = await watched();
    await expect.poll(() => states(state())).toEqual(ALL_UP);
    lab!.fleet.hang('server-3');
    await lab!.fleet.powerOff('agent-1');
    await expect.poll(() => states(state())).toEqual({ ...ALL_UP, 'server-3': 'down', 'agent-1': 'down' });
    expect(rowOf(state(), 'node:server-3')?.spoken).toMatch(/neither this computer nor server-\d since/);
  });
});

describe('machines whose addresses this computer cannot reach', () => {
  it('are seen by the API, and so is that one of them dies', async () => {
    // The file names addresses where nobody listens; the names of the nodes are right.
    const { state } = await watched((id) => lab!.address(id).replace(/^127\.\d+\./, '127.1.'));
    await expect.poll(() => states(state())).toEqual(ALL_UP);
    for (const [id, others] of [
      ['agent-1', {}],
      ['server-3', { 'agent-1': 'down' }],
    ] as const) {
      await lab!.fleet.powerOff(id);
      const gone = performance.now();
      await expect.poll(() => states(state()), { interval: 20 }).toEqual({ ...ALL_UP, ...others, [id]: 'down' });
      // Known no later than of a machine that this computer asks itself.
      expect(performance.now() - gone).toBeLessThan(3000);
      expect(rowOf(state(), `node:${id}`)?.spoken).toContain('does not answer');
    }
  });

  it('are alive when one server has lost its tunnel to them and another has not', async () => {
    const elsewhere = (id: string): string => lab!.address(id).replace(/^127\.\d+\./, '127.1.');
    const { state } = await watched(
      (id) => (id === 'agent-1' ? elsewhere(id) : lab!.address(id)),
      () => lab!.fleet.loseTunnel('server-1', 'agent-1'),
    );
    await expect.poll(() => states(state())).toEqual(ALL_UP);
    await lab!.fleet.powerOff('agent-1');
    await expect.poll(() => states(state())).toEqual({ ...ALL_UP, 'agent-1': 'down' });
  });
});

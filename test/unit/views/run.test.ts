import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { inspectInSteps } from '../../../src/core/language/validate';
import { finish } from '../../../src/core/base/steps';
import { problem } from '../../../src/core/base/problem';
import type { Plan } from '../../../src/core/plan/plan';
import type { RunEvent } from '../../../src/core/plan/events';
import { advance, ended, progressOf } from '../../../src/core/plan/progress';
import { install } from '../../../src/engine/steps/install';
import { start } from '../../../src/engine/steps/start';
import type { ClusterState } from '../../../src/views/clusterState';
import { clusterRow } from '../../../src/views/explorer';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { snapshotOf } from '../../../src/views/diagram';

const TEXT = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: 10.0.0.100}
datastore: {type: embedded-etcd}
token: \${secret:edge-token}
servers:
  config: {tls-san: [10.0.0.100]}
  nodes:
    - {host: 10.0.0.11, name: server-1}
    - {host: 10.0.0.12, name: server-2}
    - {host: 10.0.0.13, name: server-3}
`;

const machines = ['server-1', 'server-2'].map((id) => ({ id, host: id, ssh: { identityFiles: [] } }));
const steps = machines.flatMap((machine) => [
  install.step(machine, { role: 'server', release: 'v1.36.3+k3s1' }, ''),
  start.step(machine, { role: 'server' }, ''),
]);
const plan: Plan = { clusterName: 'edge', machines, steps, problems: [], notes: [] };

function stateAfter(
  ...events: readonly (readonly [step: string, state: 'running' | 'done' | 'failed' | 'skipped', message?: string])[]
): ClusterState {
  const document = parseDocument(TEXT);
  const run = events
    .map(([id, state, message]): RunEvent => ({
      type: 'step',
      step: id,
      node: id.slice(id.indexOf(':') + 1),
      state,
      ...(message === undefined ? {} : { problem: problem('example', message) }),
    }))
    .reduce((progress, event) => advance(progress, event, plan), progressOf(plan));
  return {
    uri: { toString: () => 'file:///edge.k3s.yaml' } as ClusterState['uri'],
    document,
    ...finish(inspectInSteps(document)),
    live: { kind: 'idle' },
    planned: new Map(),
    run,
  };
}

const VIEW = { expanded: [], chosen: [] };
const rows = (all: readonly ExplorerRow[]): readonly ExplorerRow[] =>
  all.flatMap((row) => [row, ...rows(row.children)]);

describe('a run in the views', () => {
  const working = stateAfter(
    ['install:server-1', 'running'],
    ['install:server-1', 'done'],
    ['start:server-1', 'running'],
  );

  it('shows every step on its host, and how far all are', () => {
    const { status, run, actions } = snapshotOf(working, VIEW, 1);
    expect(status['server:server-1']).toEqual({
      state: 'starting',
      words: 'starting (2 of 2)',
      steps: [
        { title: 'Install and unpack K3s v1.36.3+k3s1 as server', state: 'done' },
        { title: 'Start k3s and wait until it is ready', state: 'running' },
      ],
    });
    expect(status['server:server-2']).toMatchObject({
      state: 'planned',
      words: 'to do',
      steps: [{ state: 'pending' }, { state: 'pending' }],
    });
    expect(status['server:server-3']).toBeUndefined();
    expect(run).toEqual({ phase: 'running', words: '1 host at work', done: 1, total: 4 });
    expect(actions.filter(({ obstacle }) => obstacle === undefined)).toEqual([]);
  });

  it('says in the explorer what each host does', () => {
    const shown = new Map(rows([clusterRow(working, 'edge.k3s.yaml')]).map((row) => [row.label, row]));
    expect(shown.get('server-1')).toMatchObject({ description: 'starting 2/2', icon: 'sync~spin' });
    expect(shown.get('server-2')).toMatchObject({ description: 'to do', icon: 'clock' });
  });

  it('keeps a failure to be seen, and lets one try again', () => {
    const failed = stateAfter(
      ['install:server-1', 'failed', 'The disk of server-1 is full.'],
      ['start:server-1', 'skipped'],
      ['install:server-2', 'skipped'],
      ['start:server-2', 'skipped'],
    );
    const { status, run, actions } = snapshotOf(failed, VIEW, 1);
    expect(status['server:server-1']).toMatchObject({ state: 'failed', words: 'The disk of server-1 is full.' });
    expect(status['server:server-2']).toMatchObject({
      state: 'planned',
      words: 'skipped: what it waits for did not succeed',
    });
    expect(run).toEqual({ phase: 'failed', words: 'The disk of server-1 is full.' });
    expect(actions[0]).toEqual({ id: 'provision', label: 'Continue', primary: true });
  });

  it('shows a host that has finished as finished, and one that waits for others with how far it is', () => {
    const oneDone = stateAfter(['install:server-1', 'done'], ['start:server-1', 'done'], ['install:server-2', 'done']);
    const shown = new Map(rows([clusterRow(oneDone, 'edge.k3s.yaml')]).map((row) => [row.label, row]));
    expect(shown.get('server-1')).toMatchObject({ description: 'done', icon: 'pass', color: 'good' });
    expect(shown.get('server-2')).toMatchObject({ description: 'waits, 1/2', spoken: '1 of 2 done, waits' });
    expect(shown.get('Servers')?.description).toBe('2 of 3 done');
    expect(shown.get('edge')).toMatchObject({
      description: '3 of 4 steps',
      spoken: expect.stringMatching(/^provisioning, 3 of 4/),
    });
    expect(snapshotOf(oneDone, VIEW, 1).status['server:server-1']).toMatchObject({ state: 'ready', words: 'done' });
  });

  it('keeps how far a run got that was cancelled, with a way to go on', () => {
    const cancelled = stateAfter(
      ['install:server-1', 'done'],
      ['start:server-1', 'done'],
      ['install:server-2', 'done'],
    );
    const state = { ...cancelled, run: ended(cancelled.run) };
    const shown = new Map(rows([clusterRow(state, 'edge.k3s.yaml')]).map((row) => [row.label, row]));
    expect(shown.get('edge')?.description).toBe('unfinished 3/4');
    expect(shown.get('server-1')).toMatchObject({ description: 'done', color: 'good' });
    expect(shown.get('server-2')).toMatchObject({ description: 'unfinished 1/2', color: 'warning' });
    const { run, actions } = snapshotOf(state, VIEW, 1);
    expect(run).toEqual({ phase: 'unfinished', words: 'Not finished', done: 3, total: 4 });
    expect(actions[0]).toEqual({ id: 'provision', label: 'Continue', primary: true });
  });
});

import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import {
  clusterCaHash,
  convertingServer,
  firstServer,
  hasData,
  isRunning,
  serverStart,
} from '../../../../src/engine/planning/starts';
import { clusterOf, freshHost, runningUnit } from '../../../support/cluster';

const cluster = clusterOf();
const [first, second, third] = cluster.servers as [ClusterNode, ClusterNode, ClusterNode];
const [agent] = cluster.agents as [ClusterNode];

/** Fresh hosts, some of them changed. */
function facts(changes: Readonly<Record<string, Partial<HostFacts>>> = {}): ReadonlyMap<string, HostFacts> {
  const ids = [...cluster.servers, ...cluster.agents].map(({ id }) => id);
  return new Map(ids.map((id) => [id, { ...freshHost(id), ...changes[id] }]));
}

const RUNS: Partial<HostFacts> = { units: runningUnit('server') };

describe('a host on which a server has run', () => {
  it.each([{ etcdData: true }, { sqliteData: true }, { serverToken: true }])('has %o', (seen) => {
    expect(hasData({ ...freshHost('server-1'), ...seen })).toBe(true);
  });

  it('is no fresh one, and none that nobody has seen', () => {
    expect(hasData(freshHost('server-1'))).toBe(false);
    expect(hasData(undefined)).toBe(false);
  });

  it('runs when the unit of its own role does', () => {
    expect(isRunning(first, facts({ 'server-1': RUNS }))).toBe(true);
    expect(isRunning(first, facts({ 'server-1': { units: runningUnit('agent') } }))).toBe(false);
    expect(isRunning(first, new Map())).toBe(false);
  });
});

describe('the server that all others join through', () => {
  it('runs with data, else has data, else is the first of the file', () => {
    const data = { etcdData: true };
    const through = (changes: Parameters<typeof facts>[0]): string | undefined =>
      firstServer(cluster, facts(changes))?.id;
    expect(through({ 'server-2': data, 'server-3': { ...data, ...RUNS } })).toBe('server-3');
    expect(through({ 'server-2': data, 'server-3': RUNS })).toBe('server-2');
    expect(through({ 'server-3': RUNS })).toBe('server-1');
    expect(through({})).toBe('server-1');
  });

  it('of new machines is the one that the file lets found the cluster', () => {
    const founder = { ...third, config: { ...third.config, 'cluster-init': true } };
    const own = { ...cluster, servers: [first, second, founder] };
    expect(firstServer(own, facts())?.id).toBe('server-3');
  });
});

describe('how a server begins', () => {
  it('is founding for the first of new ones, and joining it for all others', () => {
    expect(serverStart(cluster, first, facts())).toEqual({ kind: 'found' });
    expect(serverStart(cluster, second, facts())).toEqual({ kind: 'join', through: 'server-1' });
  });

  it('is never founding beside data of another server', () => {
    const wiped = facts({ 'server-2': { etcdData: true } });
    expect(serverStart(cluster, first, wiped)).toEqual({ kind: 'join', through: 'server-2' });
    expect(serverStart(cluster, third, wiped)).toEqual({ kind: 'join', through: 'server-2' });
    // It has the only data: it goes on with it.
    expect(serverStart(cluster, second, wiped)).toEqual({ kind: 'found' });
  });

  it('is the same for all where the data is elsewhere, and for agents', () => {
    const outside = clusterOf({ datastore: { type: 'mysql', endpoint: 'mysql://u:p@tcp(10.0.0.9:3306)/k3s' } });
    const [, other] = outside.servers as [ClusterNode, ClusterNode];
    expect(serverStart(outside, other, facts())).toEqual({ kind: 'found' });
    expect(serverStart(cluster, agent, facts())).toEqual({ kind: 'found' });
  });
});

describe('the authority of the cluster', () => {
  it('is that of the server that the others join through, else that of any server, and never that of an agent', () => {
    const runs = { etcdData: true, ...RUNS };
    const all = facts({
      'server-1': { caHash: 'a' },
      'server-3': { caHash: 'c', ...runs },
      'agent-1': { caHash: 'x' },
    });
    expect(clusterCaHash(cluster, all)).toBe('c');
    expect(clusterCaHash(cluster, facts({ 'server-2': { caHash: 'b' } }))).toBe('b');
    expect(clusterCaHash(cluster, facts({ 'agent-1': { caHash: 'x' } }))).toBeUndefined();
  });
});

describe('a server that turns its SQLite into etcd', () => {
  const sqlite = { sqliteData: true, ...RUNS };

  it('runs with SQLite while no server has etcd', () => {
    expect(convertingServer(cluster, facts({ 'server-2': sqlite }))?.id).toBe('server-2');
    expect(convertingServer(cluster, facts({ 'server-2': { sqliteData: true } }))).toBeUndefined();
    expect(convertingServer(cluster, facts({ 'server-2': sqlite, 'server-3': { etcdData: true } }))).toBeUndefined();
  });

  it('is none where the file wants no etcd', () => {
    const stays = clusterOf({ datastore: { type: 'sqlite' } });
    expect(convertingServer(stays, facts({ 'server-2': sqlite }))).toBeUndefined();
  });
});

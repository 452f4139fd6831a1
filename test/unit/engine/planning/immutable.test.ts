import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../../src/core/cluster/cluster';
import type { UnitFacts } from '../../../../src/core/facts/k3sFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { immutableProblems } from '../../../../src/engine/planning/immutable';
import type { NodeContent } from '../../../../src/engine/planning/desired';
import { clusterOf, runningUnit } from '../../../support/cluster';
import { contentFor, provisionedFacts } from '../../../support/plans';

/** What is said of the first server, which differs by this from one that is as `before` says. */
function said(after: Cluster, seen: Partial<HostFacts> = {}, before = clusterOf()): readonly string[] {
  const [server] = after.servers as [ClusterNode];
  const facts = { ...(provisionedFacts(before).get('server-1') as HostFacts), ...seen };
  const content = contentFor(after).get('server-1') as NodeContent;
  return immutableProblems(after, server, facts, content).map(({ message }) => message);
}

const withOption = (name: string, value: unknown): Cluster => clusterOf({ serverConfig: { [name]: value } });

describe('values that a running cluster keeps', () => {
  it('may be written out where K3s has them anyway', () => {
    expect(said(withOption('cluster-cidr', '10.42.0.0/16'))).toEqual([]);
    expect(said(withOption('service-cidr', ['10.43.0.0/16']))).toEqual([]);
    expect(said(withOption('cluster-domain', 'cluster.local'))).toEqual([]);
    expect(said(withOption('secrets-encryption', false))).toEqual([]);
    expect(said(withOption('data-dir', '/var/lib/rancher/k3s'))).toEqual([]);
  });

  it('are the same in one text and in a list', () => {
    const before = withOption('cluster-cidr', '10.42.0.0/16, fd00::/56');
    expect(said(withOption('cluster-cidr', ['10.42.0.0/16', 'fd00::/56']), {}, before)).toEqual([]);
  });

  it('may not be dropped: without the option K3s would take its own value', () => {
    const before = withOption('cluster-cidr', '10.52.0.0/16');
    expect(said(clusterOf(), {}, before)).toEqual([
      'K3s on server-1 runs with cluster-cidr 10.52.0.0/16, and the cluster file says 10.42.0.0/16',
    ]);
  });

  it('of cluster-dns are kept as well, but K3s works one out where nobody gives one', () => {
    const before = withOption('cluster-dns', '10.43.0.10');
    expect(said(clusterOf(), {}, before)).toEqual([]);
    expect(said(withOption('cluster-dns', '10.43.0.10'))).toEqual([]);
    expect(said(withOption('cluster-dns', '10.43.0.53'), {}, before)).toEqual([
      'K3s on server-1 runs with cluster-dns 10.43.0.10, and the cluster file says 10.43.0.53',
    ]);
  });

  it('are what arguments and variables of the unit say, too', () => {
    const unit = runningUnit('server').k3s as UnitFacts;
    const seen = { units: { k3s: { ...unit, command: ['server', '--cluster-domain=edge.local'] } } };
    expect(said(clusterOf(), seen)).toEqual([
      'K3s on server-1 runs with cluster-domain edge.local, and the cluster file says cluster.local',
    ]);
    expect(said(withOption('cluster-domain', 'edge.local'), seen)).toEqual([]);
  });

  it('bind a server that has never run only to its folder', () => {
    const before = clusterOf({ serverConfig: { 'cluster-cidr': '10.52.0.0/16', 'data-dir': '/data/k3s' } });
    const never = { serverToken: false, etcdData: false };
    expect(said(clusterOf(), never, before)).toEqual([
      'K3s on server-1 runs with data-dir /data/k3s, and the cluster file says /var/lib/rancher/k3s',
    ]);
  });

  it('bind neither hosts without K3s nor agents', () => {
    expect(said(withOption('cluster-cidr', '10.52.0.0/16'), { units: {} })).toEqual([]);
    const cluster = withOption('cluster-cidr', '10.52.0.0/16');
    const [agent] = cluster.agents as [ClusterNode];
    const facts = provisionedFacts(clusterOf()).get('agent-1') as HostFacts;
    const content = contentFor(cluster).get('agent-1') as NodeContent;
    expect(immutableProblems(cluster, agent, { ...facts, serverToken: true }, content)).toEqual([]);
  });
});

describe('the datastore of a running cluster', () => {
  const mysql = (endpoint?: string): Cluster =>
    clusterOf({ datastore: { type: 'mysql', ...(endpoint === undefined ? {} : { endpoint }) } });
  const HERE = 'mysql://u:p@tcp(10.0.0.9:3306)/k3s';

  it('may go from SQLite to embedded etcd, and nowhere else', () => {
    const sqlite = clusterOf({ datastore: { type: 'sqlite' } });
    const seen = { sqliteData: true, etcdData: false };
    expect(said(sqlite, seen, sqlite)).toEqual([]);
    expect(said(clusterOf(), seen, sqlite)).toEqual([]);
    expect(said(mysql(HERE), seen, sqlite)).toEqual([
      'K3s on server-1 keeps its data in SQLite, and the cluster file says MySQL',
    ]);
  });

  it('may not be given up for one on the servers', () => {
    expect(said(clusterOf(), {}, mysql(HERE))).toEqual([
      'K3s on server-1 keeps its data in the datastore mysql at 10.0.0.9:3306, database k3s, and the cluster file says embedded etcd',
    ]);
  });

  it('is the same whatever the order of its members', () => {
    const etcd = (endpoint: string): Cluster => clusterOf({ datastore: { type: 'etcd', endpoint } });
    const before = etcd('https://10.0.0.60:2379,https://10.0.0.61:2379');
    expect(said(etcd('https://10.0.0.61:2379,https://10.0.0.60:2379'), {}, before)).toEqual([]);
    expect(said(etcd('https://10.0.0.61:2379,https://10.0.0.62:2379'), {}, before)).toEqual([
      'K3s on server-1 keeps its data in etcd at 10.0.0.60:2379, 10.0.0.61:2379, and the cluster file says etcd at 10.0.0.61:2379, 10.0.0.62:2379',
    ]);
  });
});

describe('the tokens of a running cluster', () => {
  it('may not be given, dropped or changed, and are never told', () => {
    const other = withOption('agent-token', 'a-long-other-one');
    const before = withOption('agent-token', 'a-long-agent-one');
    const all = [said(other), said(clusterOf(), {}, before), said(other, {}, before)];
    expect(all).toEqual([
      ['K3s on server-1 runs without an agent-token, and the cluster file says otherwise'],
      ['K3s on server-1 runs with another agent-token, and the cluster file says otherwise'],
      ['K3s on server-1 runs with another agent-token, and the cluster file says otherwise'],
    ]);
    expect(JSON.stringify(all)).not.toContain('a-long');
  });

  it('say nothing where the host or the file does not tell its own', () => {
    const { tokenSha256: _, ...without } = provisionedFacts(clusterOf()).get('server-1') as HostFacts;
    const cluster = clusterOf();
    const [server] = cluster.servers as [ClusterNode];
    const content = contentFor(cluster).get('server-1') as NodeContent;
    expect(immutableProblems(cluster, server, without as HostFacts, content)).toEqual([]);
    const { tokenSha256: __, ...untold } = content;
    const facts = { ...without, tokenSha256: 'ab'.repeat(32) } as HostFacts;
    expect(immutableProblems(cluster, server, facts, untold)).toEqual([]);
    expect(immutableProblems(cluster, server, facts, content)).toHaveLength(1);
  });
});

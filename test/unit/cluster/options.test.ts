import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../src/core/cluster/cluster';
import { configOptions } from '../../../src/core/cluster/configFile';
import { apiPort, dataDir, isOn, option } from '../../../src/core/cluster/options';
import { normalise } from '../../../src/core/cluster/normalise';
import { serverUrl } from '../../../src/core/cluster/registration';
import { etcdMembers } from '../../../src/core/cluster/roles';
import { buildGraph } from '../../../src/core/topology/graph';
import { portInUse } from '../../../src/core/hostChecks/checks/portInUse';
import { freshHost } from '../../support/cluster';

interface Written {
  readonly own?: Record<string, unknown>;
  readonly role?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly datastore?: Record<string, unknown>;
}

function clusterOf({ own = {}, role = {}, env = {}, datastore }: Written): {
  readonly cluster: Cluster;
  readonly server: ClusterNode;
} {
  const cluster = normalise({
    k3s: { install: { env } },
    ...(datastore === undefined ? {} : { datastore }),
    servers: {
      config: role,
      nodes: [{ host: '10.0.0.11', config: own }, { host: '10.0.0.12' }, { host: '10.0.0.13' }],
    },
    agents: { nodes: [{ host: '10.0.1.11' }] },
  });
  return { cluster, server: cluster.servers[0] as ClusterNode };
}

describe('the value that an option has on a node', () => {
  it('comes from the arguments, the config, then the environment', () => {
    const all = {
      own: { 'data-dir': '/own' },
      role: { 'data-dir': '/role' },
      env: { K3S_DATA_DIR: '/env', INSTALL_K3S_EXEC: 'server --data-dir=/exec' },
    };
    expect(dataDir(clusterOf(all).cluster, clusterOf(all).server)).toBe('/exec');
    const without = { ...all, env: { K3S_DATA_DIR: '/env' } };
    const { cluster, server } = clusterOf(without);
    expect(cluster.servers.map((one) => option(cluster, one, 'data-dir')?.value)).toEqual(['/own', '/role', '/role']);
    expect(dataDir(clusterOf({ env: { K3S_DATA_DIR: '/env' } }).cluster, { ...server, config: {} })).toBe('/env');
    expect(dataDir(clusterOf({}).cluster, clusterOf({}).server)).toBe('/var/lib/rancher/k3s');
  });

  it('reads arguments as K3s does: switches, quotes, short names, and for the role that they name', () => {
    const { cluster, server } = clusterOf({
      env: {
        INSTALL_K3S_EXEC: `server --disable-etcd --https-listen-port 7443 -d "/my data" --flannel-backend='none'`,
      },
    });
    expect(
      ['disable-etcd', 'https-listen-port', 'data-dir', 'flannel-backend'].map(
        (name) => option(cluster, server, name)?.value,
      ),
    ).toEqual([true, '7443', '/my data', 'none']);
    expect(option(cluster, cluster.agents[0] as ClusterNode, 'data-dir')).toBeUndefined();
    expect(etcdMembers({ ...cluster, datastore: { type: 'embedded-etcd' } })).toEqual([]);
  });

  it('a switch is on in every spelling that Go takes', () => {
    expect([true, 'true', 'TRUE', 1, '1', 't'].map(isOn)).toEqual([true, true, true, true, true, true]);
    expect([false, 'false', 0, '', 'yes', undefined, null].map(isOn)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('B4: https-listen-port as text is the same port for planner, diagram and rules', () => {
    const { cluster, server } = clusterOf({
      role: { 'https-listen-port': '7443' },
      datastore: { type: 'embedded-etcd' },
    });
    expect(apiPort(cluster, server)).toBe(7443);
    expect(serverUrl(cluster, server)).toBe('https://10.0.0.11:7443');
    expect(
      configOptions(cluster, cluster.servers[1] as ClusterNode, { kind: 'join', through: server.id })['server'],
    ).toBe('https://10.0.0.11:7443');
    expect(
      portInUse
        .judge({
          cluster,
          facts: new Map([[server.id, { ...freshHost('s'), listeningPorts: [7443] }]]),
          unreachable: new Map(),
        })
        .map(({ message }) => message)
        .join(),
    ).toContain('Port 7443');
    const ports = buildGraph(cluster, [])
      .edges.filter(({ kind }) => kind === 'api' || kind === 'registration' || kind === 'client-lb')
      .map(({ port }) => port);
    expect(new Set(ports)).toEqual(new Set(['7443']));
  });

  it.each([70_000, 'soon', '', -1, 1.5])('a port %s that is none leaves the default', (port) => {
    const { cluster, server } = clusterOf({ role: { 'https-listen-port': port } });
    expect(apiPort(cluster, server)).toBe(6443);
  });
});

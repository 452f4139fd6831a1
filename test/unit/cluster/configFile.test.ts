import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderConfig } from '../../../src/core/cluster/configFile';
import { installEnvironment } from '../../../src/core/cluster/installEnvironment';
import { normalise } from '../../../src/core/cluster/normalise';
import type { ClusterNode } from '../../../src/core/cluster/cluster';
import { clusterOf } from '../../support/cluster';
import { registrationUrl } from '../../../src/core/cluster/registration';

/** As K3s reads it: YAML 1.1. */
const asK3s = (text: string): Record<string, unknown> => parse(text, { version: '1.1' }) as Record<string, unknown>;

describe('config.yaml', () => {
  const cluster = clusterOf();
  const [first, second] = cluster.servers as [ClusterNode, ClusterNode];

  it('of the first server founds the etcd cluster, of the others joins it', () => {
    expect(asK3s(renderConfig(cluster, first, { kind: 'found' }))).toEqual({
      token: '${secret:edge-token}',
      'cluster-init': true,
      'node-name': 'server-1',
      'tls-san': ['10.0.0.100'],
    });
    expect(asK3s(renderConfig(cluster, second, { kind: 'join', through: first.id }))).toMatchObject({
      server: 'https://10.0.0.11:6443',
    });
    expect(asK3s(renderConfig(cluster, second, { kind: 'join', through: first.id }))).not.toHaveProperty(
      'cluster-init',
    );
  });

  it('of an agent has the load balancer and no option of a server', () => {
    expect(asK3s(renderConfig(cluster, cluster.agents[0] as ClusterNode, { kind: 'found' }))).toEqual({
      token: '${secret:edge-token}',
      server: 'https://10.0.0.100:6443',
      'node-name': 'agent-1',
    });
  });

  it('with a database has its endpoint and never cluster-init or server', () => {
    const sql = clusterOf({ datastore: { type: 'mysql', endpoint: 'mysql://u:p@tcp(db:3306)/k3s' } });
    const config = asK3s(renderConfig(sql, sql.servers[1] as ClusterNode, { kind: 'found' }));
    expect(config).toMatchObject({ 'datastore-endpoint': 'mysql://u:p@tcp(db:3306)/k3s' });
    expect(Object.keys(config)).not.toEqual(expect.arrayContaining(['cluster-init']));
    expect(Object.keys(config)).not.toEqual(expect.arrayContaining(['server']));
  });

  it('keeps values that YAML 1.1 would change', () => {
    const tricky = clusterOf({
      serverConfig: { 'write-kubeconfig-mode': '0644', 'node-label': ['a=yes'], 'cluster-domain': 'on' },
    });
    const config = asK3s(renderConfig(tricky, tricky.servers[0] as ClusterNode, { kind: 'found' }));
    expect(config).toMatchObject({ 'write-kubeconfig-mode': '0644', 'node-label': ['a=yes'], 'cluster-domain': 'on' });
  });

  it('gives those who join the full token, named as K3s names it', () => {
    const hash = '0f'.repeat(32);
    const token = (change: Record<string, unknown>, agentConfig: Record<string, string> = {}): unknown => {
      const [agent] = cluster.agents as [ClusterNode];
      return asK3s(renderConfig({ ...cluster, ...change }, { ...agent, config: agentConfig }, { kind: 'found' }, hash))[
        'token'
      ];
    };
    expect(token({ token: 'secret' })).toBe(`K10${hash}::server:secret`);
    expect(token({ token: ' se::cret ' })).toBe(`K10${hash}::server:se::cret`);
    expect(token({ token: 'secret' }, { token: 'for-agents' })).toBe(`K10${hash}::node:for-agents`);
    expect(token({ token: 'abcdef.0123456789abcdef' })).toBe(`K10${hash}::abcdef.0123456789abcdef`);
    expect(token({ token: `K10${'a'.repeat(64)}::server:x` })).toBe(`K10${'a'.repeat(64)}::server:x`);
    expect(token({ token: 'secret' }, { 'token-file': '/etc/token' })).toBeUndefined();
  });

  it('brackets an IPv6 registration address', () => {
    expect(
      registrationUrl(normalise({ loadBalancer: { address: 'fd00::100' }, servers: { nodes: [{ host: 'a' }] } })),
    ).toBe('https://[fd00::100]:6443');
  });
});

describe('the environment of the installer', () => {
  it('pins the release, never starts K3s, and keeps what the file says', () => {
    const cluster = normalise({
      k3s: { version: 'v1.36.3+k3s1', install: { env: { INSTALL_K3S_MIRROR: 'cn' } } },
      servers: { nodes: [{ host: 'a' }] },
    });
    expect(installEnvironment(cluster, 'server')).toEqual({
      INSTALL_K3S_MIRROR: 'cn',
      INSTALL_K3S_SKIP_START: 'true',
      INSTALL_K3S_VERSION: 'v1.36.3+k3s1',
    });
  });

  it('gives INSTALL_K3S_EXEC the role word that it lacks', () => {
    const cluster = normalise({
      k3s: { install: { env: { INSTALL_K3S_EXEC: '--debug' } } },
      servers: { nodes: [{ host: 'a' }] },
    });
    expect(installEnvironment(cluster, 'agent')['INSTALL_K3S_EXEC']).toBe('agent --debug');
  });
});

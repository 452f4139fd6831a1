import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { desiredBalancers } from '../../../src/engine/planning/balancers';
import { balancedCluster, withFreshBalancers } from '../../support/balancers';

const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;
const SECRETS = { text: () => 'Kx3-9pQ', masks: [] };

/** Every file of a machine, one after another. */
function filesOn(cluster: Cluster, id: string): string {
  const content = desiredBalancers(cluster, withFreshBalancers(cluster, new Map()), SECRETS).get(id);
  const files = (content?.parts ?? []).flatMap(({ config, dropIn }) =>
    dropIn === undefined ? [config] : [config, dropIn],
  );
  return files.map(({ path, mode, text }) => `=== ${path} ${mode}\n${text}`).join('\n');
}

describe('what a machine of the load balancer reads', () => {
  it.each<[string, Cluster, string]>([
    ['haproxy-pair-first', balancedCluster(), 'lb-1'],
    [
      'haproxy-pair-second-password',
      balancedCluster({ more: { vrrp: { routerId: 7, password: '${secret:vrrp}' } } }),
      'lb-2',
    ],
    ['haproxy-alone', balancedCluster({ balancers: ['10.0.0.5'], more: { port: 8443 } }), '10.0.0.5'],
    ['nginx-pair', balancedCluster({ type: 'nginx' }), 'lb-1'],
    [
      'haproxy-ipv6',
      balancedCluster({ balancers: ['fd00::5', 'fd00::6'], more: { address: 'fd00::100', vrrp: { password: 'x' } } }),
      'fd00::5',
    ],
  ])('%s', (name, cluster, id) => {
    const text = filesOn(cluster, id);
    const path = join(import.meta.dirname, `${name}.txt`);
    if (UPDATE) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it('never leads to a server without an API', () => {
    const cluster = balancedCluster();
    const [first, ...others] = cluster.servers;
    if (first === undefined) throw new Error('no server');
    const etcdOnly = { ...first, config: { ...first.config, 'disable-apiserver': true } };
    const text = filesOn({ ...cluster, servers: [etcdOnly, ...others] }, 'lb-1');
    expect(text).not.toContain('10.0.0.11:');
    expect(text).toContain('server server-2 10.0.0.12:6443');
  });

  it('follows the port of each server', () => {
    const text = filesOn(balancedCluster({ serverConfig: { 'https-listen-port': 7443 } }), 'lb-1');
    expect(text).toContain('server server-1 10.0.0.11:7443');
    expect(text).toContain('bind *:6443');
  });

  it('has nothing that would end a word of the configuration', () => {
    const cluster = balancedCluster({ serverConfig: { 'node-ip': '10.0.0.1\n  stats socket ipv4@0.0.0.0:9' } });
    expect(filesOn(cluster, 'lb-1')).toBe('');
  });
});

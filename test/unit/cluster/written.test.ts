import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../src/core/cluster/cluster';
import { normalise } from '../../../src/core/cluster/normalise';
import { optionIsOn, optionText } from '../../../src/core/cluster/options';
import {
  isWritten,
  isWrittenOn,
  writtenList,
  writtenNames,
  writtenText,
  writtenValue,
} from '../../../src/core/cluster/written';

function clusterOf(
  role: Record<string, unknown>,
  own: Record<string, unknown> = {},
  env: Record<string, string> = {},
): readonly [ClusterNode, Cluster] {
  const cluster = normalise({
    k3s: { install: { env } },
    servers: { config: role, nodes: [{ host: '10.0.0.11', config: own }] },
  });
  return [cluster.servers[0] as ClusterNode, cluster];
}

describe('what is written for a node', () => {
  it('is the config of its role with its own on top', () => {
    const [server] = clusterOf(
      { 'data-dir': '/role', 'tls-san': ['a'], docker: true },
      { 'data-dir': '/own', 'tls-san+': ['b'] },
    );
    expect(writtenText(server, 'data-dir')).toBe('/own');
    expect(writtenList(server, 'tls-san')).toEqual(['a', 'b']);
    expect(isWrittenOn(server, 'docker')).toBe(true);
    expect([...writtenNames(server)].sort()).toEqual(['data-dir', 'docker', 'tls-san']);
  });

  it('is not what the install script is told besides, which counts for the effective value', () => {
    const [server, cluster] = clusterOf(
      { 'data-dir': '/config' },
      {},
      { INSTALL_K3S_EXEC: 'server --data-dir=/exec --docker', K3S_TOKEN: 'secret' },
    );
    expect([writtenText(server, 'data-dir'), optionText(cluster, server, 'data-dir')]).toEqual(['/config', '/exec']);
    expect([isWrittenOn(server, 'docker'), optionIsOn(cluster, server, 'docker')]).toEqual([false, true]);
    expect([isWritten(server, 'token'), optionText(cluster, server, 'token')]).toEqual([false, 'secret']);
  });

  it.each([[['10.0.0.1', '10.0.0.2']], ['10.0.0.1,10.0.0.2'], [' 10.0.0.1 , ,10.0.0.2'], [['10.0.0.1,10.0.0.2', '']]])(
    'gives a list in any of its spellings: %j',
    (spelling) => {
      const [server] = clusterOf({ 'node-ip': spelling });
      expect(writtenList(server, 'node-ip')).toEqual(['10.0.0.1', '10.0.0.2']);
    },
  );

  it.each([[''], ['  '], [null], [[]]])('has no text and no list where nothing stands: %j', (nothing) => {
    const [server] = clusterOf({ server: nothing });
    expect(isWritten(server, 'server')).toBe(true);
    expect(writtenText(server, 'server')).toBeUndefined();
    expect(writtenList(server, 'server')).toEqual([]);
  });

  it('keeps the value as YAML gives it', () => {
    const [server] = clusterOf({ 'https-listen-port': 7443, 'tls-san': ['a'] });
    expect(writtenValue(server, 'https-listen-port')).toBe(7443);
    expect(writtenText(server, 'https-listen-port')).toBe('7443');
    expect(writtenText(server, 'tls-san')).toBeUndefined();
    expect(writtenValue(server, 'cluster-init')).toBeUndefined();
  });
});

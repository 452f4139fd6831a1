import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../../src/core/cluster/cluster';
import type { UnitFacts } from '../../../../src/core/facts/k3sFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { planChange } from '../../../../src/engine/planning/nodeChange';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';

/** A cluster whose install script gets these variables. */
function withEnv(env: Readonly<Record<string, string>>): Cluster {
  const cluster = clusterOf();
  return { ...cluster, k3s: { ...cluster.k3s, install: { ...cluster.k3s.install, env } } };
}

/** Why the install script has to run on the first agent, whose unit differs by this from a provisioned one. */
function reasonFor(cluster: Cluster, unit: Partial<UnitFacts>, host: Partial<HostFacts> = {}): string | undefined {
  const facts = provisionedFacts(cluster);
  const seen = facts.get('agent-1') as HostFacts;
  const own = { ...(seen.units['k3s-agent'] as UnitFacts), ...unit };
  facts.set('agent-1', { ...seen, units: { 'k3s-agent': own }, ...host });
  const [agent] = cluster.agents as [ClusterNode];
  return planChange(situationOf(cluster, facts), agent).installation?.reason;
}

describe('the install script runs again', () => {
  it('not on a host that is as the file says', () => {
    expect(reasonFor(clusterOf(), {})).toBeUndefined();
  });

  it('where the unit or the binary is missing', () => {
    expect(reasonFor(clusterOf(), {}, { units: {} })).toBe('K3s is not installed');
    const facts = provisionedFacts(clusterOf());
    const { k3sVersion: _, ...without } = facts.get('agent-1') as HostFacts;
    facts.set('agent-1', without as HostFacts);
    const [agent] = clusterOf().agents as [ClusterNode];
    expect(planChange(situationOf(clusterOf(), facts), agent).installation).toEqual({
      release: 'v1.36.3+k3s1',
      reason: 'K3s is not installed',
    });
  });

  it('for another release, and for none where the file names none', () => {
    expect(reasonFor(clusterOf(), {}, { k3sVersion: 'v1.36.2+k3s1' })).toBe('v1.36.2+k3s1 is installed');
    const { version: _, ...k3s } = clusterOf().k3s;
    expect(reasonFor({ ...clusterOf(), k3s }, {}, { k3sVersion: 'v1.36.2+k3s1' })).toBeUndefined();
  });

  it('for other arguments than the file gives, and only where it gives some', () => {
    const cluster = withEnv({ INSTALL_K3S_EXEC: 'agent --node-label a=b' });
    expect(reasonFor(cluster, { command: ['agent', '--node-label', 'a=b'] })).toBeUndefined();
    expect(reasonFor(cluster, { command: ['agent', '--node-label', 'a=c'] })).toBe(
      'its unit has other arguments than "agent --node-label a=b"',
    );
    expect(reasonFor(cluster, { command: ['agent', '--node-label', 'a=b', '--debug'] })).toContain('other arguments');
    expect(reasonFor(cluster, { command: ['agent'] })).toContain('other arguments');
    expect(reasonFor(clusterOf(), { command: ['agent', '--debug'] })).toBeUndefined();
  });

  it('N8: for a binary in another place than the file names, and only where it names one', () => {
    const seen = { k3sBinary: '/usr/local/bin/k3s' };
    expect(reasonFor(withEnv({ INSTALL_K3S_BIN_DIR: '/opt/bin' }), {}, seen)).toBe(
      'its unit starts /usr/local/bin/k3s and not /opt/bin/k3s',
    );
    expect(reasonFor(withEnv({ INSTALL_K3S_BIN_DIR: '/usr/local/bin/' }), {}, seen)).toBeUndefined();
    expect(reasonFor(clusterOf(), {}, { k3sBinary: '/opt/bin/k3s' })).toBeUndefined();
  });

  it('for variables that the script keeps for K3s, and for no other ones', () => {
    const cluster = withEnv({
      HTTPS_PROXY: 'http://proxy:3128',
      no_proxy: '10.0.0.0/8',
      CONTAINERD_HTTP_PROXY: 'http://proxy:3128',
      INSTALL_K3S_MIRROR: 'cn',
      PROXY_USER: 'ada',
    });
    const environment = {
      HTTPS_PROXY: 'http://proxy:3128',
      no_proxy: '10.0.0.0/8',
      CONTAINERD_HTTP_PROXY: 'http://proxy:3128',
    };
    expect(reasonFor(cluster, { environment })).toBeUndefined();
    expect(reasonFor(cluster, { environment: { ...environment, no_proxy: '10.1.0.0/16' } })).toBe(
      'its unit has another value of no_proxy',
    );
    expect(reasonFor(cluster, { environment: { HTTPS_PROXY: 'http://proxy:3128' } })).toBe(
      'its unit has another value of no_proxy, CONTAINERD_HTTP_PROXY',
    );
  });
});

describe('how a server with data began', () => {
  const cluster = clusterOf();
  const [first, second] = cluster.servers as [ClusterNode, ClusterNode];
  const facts = provisionedFacts(cluster);

  /** The change of a server whose config.yaml has another beginning. */
  const changeOf = (node: ClusterNode, from: RegExp, to: string, more: Partial<HostFacts> = {}) => {
    const seen = facts.get(node.id) as HostFacts;
    const config = (seen.config ?? '').replace(from, to);
    expect(config).not.toBe(seen.config);
    return planChange(situationOf(cluster, new Map([...facts, [node.id, { ...seen, config, ...more }]])), node);
  };

  it('is no reason to change anything, whichever server it joined through', () => {
    const through = changeOf(second, /^server: .*$/m, 'server: https://10.0.0.13:6443');
    expect(through.config).toBeUndefined();
    expect(changeOf(second, /^server: .*$/m, 'cluster-init: true').config).toBeUndefined();
  });

  it('stays as it is when something else is written', () => {
    const through = changeOf(second, /^server: .*$/m, 'debug: true\nserver: https://10.0.0.13:6443/');
    expect(through.config?.start).toEqual({ kind: 'join', through: 'server-3' });
    expect(through.config?.options.map(({ name }) => name)).toEqual(['debug']);
    const founded = changeOf(first, /^cluster-init: .*$/m, 'cluster-init: true\ndebug: true');
    expect(founded.config?.start).toEqual({ kind: 'found' });
  });

  it('is decided anew for a server without data', () => {
    const wiped = changeOf(second, /^server: .*$/m, 'cluster-init: true', { etcdData: false, serverToken: false });
    expect(wiped.config?.start).toEqual({ kind: 'join', through: 'server-1' });
  });
});

describe('what a run that was cut off left behind', () => {
  const cluster = clusterOf();
  const [server] = cluster.servers as [ClusterNode];
  const changeWith = (seen: Partial<HostFacts>) => {
    const facts = provisionedFacts(cluster);
    facts.set('server-1', { ...(facts.get('server-1') as HostFacts), ...seen });
    return planChange(situationOf(cluster, facts), server);
  };

  it('is a restart for a change that was never loaded', () => {
    expect(changeWith({ restartPending: true })).toEqual({
      pending: 'it still runs with its old configuration',
    });
  });

  it('is a proof, too, where the old state lies aside', () => {
    expect(changeWith({ aside: true })).toEqual({ pending: 'it still runs with its old configuration', aside: true });
  });

  it('is nothing on any other host', () => {
    expect(changeWith({})).toEqual({});
  });
});

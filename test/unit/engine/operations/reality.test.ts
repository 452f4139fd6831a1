import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { UnitFacts } from '../../../../src/core/facts/k3sFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { problem } from '../../../../src/core/base/problem';
import type { Plan } from '../../../../src/core/plan/plan';
import { planText } from '../../../../src/core/plan/planText';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import type { LiveCluster } from '../../../../src/engine/planning/situation';
import { clusterOf, freshHost, runningUnit } from '../../../support/cluster';
import { freshFacts, planFor, provisionedFacts, TOKEN } from '../../../support/plans';
import { apiNode, NOW, SERVER_LABELS, VOTER } from '../../health/nodes';

/** The facts of one host, changed. */
function seen(facts: Map<string, HostFacts>, id: string, change: Partial<HostFacts>): void {
  facts.set(id, { ...(facts.get(id) as HostFacts), ...change });
}

function codes(plan: Plan): string[] {
  return plan.problems.map(({ code }) => code);
}

function stepIds(plan: Plan): string[] {
  return plan.steps.map(({ id }) => id);
}

/** Servers of this name in the live cluster, all voters. */
function liveWith(...names: readonly string[]): LiveCluster {
  const nodes = names.map((name, i) =>
    nodeHealth(apiNode({ name, ip: `10.0.0.${11 + i}`, labels: SERVER_LABELS, etcd: VOTER }), NOW),
  );
  const members = names.map((name, i) => ({
    id: String(i + 1),
    name: `${name}-0a1b2c3d`,
    nodeName: name,
    peerUrls: [`https://10.0.0.${11 + i}:2380`],
    clientUrls: [],
    learner: false,
  }));
  return { through: 'server-1', nodes, etcd: { members, healthy: true, ready: true } };
}

describe('the plan is a difference to what is there', () => {
  it('shows the lines that change, with secrets as «secret»', () => {
    const plan = planFor(
      clusterOf({ serverConfig: { 'write-kubeconfig-mode': '0640' } }),
      provisionedFacts(clusterOf()),
    );
    const text = planText(plan);
    expect(text).toContain('+ write-kubeconfig-mode: "0640"');
    expect(text).not.toMatch(/[-+] (?:node-name|cluster-init|server):/);
    expect(JSON.stringify(plan)).not.toContain(TOKEN);
    const [difference] = plan.steps.flatMap(({ differences }) => differences);
    expect(difference?.before).toContain('token: «secret»');
  });

  it('takes a configuration of other hands that says the same for what it is', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    seen(facts, 'agent-1', {
      config: `# by hand\nserver: "https://10.0.0.100:6443"\ntoken: ${TOKEN}\n`,
      hostname: 'agent-1',
    });
    seen(facts, 'server-1', {
      config: `cluster-init: true\ntls-san: 10.0.0.100\nnode-name: server-1\n`,
      units: {
        k3s: { ...(runningUnit('server').k3s as UnitFacts), command: ['server', '--token', TOKEN], environment: {} },
      },
    });
    expect(stepIds(planFor(cluster, facts))).toEqual([]);
  });

  it('removes what the file does not say any more', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(clusterOf({ serverConfig: { 'kube-apiserver-arg': ['v=2'] } }));
    const plan = planFor(cluster, facts);
    expect(stepIds(plan)).toContain('write-config:server-1');
    expect(planText(plan)).toContain('- kube-apiserver-arg:');
  });

  it('M10: names drop-ins that decide otherwise, and plans nothing that would have no effect', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    const path = '/etc/rancher/k3s/config.yaml.d/50-site.yaml';
    seen(facts, 'server-2', { dropIns: new Map([[path, 'tls-san: [other.example]\nkubelet-arg: [v=4]\n']]) });
    const plan = planFor(cluster, facts);
    expect(stepIds(plan)).toEqual([]);
    expect(plan.notes.join('\n')).toContain(`On server-2 ${path} decides tls-san`);
    expect(plan.notes.join('\n')).toContain(`${path} set kubelet-arg, which the cluster file does not mention`);
  });

  it('M10: refuses a K3s that reads another file, and an installer that puts it elsewhere', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    const unit = runningUnit('agent')['k3s-agent'] as UnitFacts;
    seen(facts, 'agent-1', { units: { 'k3s-agent': { ...unit, environment: { K3S_CONFIG_FILE: '/opt/k3s.yaml' } } } });
    expect(codes(planFor(cluster, facts))).toEqual(['configuration-elsewhere']);
    const install = { ...cluster.k3s.install, env: { INSTALL_K3S_NAME: 'blue' } };
    const renamed: Cluster = { ...cluster, k3s: { ...cluster.k3s, install } };
    expect(codes(planFor(renamed, freshFacts(renamed)))).toEqual(['installation-elsewhere']);
  });

  it.each([
    ['/opt/bin', []],
    ['/opt/k3s bin', ['binary-folder-unusable']],
    ['opt/bin', ['binary-folder-unusable']],
    ['/opt/../etc', ['binary-folder-unusable']],
    ['${secret:folder}', ['binary-folder-unusable']],
  ])('N8: a binary in %s', (folder, wanted) => {
    const cluster = clusterOf();
    const install = { ...cluster.k3s.install, env: { INSTALL_K3S_BIN_DIR: folder } };
    expect(codes(planFor({ ...cluster, k3s: { ...cluster.k3s, install } }, freshFacts(cluster)))).toEqual(wanted);
  });

  it('M7: names the hosts with their addresses', () => {
    const cluster = clusterOf();
    expect(planText(planFor(cluster, freshFacts(cluster)))).toContain(
      'Hosts: server-1 (10.0.0.11), server-2 (10.0.0.12)',
    );
  });

  it('tells that a name which the file drops stays in the certificate', () => {
    const before = clusterOf({ serverConfig: { 'tls-san': ['10.0.0.100', 'old.example'] } });
    const facts = provisionedFacts(before);
    seen(facts, 'server-1', { certificateNames: ['10.0.0.100', 'old.example', 'server-1'] });
    const plan = planFor(clusterOf(), facts);
    expect(plan.notes.join('\n')).toContain('keeps 1 name that the file does not have any more: old.example');
    expect(stepIds(plan)).toContain('restart:server-3');
  });
});

describe('H3: what a running cluster cannot change', () => {
  const mysql = (endpoint: string): Record<string, unknown> => ({ type: 'mysql', endpoint });
  const HERE = 'mysql://u:p@tcp(10.0.0.9:3306)/k3s';

  it.each([
    [
      'cluster-cidr',
      { serverConfig: { 'cluster-cidr': '10.52.0.0/16' } },
      'cluster-cidr 10.42.0.0/16, and the cluster file says 10.52.0.0/16',
    ],
    ['service-cidr', { serverConfig: { 'service-cidr': '10.53.0.0/16' } }, 'service-cidr'],
    ['cluster-domain', { serverConfig: { 'cluster-domain': 'other.local' } }, 'cluster-domain'],
    ['dual stack', { serverConfig: { 'cluster-cidr': ['10.42.0.0/16', 'fd00::/56'] } }, 'fd00::/56'],
    ['secrets-encryption', { serverConfig: { 'secrets-encryption': true } }, 'secrets-encryption'],
    ['agent-token', { serverConfig: { 'agent-token': 'another' } }, 'agent-token'],
    ['data-dir', { serverConfig: { 'data-dir': '/data/k3s' } }, 'data-dir'],
    [
      'another datastore',
      { datastore: mysql(HERE) },
      'keeps its data in embedded etcd, and the cluster file says MySQL',
    ],
  ])('%s is a problem that says what to do instead', (_, shape, words) => {
    const plan = planFor(clusterOf(shape), provisionedFacts(clusterOf()));
    expect(plan.steps).toEqual([]);
    expect(new Set(codes(plan))).toEqual(new Set(['immutable-changed']));
    expect(plan.problems[0]?.message).toContain(words);
    expect(plan.problems[0]?.message).not.toContain('another"');
    expect(plan.problems[0]?.nextSteps.join()).toMatch(/^(?:Keep|Put)/);
  });

  it('the token is a problem that names the rotation, and neither token is told', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    for (const id of ['server-1', 'server-2', 'server-3']) seen(facts, id, { tokenSha256: '0'.repeat(64) });
    const plan = planFor(cluster, facts);
    expect(new Set(codes(plan))).toEqual(new Set(['immutable-changed']));
    expect(plan.problems[0]?.message).toContain('another token');
    expect(plan.problems[0]?.nextSteps.join()).toContain('k3s-ha token rotate');
    expect(JSON.stringify(plan)).not.toContain(TOKEN);
  });

  it.each([
    ['another host', 'mysql://u:p@tcp(10.0.0.8:3306)/k3s', ['immutable-changed', 'immutable-changed']],
    ['another database', 'mysql://u:p@tcp(10.0.0.9:3306)/other', ['immutable-changed', 'immutable-changed']],
    ['another password only', 'mysql://u:q@tcp(10.0.0.9:3306)/k3s', []],
  ])('an endpoint with %s', (_, endpoint, expected) => {
    const before = clusterOf({ servers: 2, datastore: mysql(HERE) });
    const plan = planFor(clusterOf({ servers: 2, datastore: mysql(endpoint) }), provisionedFacts(before));
    expect(codes(plan)).toEqual(expected);
    expect(JSON.stringify(plan.problems)).not.toContain('u:p@');
  });
});

describe('the way to etcd 3.6', () => {
  it.each([
    ['v1.33.4+k3s1', 'v1.34.10+k3s1', ['etcd-hop', 'etcd-hop', 'etcd-hop']],
    ['v1.33.7+k3s3', 'v1.34.10+k3s1', []],
    ['v1.33.9+k3s1', 'v1.34.10+k3s1', []],
    ['v1.33.4+k3s1', 'v1.33.7+k3s3', []],
    ['v1.34.1+k3s1', 'v1.35.7+k3s1', []],
  ])('from %s to %s is judged by the release that runs', (installed, version, expected) => {
    const cluster = clusterOf({ version });
    const facts = provisionedFacts(cluster);
    for (const id of facts.keys()) seen(facts, id, { k3sVersion: installed });
    const plan = planFor(cluster, facts);
    expect(codes(plan)).toEqual(expected);
    if (expected.length > 0) expect(plan.problems[0]?.nextSteps.join()).toContain('v1.33.7+k3s3');
  });

  it('asks nothing of a cluster without embedded etcd', () => {
    const datastore = { type: 'mysql', endpoint: 'mysql://u:p@tcp(10.0.0.9:3306)/k3s' };
    const cluster = clusterOf({ servers: 2, datastore, version: 'v1.34.10+k3s1' });
    const facts = provisionedFacts(cluster);
    for (const id of facts.keys()) seen(facts, id, { k3sVersion: 'v1.33.4+k3s1' });
    expect(codes(planFor(cluster, facts))).toEqual([]);
  });
});

describe('N16: the way to containerd 2', () => {
  it.each([
    ['v1.31.5+k3s1', 'v1.31.6+k3s1', ['config.toml.tmpl'], true],
    ['v1.32.1+k3s1', 'v1.33.4+k3s1', ['config.toml.tmpl', 'other.tmpl'], true],
    ['v1.31.5+k3s1', 'v1.31.6+k3s1', ['config.toml.tmpl', 'config-v3.toml.tmpl'], false],
    ['v1.31.5+k3s1', 'v1.31.6+k3s1', undefined, false],
    ['v1.32.2+k3s1', 'v1.33.4+k3s1', ['config.toml.tmpl'], false],
    ['v1.30.8+k3s1', 'v1.31.5+k3s1', ['config.toml.tmpl'], false],
  ])('from %s to %s with %j', (installed, version, containerdTemplates, isTold) => {
    const cluster = clusterOf({ version });
    const facts = provisionedFacts(cluster);
    for (const id of facts.keys()) seen(facts, id, { k3sVersion: installed });
    if (containerdTemplates) seen(facts, 'agent-1', { containerdTemplates });
    const told = planFor(cluster, facts).notes.filter((note) => note.includes('config.toml.tmpl'));
    expect(told).toHaveLength(isTold ? 1 : 0);
    if (isTold) expect(told[0]).toMatch(/^agent-1 has a template of its own .* as config-v3\.toml\.tmpl before/);
  });
});

describe('H8: SQLite becomes embedded etcd', () => {
  it('in the order that works: the server that has the data first, then those who join it', () => {
    const cluster = clusterOf();
    const facts = freshFacts(cluster);
    seen(facts, 'server-1', {
      k3sVersion: 'v1.36.3+k3s1',
      units: runningUnit('server'),
      config: `token: ${TOKEN}\nnode-name: server-1\n`,
      sqliteData: true,
      serverToken: true,
    });
    const plan = planFor(cluster, facts);
    expect(plan.problems).toEqual([]);
    const start = plan.steps.find(({ id }) => id === 'start:server-2');
    expect(start?.after).toEqual(expect.arrayContaining(['restart:server-1', 'put-back:server-1']));
    expect(plan.steps.find(({ id }) => id === 'write-config:server-1')?.input).toEqual({ start: { kind: 'found' } });
  });
});

describe('who the machines are', () => {
  it('H6: servers of two clusters are a problem before anything is touched', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    seen(facts, 'server-2', { caHash: 'cd'.repeat(32) });
    seen(facts, 'agent-2', { caHash: 'cd'.repeat(32) });
    const plan = planFor(cluster, facts);
    expect(codes(plan)).toEqual(['several-clusters']);
    expect(plan.problems[0]?.message).toContain('server-2 and agent-2');
  });

  it('two machines of one host name are a problem, unless the file names them', () => {
    const cluster = clusterOf();
    const unnamed: Cluster = {
      ...cluster,
      agents: cluster.agents.map(({ name: _, ...agent }) => agent),
    };
    const facts = freshFacts(unnamed);
    seen(facts, 'agent-1', { hostname: 'worker' });
    seen(facts, 'agent-2', { hostname: 'WORKER' });
    expect(codes(planFor(unnamed, facts))).toEqual(['hostname-duplicate']);
    expect(codes(planFor(cluster, facts))).toEqual([]);
  });

  it('M3: a renamed server is a problem, and what the file does not know is told', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    seen(facts, 'server-2', { etcdName: 'db2-0a1b2c3d' });
    expect(codes(planFor(cluster, facts))).toEqual(['node-renamed']);
    const whole = provisionedFacts(cluster);
    const live = liveWith('server-1', 'server-2', 'server-3', 'server-4', 'server-5');
    const plan = planFor(cluster, whole, { live });
    expect(stepIds(plan)).toEqual([]);
    expect(plan.notes.filter((note) => note.includes('is in the cluster and not in the file'))).toHaveLength(2);
    expect(plan.notes.join('\n')).toContain('k3s-ha remove FILE server-4');
  });

  it('M4: a reinstalled server joins anew, when its former Node and member are gone', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    facts.set('server-3', freshHost('server-3'));
    const plan = planFor(cluster, facts, { live: liveWith('server-1', 'server-2', 'server-3') });
    expect(codes(plan)).toEqual([]);
    expect(plan.notes.join()).toContain('server-3 joins anew as "server-3": it was reinstalled');
    expect(stepIds(plan).filter((id) => !/^(await-nodes|prove-tunnels)/.test(id))).toEqual([
      'write-config:server-3',
      'install:server-3',
      'delete-node:server-1:server-3',
      'remove-member:server-1:server-3',
      'await-members:server-1:server-3',
      'start:server-3',
    ]);
    expect(codes(planFor(cluster, facts, { live: liveWith('server-1', 'server-2') }))).toEqual([]);
  });
});

describe('M13: machines that do not answer', () => {
  const silent = problem('ssh-host-unreachable', 'agent-1 does not answer', { host: 'agent-1', nextSteps: ['Wait.'] });

  it('an agent is left out and told, and everything else is done', () => {
    const cluster = clusterOf();
    const facts = freshFacts(cluster);
    facts.delete('agent-1');
    const plan = planFor(cluster, facts, { unreachable: new Map([['agent-1', silent]]) });
    expect(plan.problems).toEqual([]);
    expect(stepIds(plan)).toContain('start:agent-2');
    expect(stepIds(plan).filter((id) => id.includes('agent-1'))).toEqual([]);
    expect(plan.notes.join()).toContain('agent-1 does not answer and is left out');
    const wait = plan.steps.find(({ kind }) => kind === 'await-nodes');
    expect(wait?.input).toEqual({ nodes: ['server-1', 'server-2', 'server-3', 'agent-2'] });
  });

  it.each([
    'ssh-host-unreachable',
    'ssh-timeout',
    'ssh-port-refused',
    'ssh-closed-early',
    'connection-lost',
    'remote-timeout',
    'name-not-found',
  ])('a server that is silent by %s is left out while the cluster runs, and in the way before that', (code) => {
    const cluster = clusterOf();
    const unreachable = new Map([['server-3', { ...silent, code, host: 'server-3' }]]);
    const running = provisionedFacts(cluster);
    running.delete('server-3');
    expect(planFor(cluster, running, { unreachable }).problems).toEqual([]);
    const fresh = freshFacts(cluster);
    fresh.delete('server-3');
    const plan = planFor(cluster, fresh, { unreachable });
    expect(codes(plan)).toEqual([code]);
    expect(plan.problems[0]?.why).toContain('a second cluster could be founded');
  });

  it('another host key is never just left out', () => {
    const cluster = clusterOf();
    const facts = freshFacts(cluster);
    facts.delete('agent-1');
    const changed = problem('ssh-host-key-changed', 'The host key of agent-1 changed', {
      host: 'agent-1',
      nextSteps: [],
    });
    expect(codes(planFor(cluster, facts, { unreachable: new Map([['agent-1', changed]]) }))).toEqual([
      'ssh-host-key-changed',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/core/language/complete';
import type { CompletionItem } from '../../../src/core/language/completionItem';
import { PINNED_STABLE } from '../../../src/core/k3s/versions';
import { atCursor } from './marked';

const at = (marked: string): CompletionItem[] => {
  const { text, offset } = atCursor(marked);
  return complete(text, offset);
};
const labels = (marked: string): string[] => at(marked).map((item) => item.label);
/** The text after accepting an item, tab stops as written. */
const accept = (marked: string, label: string): string => {
  const { text, offset } = atCursor(marked);
  const item = complete(text, offset).find((candidate) => candidate.label === label);
  if (item === undefined) return `no "${label}"`;
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', item.range.start - 1) + 1))?.[0] ?? '';
  return text.slice(0, item.range.start) + item.insertText.replaceAll('\n', `\n${indent}`) + text.slice(item.range.end);
};

describe('keys', () => {
  it.each<[string, string, string[], string[]]>([
    [
      'an empty file',
      '‸',
      ['apiVersion', 'kind', 'metadata', 'servers', 'agents', 'loadBalancer', 'datastore', 'token', 'ssh', 'k3s'],
      ['host', 'tls-san'],
    ],
    [
      'the top level, without what is there',
      'apiVersion: k3s-ha/v1\nkind: Cluster\n‸',
      ['metadata', 'servers'],
      ['apiVersion', 'kind'],
    ],
    ['a half-typed word', 'kind: Cluster\nser‸\n', ['servers'], ['kind']],
    ['the start of the file above other keys', '‸\nkind: Cluster\n', ['apiVersion'], ['kind']],
    ['a line between two keys', 'kind: Cluster\n‸\nservers:\n  nodes: []\n', ['metadata'], ['servers', 'kind']],
    ['an empty line inside a block', 'k3s:\n  ‸\n', ['version', 'channel', 'install'], ['servers']],
    [
      'an empty line at the end of a block',
      'metadata:\n  name: e\nk3s:\n  channel: stable\n  ‸\n',
      ['version', 'install'],
      ['channel'],
    ],
    [
      'a deeper block',
      'k3s:\n  install:\n    ‸\n',
      ['method', 'scriptUrl', 'scriptSha256', 'env', 'artifacts'],
      ['version'],
    ],
    [
      'the settings of kube-vip',
      'loadBalancer:\n  address: 10.0.0.100\n  type: kube-vip\n  ‸\n',
      ['interface', 'image', 'bgp'],
      ['vrrp'],
    ],
    [
      'a router',
      'loadBalancer:\n  address: a\n  type: kube-vip\n  bgp:\n    peers:\n      - ‸\n',
      ['address', 'as'],
      [],
    ],
    ['a first key after a dash', 'servers:\n  nodes:\n    - ‸\n', ['host', 'name', 'zone', 'config', 'ssh'], ['nodes']],
    [
      'a second key of a list item',
      'servers:\n  nodes:\n    - host: a\n      ‸\n',
      ['name', 'zone', 'config'],
      ['host'],
    ],
    [
      'a half-typed key of a list item before another item',
      'servers:\n  nodes:\n    - host: a\n      na‸\n    - host: b\n',
      ['name'],
      ['host'],
    ],
    ['a flow map', 'metadata: {‸}\n', ['name'], ['kind']],
    ['a flow map after a comma', 'servers:\n  nodes:\n    - {host: a, ‸}\n', ['name', 'zone'], ['host']],
    ['an unclosed flow map', 'loadBalancer: {address: a, ‸\n', ['port', 'type'], ['address']],
    [
      'options of servers',
      'servers:\n  config:\n    ‸\n',
      ['tls-san', 'cluster-init', 'disable', 'node-label'],
      ['disable-apiserver-lb', 'node-label+'],
    ],
    [
      'options of agents',
      'agents:\n  config:\n    ‸\n',
      ['node-label', 'disable-apiserver-lb', 'kubelet-arg'],
      ['tls-san', 'cluster-init'],
    ],
    [
      'options of one server, with lists to add to',
      'servers:\n  nodes:\n    - host: a\n      config:\n        ‸\n',
      ['tls-san', 'tls-san+', 'node-label+'],
      ['debug+', 'disable-apiserver-lb'],
    ],
    [
      'options without hidden and deprecated ones',
      'servers:\n  config:\n    ‸\n',
      ['debug'],
      ['disable-agent', 'kube-controller-arg', 'helm-job-image'],
    ],
    ['a datastore without a type', 'datastore:\n  ‸\n', ['type', 'endpoint', 'caFile'], []],
    ['embedded etcd, which has no endpoint', 'datastore:\n  type: embedded-etcd\n  ‸\n', [], ['endpoint', 'type']],
    ['a mysql datastore', 'datastore:\n  type: mysql\n  ‸\n', ['endpoint', 'caFile'], ['type']],
    ['a file for hosts', 'files:\n  - from: ./a\n    ‸\n', ['to', 'mode', 'owner', 'restart'], ['from']],
    ['files of a role', 'agents:\n  files:\n    - ‸\n', ['from', 'to'], ['host']],
    [
      'the login of a registry',
      'registries:\n  configs:\n    r.example.com:\n      auth:\n        ‸\n',
      ['username', 'password', 'identity_token'],
      ['tls'],
    ],
    ['after the document marker', '---\n‸', ['apiVersion', 'servers'], []],
    ['after the document marker with a half-typed word', '---\nkind: Cluster\nmet‸\n', ['metadata'], ['kind']],
    [
      'a block with a merge key',
      'ssh: &ssh\n  user: root\nservers:\n  nodes:\n    - host: a\n      ssh:\n        <<: *ssh\n        ‸\n',
      ['port', 'identityFile'],
      ['user'],
    ],
    ['a file with CRLF', 'kind: Cluster\r\nmetadata:\r\n  ‸\r\n', ['name'], ['kind']],
    ['a file with an unclosed quote further down', 'k3s:\n  ‸\ntoken: "x\n', ['version'], []],
    [
      'environment of the install script',
      'k3s:\n  install:\n    env:\n      ‸\n',
      ['INSTALL_K3S_MIRROR', 'HTTP_PROXY'],
      [],
    ],
    ['ssh of one host', 'agents:\n  nodes:\n    - host: a\n      ssh: {‸}\n', ['user', 'sudoPassword'], []],
  ])('are offered in %s', (_title, marked, expected, absent) => {
    const found = labels(marked);
    for (const label of expected) expect(found).toContain(label);
    for (const label of absent) expect(found).not.toContain(label);
  });

  it.each([
    ['a comment', '# ‸\nkind: Cluster\n'],
    ['a block scalar', 'token: |\n  ‸\n'],
    ['a place that the schema does not know', 'nonsense:\n  ‸\n'],
    ['a second document', 'kind: Cluster\n---\n‸\n'],
    ['a line that is indented below a finished value', 'kind: Cluster\n    ‸\n'],
  ])('are not offered in %s', (_title, marked) => {
    expect(labels(marked)).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ['a value', 'token‸\n', 'token', 'token: $1\n'],
    ['a constant', '‸', 'apiVersion', 'apiVersion: k3s-ha/v1'],
    [
      'a choice',
      'k3s:\n  install:\n    me‸',
      'method',
      'k3s:\n  install:\n    method: ${1|script,airgap,preinstalled|}',
    ],
    [
      'a switch',
      'servers:\n  config:\n    clus‸',
      'cluster-init',
      'servers:\n  config:\n    cluster-init: ${1|true,false|}',
    ],
    ['a block with what it must have', 'meta‸', 'metadata', 'metadata:\n  name: $1'],
    ['blocks in blocks', 'ser‸', 'servers', 'servers:\n  nodes:\n    - host: $1'],
    ['a list', 'servers:\n  config:\n    tls‸', 'tls-san', 'servers:\n  config:\n    tls-san:\n      - $1'],
    [
      'a block with several kinds',
      'dat‸',
      'datastore',
      'datastore:\n  type: ${1|embedded-etcd,mysql,postgres,etcd,nats,sqlite|}',
    ],
    [
      'a block after a dash, below its key',
      'servers:\n  nodes:\n    - con‸',
      'config',
      'servers:\n  nodes:\n    - config:\n        $1',
    ],
    ['a key in front of its value', 'metadata:\n  na‸me: edge\n', 'name', 'metadata:\n  name: edge\n'],
    ['a key in braces', 'loadBalancer: {address: a, no‸}\n', 'nodes', 'loadBalancer: {address: a, nodes: [$1]}\n'],
    ['the word around the cursor', 'metadata:\n  na‸xx\n', 'name', 'metadata:\n  name: $1\n'],
  ])('insert %s', (_title, marked, label, after) => {
    expect(accept(marked, label)).toBe(after);
  });

  it('put what is required first and explain themselves', () => {
    const items = at('servers:\n  nodes:\n    - ‸\n');
    const first = [...items].sort((a, b) => a.sortText.localeCompare(b.sortText))[0];
    expect(first).toMatchObject({ label: 'host', kind: 'key', detail: 'required, text' });
    expect(first?.documentation).toContain('10.0.1.[1-50]');
  });
});

describe('values', () => {
  it.each<[string, string, string[]]>([
    [
      'a list of possible values',
      'servers:\n  config:\n    flannel-backend: ‸\n',
      ['none', 'vxlan', 'host-gw', 'wireguard-native'],
    ],
    [
      'a half-typed value',
      'servers:\n  config:\n    flannel-backend: wi‸\n',
      ['none', 'vxlan', 'host-gw', 'wireguard-native'],
    ],
    ['a switch', 'servers:\n  config:\n    cluster-init: ‸\n', ['true', 'false']],
    ['a constant', 'kind: ‸\n', ['Cluster']],
    [
      'every kind of load balancer',
      'loadBalancer:\n  address: a\n  type: ‸\n',
      ['external', 'dns', 'haproxy', 'nginx', 'kube-vip'],
    ],
    [
      'every kind of datastore',
      'datastore: {type: ‸}\n',
      ['embedded-etcd', 'mysql', 'postgres', 'etcd', 'nats', 'sqlite'],
    ],
    [
      'the endpoint of the chosen datastore',
      'datastore:\n  type: nats\n  endpoint: ‸\n',
      ['nats://k3s:${secret:cluster-db-password}@nats.example.com:4222?replicas=3'],
    ],
    [
      'a default',
      'k3s:\n  install:\n    scriptUrl: ‸\n',
      ['https://get.k3s.io', 'https://rancher-mirror.rancher.cn/k3s/k3s-install.sh', './install.sh'],
    ],
    ['a secret, as a reference', 'token: ‸\n', ['${secret:cluster-token}']],
    [
      'elements of a list, without what is there',
      'servers:\n  config:\n    disable:\n      - traefik\n      - ‸\n',
      ['coredns', 'servicelb', 'local-storage', 'metrics-server', 'runtimes'],
    ],
    [
      'elements of a list in brackets',
      'servers:\n  config:\n    disable: [traefik, ‸]\n',
      ['coredns', 'servicelb', 'local-storage', 'metrics-server', 'runtimes'],
    ],
    ['a quoted value', 'k3s:\n  install:\n    method: "air‸"\n', ['script', 'airgap', 'preinstalled']],
    ['a value at the end of the text', 'k3s:\n  install:\n    method: ‸', ['script', 'airgap', 'preinstalled']],
  ])('are offered for %s', (_title, marked, expected) => {
    expect(labels(marked).sort()).toEqual([...expected].sort());
  });

  it.each<[string, string, string, string]>([
    [
      'plainly',
      'servers:\n  config:\n    flannel-backend: vx‸lan # c\n',
      'host-gw',
      'servers:\n  config:\n    flannel-backend: host-gw # c\n',
    ],
    [
      'inside quotes as they are',
      'k3s:\n  install:\n    method: "air‸"\n',
      'airgap',
      'k3s:\n  install:\n    method: "airgap"\n',
    ],
    [
      'quoted where braces would break a flow map',
      'ssh: {password: ‸}\n',
      '${secret:cluster-ssh-password}',
      'ssh: {password: "${secret:cluster-ssh-password}"}\n',
    ],
  ])('are inserted %s', (_title, marked, label, after) => {
    expect(accept(marked, label)).toBe(after);
  });
});

describe('values that the file suggests', () => {
  const FILE =
    'metadata: {name: edge}\nk3s: {version: v1.34.2+k3s1}\nloadBalancer:\n  address: 10.0.0.100\n  tlsServerName: k3s.example.com\ntoken: ${secret:join}\nservers:\n  nodes:\n    - host: 10.0.0.11\n      name: server-1\n      zone: rack-a\n      config: {node-external-ip: 203.0.113.11, node-label: [disk=ssd]}\n    - host: 10.0.0.12\n      zone: rack-b\n';

  it.each<[string, string, string[]]>([
    [
      'tls-san: the addresses that certificates have to cover',
      '  config:\n    tls-san:\n      - ‸\n',
      ['k3s.example.com', '10.0.0.100', '203.0.113.11'],
    ],
    [
      'tls-san without those that are listed',
      '  config:\n    tls-san: [10.0.0.100, ‸]\n',
      ['k3s.example.com', '203.0.113.11'],
    ],
    [
      'the server URL: the fixed address before the servers',
      'agents:\n  config:\n    server: ‸\n',
      ['https://10.0.0.100:6443', 'https://10.0.0.11:6443', 'https://10.0.0.12:6443'],
    ],
    ['a zone: those in use', 'agents:\n  nodes:\n    - host: a\n      zone: ‸\n', ['rack-a', 'rack-b']],
    ['a label: those in use', 'agents:\n  config:\n    node-label: [‸]\n', ['disk=ssd']],
    ['a taint: the documented one first', '  config:\n    node-taint: [‸]\n', ['CriticalAddonsOnly=true:NoExecute']],
    [
      'a secret: names in use and a new one',
      '  config:\n    agent-token: ‸\n',
      ['${secret:join}', '${secret:edge-agent-token}'],
    ],
    ['a schedule', '  config:\n    etcd-snapshot-schedule-cron: ‸\n', ['0 */12 * * *', '0 */6 * * *', '0 3 * * *']],
  ])('%s', (_title, marked, expected) => {
    expect(labels(FILE + marked)).toEqual(expected);
  });

  it('releases and channels of K3s, the stable one first, or those that are given', () => {
    expect(labels('k3s:\n  version: ‸\n')[0]).toBe(PINNED_STABLE);
    expect(labels('k3s:\n  channel: ‸\n')).toContain('latest');
    const { text, offset } = atCursor('k3s:\n  version: ‸\n');
    expect(complete(text, offset, { releases: ['v1.40.0+k3s1'] }).map(({ label }) => label)).toEqual(['v1.40.0+k3s1']);
  });

  it('stored secrets', () => {
    const { text, offset } = atCursor('token: ‸\n');
    expect(complete(text, offset, { secretNames: ['from-last-week'] }).map(({ label }) => label)).toEqual([
      '${secret:from-last-week}',
      '${secret:cluster-token}',
    ]);
  });

  it('no option that the version of the file does not have', () => {
    expect(labels(`${FILE}  config:\n    ‸\n`)).not.toContain('helm-controller-arg');
    expect(labels(`${FILE.replace('v1.34.2', 'v1.36.3')}  config:\n    ‸\n`)).toContain('helm-controller-arg');
  });

  it('rules in a comment that ignores them', () => {
    expect(labels('# k3s-ha-ignore ‸\nkind: Cluster\n')).toContain('lb-single-point');
    expect(labels('token: a # k3s-ha-ignore plaintext-secret, to‸\n')).toContain('token-weak');
    expect(labels('token: a # k3s-ha-ignore plaintext-secret, to‸\n')).not.toContain('plaintext-secret');
    expect(accept('token: a # k3s-ha-ignore plain‸\n', 'plaintext-secret')).toBe(
      'token: a # k3s-ha-ignore plaintext-secret\n',
    );
  });
});

describe('far from the cursor', () => {
  const hosts = (count: number) =>
    Array.from(
      { length: count },
      (_none, i) => `    - host: 10.0.${i >> 8}.${i & 255}\n      name: agent-${i}\n      zone: a\n`,
    ).join('');

  it.each<[string, string, string, string]>([
    [
      'in the middle of many hosts',
      `agents:\n  nodes:\n${hosts(300)}    - host: x\n      ‸\n${hosts(300)}`,
      'config',
      'host',
    ],
    ['after many hosts', `agents:\n  nodes:\n${hosts(600)}k3s:\n  ‸\n`, 'version', 'host'],
    ['before many hosts', `k3s:\n  ‸\nagents:\n  nodes:\n${hosts(600)}`, 'version', 'host'],
    [
      'between hosts that share an anchor',
      `agents:\n  nodes:\n    - &d\n      host: a\n${hosts(600)}    - <<: *d\n      ‸\n`,
      'zone',
      'host',
    ],
  ])('the file is still understood %s', (_title, marked, expected, absent) => {
    expect(labels(marked)).toContain(expected);
    expect(labels(marked)).not.toContain(absent);
  });
});

describe('list items', () => {
  it('start with a dash on an empty line of a list', () => {
    expect(accept('servers:\n  nodes:\n    ‸\n', '- new entry')).toBe('servers:\n  nodes:\n    - host: $1\n');
    expect(accept('servers:\n  nodes:\n    - host: a\n    ‸\n', '- new entry')).toBe(
      'servers:\n  nodes:\n    - host: a\n    - host: $1\n',
    );
  });

  it('bring their braces in brackets', () => {
    expect(accept('servers:\n  nodes: [{host: a}, ‸]\n', '{ }')).toBe('servers:\n  nodes: [{host: a}, {host: $1}]\n');
  });

  it('start with a dash for plain values too', () => {
    expect(accept('servers:\n  config:\n    disable:\n      ‸\n', 'traefik')).toBe(
      'servers:\n  config:\n    disable:\n      - traefik\n',
    );
  });
});

describe('aliases', () => {
  it('are offered after an asterisk', () => {
    expect(labels('ssh: &common\n  user: root\nservers:\n  nodes:\n    - host: a\n      ssh: *‸\n')).toEqual([
      '*common',
    ]);
  });
});

it('answers within a moment in a file of a thousand hosts', () => {
  const hosts = Array.from(
    { length: 1000 },
    (_none, i) => `    - host: 10.0.${i >> 8}.${i & 255}\n      name: agent-${i}\n      zone: a\n`,
  ).join('');
  const started = performance.now();
  expect(labels(`agents:\n  nodes:\n${hosts}      ‸\n`)).toContain('config');
  expect(performance.now() - started).toBeLessThan(8000);
});

describe('hosts', () => {
  it('are offered behind the last one of the role, alone and as a range', () => {
    expect(
      labels(
        'servers:\n  nodes:\n    - host: 10.0.0.11\n    - host: 10.0.0.12\n    - host: ‸\nagents:\n  nodes:\n    - host: 10.0.0.13\n',
      ),
    ).toEqual(['10.0.0.14', '10.0.0.[14-16]']);
    expect(labels('agents:\n  nodes:\n    - host: a.example.com\n    - host: ‸\n')).not.toContain('10.0.0.2');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { machinesOf, nodesOf } from '../../../src/core/cluster/roles';

const read = (text: string) => normalise(parseDocument(text).data);

describe('normalise', () => {
  it('fills in what K3s and the extension assume', () => {
    const cluster = read(
      'metadata: {name: edge}\nloadBalancer: {address: 10.0.0.100}\nservers:\n  nodes: [{host: 10.0.0.11}]\n',
    );
    expect(cluster).toEqual({
      name: 'edge',
      k3s: { channel: 'stable', install: { method: 'script', scriptUrl: 'https://get.k3s.io', env: {} } },
      loadBalancer: { address: '10.0.0.100', port: 6443, type: 'external', nodes: [] },
      datastore: { type: 'sqlite' },
      servers: [
        {
          role: 'server',
          id: '10.0.0.11',
          host: '10.0.0.11',
          address: '10.0.0.11',
          ssh: { identityFiles: [] },
          config: {},
          path: ['servers', 'nodes', 0],
        },
      ],
      agents: [],
    });
  });

  it('has no channel when a version is pinned', () => {
    expect(read('k3s: {version: v1.36.3+k3s1}\n').k3s).toEqual({ version: 'v1.36.3+k3s1', install: expect.anything() });
  });

  it('takes numbers and booleans of the install environment as text', () => {
    expect(read('k3s:\n  install:\n    env: {INSTALL_K3S_MIRROR: cn, A: true, B: 1, C: ""}\n').k3s.install.env).toEqual(
      { INSTALL_K3S_MIRROR: 'cn', A: 'true', B: '1', C: '' },
    );
  });

  it('expands host ranges with their names side by side and keeps the entry they come from', () => {
    const { agents } = read(
      'agents:\n  nodes:\n    - host: node-[08-11].lan\n      name: edge-[1-4]\n      zone: a\n    - host: 10.0.1.[1-2]\n',
    );
    expect(agents.map((node) => [node.id, node.host, node.name, node.zone, node.path[2]])).toEqual([
      ['edge-1', 'node-08.lan', 'edge-1', 'a', 0],
      ['edge-2', 'node-09.lan', 'edge-2', 'a', 0],
      ['edge-3', 'node-10.lan', 'edge-3', 'a', 0],
      ['edge-4', 'node-11.lan', 'edge-4', 'a', 0],
      ['10.0.1.1', '10.0.1.1', undefined, undefined, 1],
      ['10.0.1.2', '10.0.1.2', undefined, undefined, 1],
    ]);
  });

  it('numbers one name over a range and keeps ids unique', () => {
    const cluster = read(
      'servers:\n  nodes: [{host: "10.0.0.[1-2]", name: s}, {host: 10.0.0.9}]\nagents:\n  nodes: [{host: 10.0.0.9}, {host: 10.0.0.9}]\n',
    );
    expect([...cluster.servers, ...cluster.agents].map((node) => node.id)).toEqual([
      's-1',
      's-2',
      '10.0.0.9',
      '10.0.0.9#2',
      '10.0.0.9#3',
    ]);
  });

  it('takes a host of the load balancer as one more machine, or as the node that it is', () => {
    const cluster = read(
      'loadBalancer: {address: a, type: haproxy, nodes: [10.0.0.1, {host: 10.0.0.9, name: s}, {host: 10.0.0.1, ssh: {port: 2222}}]}\n' +
        'servers:\n  nodes: [{host: 10.0.0.1, name: s, ssh: {user: ops}}]\n',
    );
    expect(cluster.loadBalancer?.nodes.map(({ id, host, ssh }) => [id, host, ssh.user])).toEqual([
      ['s', '10.0.0.1', 'ops'],
      ['s#2', '10.0.0.9', undefined],
      ['10.0.0.1', '10.0.0.1', undefined],
    ]);
    expect(machinesOf(cluster).map(({ id }) => id)).toEqual(['s', 's#2', '10.0.0.1']);
    expect(nodesOf(cluster).map(({ id }) => id)).toEqual(['s']);
  });

  it('knows no machines of a load balancer that somebody else runs', () => {
    const cluster = read('loadBalancer: {address: a, type: external, nodes: [10.0.0.1]}\n');
    expect(machinesOf(cluster)).toEqual([]);
  });

  it('leaves ranges alone that count down or never end', () => {
    expect(
      read(
        'agents:\n  nodes: [{host: "10.0.0.[9-1]"}, {host: "a[1-999999999]"}, {host: "b[1-5000].[1-5000]"}]\n',
      ).agents.map((node) => node.host),
    ).toEqual(['10.0.0.[9-1]', 'a[1-999999999]', 'b[1-5000].[1-5000]']);
  });

  it('lays the config of a node over that of its role, appending for key+', () => {
    const { servers } = read(
      'servers:\n  config: {tls-san: [a], debug: true, disable: traefik}\n  nodes:\n    - host: h\n      config: {tls-san+: [b], debug: false, disable+: servicelb, node-label+: [x=y]}\n    - host: i\n      config: {tls-san: c}\n',
    );
    expect(servers[0]?.config).toEqual({
      'tls-san': ['a', 'b'],
      debug: false,
      disable: ['traefik', 'servicelb'],
      'node-label': ['x=y'],
    });
    expect(servers[1]?.config).toEqual({ 'tls-san': 'c', debug: true, disable: 'traefik' });
  });

  it('merges ssh settings and reads one key or several', () => {
    const { servers } = read(
      'ssh: {user: u, port: 2222, identityFile: ~/.ssh/a, proxyJump: j}\nservers:\n  nodes:\n    - {host: h, ssh: {user: root, identityFile: [b, c]}}\n    - {host: i}\n',
    );
    expect(servers[0]?.ssh).toEqual({ user: 'root', port: 2222, identityFiles: ['b', 'c'], proxyJump: 'j' });
    expect(servers[1]?.ssh).toEqual({ user: 'u', port: 2222, identityFiles: ['~/.ssh/a'], proxyJump: 'j' });
  });

  it('uses node-ip as the address and node-name as the name', () => {
    const [node] = read(
      'servers:\n  nodes: [{host: bastion-alias, config: {node-ip: "10.0.0.5,fd00::5", node-name: s1}}]\n',
    ).servers;
    expect(node).toMatchObject({ id: 's1', name: 's1', host: 'bastion-alias', address: '10.0.0.5' });
  });

  it.each([
    [
      'datastore: {type: nats, endpoint: "nats://a"}',
      { type: 'nats', endpoint: 'nats://a', path: ['datastore', 'type'] },
    ],
    [
      'datastore: {endpoint: "postgresql://u@h/db", caFile: ca.pem}',
      {
        type: 'postgres',
        endpoint: 'postgresql://u@h/db',
        caFile: '/etc/rancher/k3s/k3s-ha/datastore-ca.crt',
        uploads: [{ key: 'caFile', from: 'ca.pem', to: '/etc/rancher/k3s/k3s-ha/datastore-ca.crt' }],
        path: ['datastore', 'endpoint'],
      },
    ],
    [
      'servers: {config: {datastore-endpoint: "https://e1:2379", datastore-cafile: /ca}, nodes: [{host: a}]}',
      { type: 'etcd', endpoint: 'https://e1:2379', caFile: '/ca', path: ['servers', 'config', 'datastore-endpoint'] },
    ],
    [
      'servers: {nodes: [{host: a, config: {cluster-init: true}}, {host: b}]}',
      { type: 'embedded-etcd', path: ['servers', 'nodes', 0, 'config', 'cluster-init'] },
    ],
    [
      'servers: {config: {cluster-init: true, datastore-endpoint: "mysql://x"}}',
      { type: 'mysql', endpoint: 'mysql://x', path: ['servers', 'config', 'datastore-endpoint'] },
    ],
    [
      'servers: {config: {datastore-endpoint: "${secret:db}"}}',
      { type: 'mysql', endpoint: '${secret:db}', path: ['servers', 'config', 'datastore-endpoint'] },
    ],
    ['servers: {nodes: [{host: a}]}', { type: 'sqlite' }],
  ])('finds the datastore of %s', (text, datastore) => {
    expect(read(`${text}\n`).datastore).toEqual(datastore);
  });

  it('reads whatever is readable of a half-typed file', () => {
    const cluster = read(
      'metadata:\n  name: edge\nservers:\n  nodes:\n    - host: a\n    - ho\n    - \n  config: nonsense\nagents: 5\nloadBalancer:\n  addr\n',
    );
    expect(cluster.name).toBe('edge');
    expect(cluster.servers.map((node) => node.host)).toEqual(['a', 'ho']);
    expect(cluster.loadBalancer).toBeUndefined();
  });

  it('never throws, whatever the data', () => {
    const keys = fc.constantFrom(
      'servers',
      'agents',
      'nodes',
      'config',
      'host',
      'name',
      'ssh',
      'datastore',
      'type',
      'endpoint',
      'loadBalancer',
      'address',
      'k3s',
      'install',
      'env',
      'token',
      'metadata',
      'node-ip',
      'identityFile',
      'tls-san+',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom('10.0.0.[1-3]', 'x', 1, true, null, Number.NaN, undefined),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        const cluster = normalise(data);
        const ids = [...cluster.servers, ...cluster.agents].map((node) => node.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 1000 },
    );
  });
});

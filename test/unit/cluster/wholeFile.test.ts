import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { countHosts, expandHostRange } from '../../../src/core/cluster/hostRange';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseReference } from '../../../src/core/cluster/references';

const read = (text: string) => normalise(parseDocument(text).data);

describe('a cluster file that says everything', () => {
  const cluster = read(`metadata: {name: edge}
token: abc
k3s:
  version: v1.36.3+k3s1
  channel: latest
  install:
    method: airgap
    scriptUrl: https://mirror.example.com
    env: {EMPTY: ~, LIST: [a]}
    artifacts: ./airgap
    uploadLimit: 2.5MB/s
loadBalancer:
  address: lb
  port: 7443
  type: haproxy
  interface: eth1
  nodes: ["lb-[1-2]", {host: h}, {host: lb-3, name: left, zone: y, ssh: {user: v}}]
  vrrp: {routerId: 7, password: w}
  tlsServerName: k3s.lan
ssh: {user: u, port: 2222, identityFile: a, proxyJump: j, knownHostsFile: k, password: p, passphrase: q, sudoPassword: r}
servers:
  config: {a: 1, map: {b: c}, nothing: ~, list: [1, x, [y], ~]}
  nodes:
    - {host: h, name: n, zone: z}
`);

  it('is read as it is', () => {
    const ssh = {
      user: 'u',
      port: 2222,
      identityFiles: ['a'],
      proxyJump: 'j',
      knownHostsFile: 'k',
      password: 'p',
      passphrase: 'q',
      sudoPassword: 'r',
    };
    const place = (index: number) => ({ path: ['loadBalancer', 'nodes', index] });
    expect(cluster).toEqual({
      name: 'edge',
      token: 'abc',
      k3s: {
        version: 'v1.36.3+k3s1',
        channel: 'latest',
        install: {
          method: 'airgap',
          scriptUrl: 'https://mirror.example.com',
          env: { EMPTY: '' },
          artifacts: './airgap',
          uploadLimit: 2_500_000,
        },
      },
      loadBalancer: {
        address: 'lb',
        port: 7443,
        type: 'haproxy',
        interface: 'eth1',
        nodes: [
          { id: 'lb-1', host: 'lb-1', address: 'lb-1', ssh, ...place(0) },
          { id: 'lb-2', host: 'lb-2', address: 'lb-2', ssh, ...place(0) },
          { id: 'n', name: 'n', zone: 'z', host: 'h', address: 'h', ssh, ...place(1) },
          {
            id: 'left',
            name: 'left',
            zone: 'y',
            host: 'lb-3',
            address: 'lb-3',
            ssh: { ...ssh, user: 'v' },
            ...place(2),
          },
        ],
        vrrp: { routerId: 7, password: 'w' },
        tlsServerName: 'k3s.lan',
      },
      datastore: { type: 'sqlite' },
      servers: [
        {
          role: 'server',
          id: 'n',
          name: 'n',
          zone: 'z',
          host: 'h',
          address: 'h',
          path: ['servers', 'nodes', 0],
          ssh,
          config: { a: 1, nothing: null, list: [1, 'x'] },
        },
      ],
      agents: [],
    });
  });

  it('may leave the name out', () => {
    expect(read('kind: Cluster\n').name).toBe('');
  });
});

describe('every word of a choice', () => {
  it.each(['script', 'airgap', 'preinstalled'])('method %s', (method) => {
    expect(read(`k3s: {install: {method: ${method}}}\n`).k3s.install.method).toBe(method);
  });

  it.each(['external', 'haproxy', 'nginx', 'kube-vip', 'dns'])('load balancer %s', (type) => {
    expect(read(`loadBalancer: {address: a, type: ${type}}\n`).loadBalancer?.type).toBe(type);
  });

  it.each(['embedded-etcd', 'mysql', 'postgres', 'etcd', 'nats', 'sqlite'])('datastore %s', (type) => {
    expect(read(`datastore: {type: ${type}}\n`).datastore.type).toBe(type);
  });

  it.each([
    ['mysql', 'mysql'],
    ['postgres', 'postgres'],
    ['postgresql', 'postgres'],
    ['nats', 'nats'],
    ['jetstream', 'nats'],
    ['sqlite', 'sqlite'],
    ['http', 'etcd'],
    ['https', 'etcd'],
    ['unix', 'etcd'],
    ['unixs', 'etcd'],
    ['oracle', 'mysql'],
    ['x+nats', 'mysql'],
  ])('endpoint %s:// is %s', (scheme, type) => {
    expect(read(`datastore: {endpoint: "${scheme}://a"}\n`).datastore.type).toBe(type);
  });
});

describe('the datastore', () => {
  it.each([
    // the type is chosen, the rest comes from K3s's own options
    [
      'datastore: {type: mysql}\nservers: {config: {datastore-endpoint: "mysql://x", datastore-cafile: /ca, datastore-certfile: /crt, datastore-keyfile: /key}, nodes: [{host: a}]}',
      {
        type: 'mysql',
        endpoint: 'mysql://x',
        caFile: '/ca',
        certFile: '/crt',
        keyFile: '/key',
        path: ['datastore', 'type'],
      },
    ],
    // the options of the servers go before the block, as they do in config.yaml
    [
      'datastore: {endpoint: "https://a", caFile: ca, certFile: crt, keyFile: key}\nservers: {config: {datastore-endpoint: "mysql://x", datastore-cafile: /ca}, nodes: [{host: a}]}',
      {
        type: 'mysql',
        endpoint: 'mysql://x',
        caFile: '/ca',
        certFile: '/etc/rancher/k3s/k3s-ha/datastore-client.crt',
        keyFile: '/etc/rancher/k3s/k3s-ha/datastore-client.key',
        uploads: [
          { key: 'certFile', from: 'crt', to: '/etc/rancher/k3s/k3s-ha/datastore-client.crt' },
          { key: 'keyFile', from: 'key', to: '/etc/rancher/k3s/k3s-ha/datastore-client.key' },
        ],
        path: ['servers', 'config', 'datastore-endpoint'],
      },
    ],
    [
      'datastore: {type: nats, endpoint: "nats://a"}\nservers: {config: {datastore-endpoint: "mysql://x"}}',
      { type: 'mysql', endpoint: 'mysql://x', path: ['servers', 'config', 'datastore-endpoint'] },
    ],
    // one server says it
    [
      'servers: {nodes: [{host: a}, {host: b, config: {datastore-endpoint: "nats://x"}}]}',
      { type: 'nats', endpoint: 'nats://x', path: ['servers', 'nodes', 1, 'config', 'datastore-endpoint'] },
    ],
    [
      'servers: {config: {cluster-init: "true"}}',
      { type: 'embedded-etcd', path: ['servers', 'config', 'cluster-init'] },
    ],
    ['servers: {config: {cluster-init: false}}', { type: 'sqlite' }],
    ['servers: {config: {cluster-init: "yes"}}', { type: 'sqlite' }],
  ])('of %s', (text, datastore) => {
    expect(read(`${text}\n`).datastore).toEqual(datastore);
  });
});

describe('nodes', () => {
  const nodesOf = (text: string) => read(`servers:\n${text}\n`).servers;

  it('take a list of one for a text, and trim', () => {
    expect(
      nodesOf(
        '  nodes: [{host: a, config: {node-ip: [10.0.0.5], node-name: " s1 , s2"}}, {host: b, config: {node-ip: " , x"}}]',
      ).map(({ name, address }) => [name, address]),
    ).toEqual([
      ['s1', '10.0.0.5'],
      [undefined, 'b'],
    ]);
  });

  it('of a range have no address or name in common', () => {
    expect(
      nodesOf('  config: {node-ip: 10.0.0.9, node-name: x}\n  nodes: [{host: "10.0.1.[1-2]"}]').map(
        ({ id, address }) => [id, address],
      ),
    ).toEqual([
      ['10.0.1.1', '10.0.1.1'],
      ['10.0.1.2', '10.0.1.2'],
    ]);
  });

  it('whose names are fewer than the hosts keep their addresses as ids', () => {
    expect(nodesOf('  nodes: [{host: "10.0.1.[1-3]", name: "s-[1-2]"}]').map(({ id }) => id)).toEqual([
      's-1',
      's-2',
      '10.0.1.3',
    ]);
  });

  it('override single ssh settings, and inherit the keys when they name none', () => {
    const { servers } = read('ssh: {user: u, identityFile: [a]}\nservers:\n  nodes: [{host: h, ssh: {port: 22}}]\n');
    expect(servers[0]?.ssh).toEqual({ user: 'u', port: 22, identityFiles: ['a'] });
  });

  it('append to what is no list, and to nothing', () => {
    const [node] = nodesOf('  config: {a: ~, b: x, b+: y}\n  nodes: [{host: h, config: {a+: [1], b+: z, c+: ~}}]');
    expect(node?.config).toEqual({ a: [1], b: ['x', 'y', 'z'], c: [] });
  });

  it('appended to by a node that replaces first', () => {
    expect(nodesOf('  config: {a: x}\n  nodes: [{host: h, config: {a+: z, a: y}}]')[0]?.config).toEqual({
      a: ['y', 'z'],
    });
  });
});

describe('what has not changed is the same object', () => {
  const shared = { host: 'a', config: { debug: true } };
  const common = { 'tls-san': ['x'] };
  const ssh = { user: 'u' };
  const once = normalise({ ssh, servers: { config: common, nodes: [shared, { host: 'b' }] } });

  it('beside an entry that has', () => {
    const again = normalise({ ssh, servers: { config: common, nodes: [shared, { host: 'c' }] } });
    expect(again.servers[0]).toBe(once.servers[0]);
    expect(again.servers[1]?.host).toBe('c');
  });

  it('but not in another place, another role, or with other common settings', () => {
    expect(normalise({ ssh, servers: { config: common, nodes: [{ host: 'b' }, shared] } }).servers[1]?.path).toEqual([
      'servers',
      'nodes',
      1,
    ]);
    expect(normalise({ ssh, agents: { config: common, nodes: [shared] } }).agents[0]?.role).toBe('agent');
    expect(normalise({ ssh: { user: 'v' }, servers: { config: common, nodes: [shared] } }).servers[0]?.ssh.user).toBe(
      'v',
    );
    expect(normalise({ ssh, servers: { config: { debug: false, v: 1 }, nodes: [shared] } }).servers[0]?.config).toEqual(
      { debug: true, v: 1 },
    );
  });

  it('and an id that is taken is numbered on a copy', () => {
    const entry = { host: 'a' };
    const { servers } = normalise({ servers: { nodes: [entry, entry] } });
    expect(servers.map(({ id }) => id)).toEqual(['a', 'a#2']);
  });
});

describe('host ranges', () => {
  it.each([
    ['a[5-5]', ['a5']],
    ['a[2-1]', ['a[2-1]']],
    ['[1-2].[3-4]', ['1.3', '1.4', '2.3', '2.4']],
    ['[0-1]', ['0', '1']],
    ['[009-010]', ['009', '010']],
    ['[9-10]', ['9', '10']],
    ['[1-1234567890]', ['[1-1234567890]']],
    ['[1234567890-1234567891]', ['[1234567890-1234567891]']],
  ])('%s', (text, hosts) => {
    expect(expandHostRange(text)).toEqual(hosts);
  });

  it('are counted without being made, and made as far as they are wanted', () => {
    expect(countHosts('a[1-999999999].[1-10]')).toBe(9_999_999_990);
    expect([countHosts('a'), countHosts('[2-1]'), countHosts('[1-5001]')]).toEqual([1, 1, 5001]);
    expect(expandHostRange('[1-2].[3-4]', 3)).toEqual(['1.3', '1.4', '2.3']);
  });

  it('give at most 5,000 hosts', () => {
    expect(expandHostRange('[1-5000]')).toHaveLength(5000);
    expect(expandHostRange('[1-5001]')).toEqual(['[1-5001]']);
    expect(expandHostRange('[1-100].[1-50]')).toHaveLength(5000);
    expect(expandHostRange('[1-100].[1-51]')).toEqual(['[1-100].[1-51]']);
  });
});

describe('references', () => {
  it('that are a whole text have nothing behind them', () => {
    expect(parseReference('${secret:a}x')).toBeUndefined();
    expect(parseReference('${secret:a}${secret:b}')).toBeUndefined();
    expect(parseReference('')).toBeUndefined();
    expect(parseReference('${secret:ab}')).toEqual({ kind: 'secret', name: 'ab', range: { start: 0, end: 12 } });
  });
});

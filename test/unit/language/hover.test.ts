import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { hover } from '../../../src/core/language/hover';
import { kubeVipImage } from '../../../src/core/loadBalancer/kubeVip';
import { documentSymbols, type DocumentSymbol } from '../../../src/core/language/symbols';
import { atCursor, clusterFile } from './marked';

const at = (marked: string) => {
  const { text, offset } = atCursor(marked);
  const found = hover(parseDocument(text), offset);
  return found && { word: text.slice(found.range.start, found.range.end), markdown: found.markdown };
};

describe('hover', () => {
  it.each<[string, string, string, string[]]>([
    ['a key of ours', 'load‸Balancer:\n  address: a\n', 'loadBalancer', ['fixed registration address']],
    [
      'an option with its default, role and rank',
      'servers:\n  config:\n    cluster-‸cidr: 10.42.0.0/16\n',
      'cluster-cidr',
      ['Default: 10.42.0.0/16', 'For servers only', 'equal on all servers', 'Cannot be changed'],
    ],
    [
      'an option with an environment variable',
      'agents:\n  config:\n    node-na‸me: x\n',
      'node-name',
      ['K3S_NODE_NAME', 'For servers and agents'],
    ],
    ['a new option', 'servers:\n  config:\n    etcd-s3-pro‸xy: x\n', 'etcd-s3-proxy', ['Since v1.28.13']],
    [
      'a deprecated option with what replaces it',
      'servers:\n  config:\n    helm-job-im‸age: x\n',
      'helm-job-image',
      ['Deprecated: use `helm-controller-arg`'],
    ],
    [
      'the image of kube-vip with the one that is pinned',
      'loadBalancer:\n  address: a\n  type: kube-vip\n  ima‸ge: x\n',
      'image',
      [kubeVipImage({}), 'without internet access'],
    ],
    ['a secret', 'tok‸en: x\n', 'token', ['Secret: write a reference']],
    [
      'a value, by the key it belongs to',
      'servers:\n  config:\n    flannel-backend: vx‸lan\n',
      'vxlan',
      ['`host-gw`', 'Default: `vxlan`'],
    ],
    ['an element of a list', 'servers:\n  config:\n    tls-san: [a, b‸b]\n', 'bb', ['API certificate']],
    [
      'an option that adds to a list',
      'agents:\n  nodes:\n    - host: a\n      config:\n        node-la‸bel+: [a=b]\n',
      'node-label+',
      ['added to those of the role', 'Labels'],
    ],
    ['the kind of datastore', 'datastore:\n  ty‸pe: mysql\n', 'type', ['`mysql`', 'sqlite']],
    ['a key without its value', 'metadata:\n  na‸me\nkind: Cluster\n', '', []],
  ])('explains %s', (_title, marked, word, parts) => {
    const found = at(marked);
    expect(found?.word ?? '').toBe(word);
    for (const part of parts) expect(found?.markdown).toContain(part);
  });

  it.each([
    ['unknown keys', 'nonsen‸se: 1\n'],
    ['comments', 'kind: Cluster # com‸ment\n'],
    ['empty files', '‸'],
  ])('says nothing about %s', (_title, marked) => {
    expect(at(marked)).toBeUndefined();
  });
});

const CLUSTER = clusterFile(`loadBalancer: {address: 10.0.0.100}
token: \${secret:edge-token}
servers:
  config:
    tls-san: [10.0.0.100]
    agent-token: hunter2hunter2hunter2
  nodes:
    - host: 10.0.0.11
      name: server-1
      zone: rack-a
      config:
        tls-san+: [k3s.example.com]
        node-label: [disk=ssd]
    - {host: 10.0.0.12, name: server-2, zone: rack-a}
agents:
  nodes:
    - {host: "10.0.1.[1-3]", zone: rack-a}
# k3s-ha-ignore-file etcd-two-servers
`);

describe('hover in a cluster', () => {
  /** Shows what is said at the text, with the cursor behind its first character. */
  const over = (text: string, occurrence = 1): string => {
    let at = -1;
    for (let i = 0; i < occurrence; i += 1) at = CLUSTER.indexOf(text, at + 1);
    return hover(parseDocument(CLUSTER), at + 1)?.markdown ?? '';
  };

  it.each([
    [
      'an option of a node that adds to that of its role',
      'tls-san+',
      ['`server-1`: `tls-san` = `10.0.0.100` (from servers.config), `k3s.example.com` (own, appended by `tls-san+`)'],
    ],
    [
      'an option of a role and the nodes that deviate',
      'tls-san:',
      ['`server-1` appends `k3s.example.com`.', 'Every other server uses it as it is.'],
    ],
    [
      'a host with what it gets from its role',
      '10.0.0.11',
      [
        'Node `server-1`',
        'API: `https://10.0.0.11:6443`',
        '`node-label` = `disk=ssd` (own)',
        'SSH: user of your ssh configuration',
      ],
    ],
    ['a range of hosts', '10.0.1.[1-3]', ['3 hosts: `10.0.1.1` … `10.0.1.3`', 'Joins at `https://10.0.0.100:6443`']],
    ['a zone', 'rack-a', ['In zone `rack-a`', '2 servers of 2: `server-1` and `server-2`', '3 agents of 3']],
    [
      'the fixed address',
      'address',
      ['agents, to join: `https://10.0.0.100:6443`', 'all servers name `10.0.0.100`', 'the kubeconfig'],
    ],
    ['a reference to a secret', 'secret:edge-token', ['stored outside this file', 'K3S_HA_SECRET_EDGE_TOKEN']],
    [
      'a rule that is ignored',
      'etcd-two-servers',
      ['**etcd-two-servers** (', 'Its findings in this file are ignored.'],
    ],
  ])('tells of %s what it comes to', (_title, text, parts) => {
    for (const part of parts) expect(over(text)).toContain(part);
  });

  it('never shows a secret', () => {
    expect(over('10.0.0.11')).toContain('`agent-token` = a value that is not shown');
    for (const text of ['agent-token', 'hunter2', '10.0.0.11', '10.0.0.12'])
      expect(over(text)).not.toContain('hunter2');
  });
});

describe('documentSymbols', () => {
  it('outlines the file with hosts under their names', () => {
    const text =
      'metadata:\n  name: edge\ntoken: hunter2\nservers:\n  config:\n    tls-san: [a, b]\n  nodes:\n    - host: 10.0.0.11\n      name: server-1\n    - host: 10.0.0.12\n    - \n';
    const shape = (symbols: readonly DocumentSymbol[]): unknown[] =>
      symbols.map((symbol) => [
        symbol.name,
        symbol.detail,
        symbol.kind,
        ...(symbol.children.length > 0 ? [shape(symbol.children)] : []),
      ]);
    expect(shape(documentSymbols(parseDocument(text)))).toEqual([
      ['metadata', '', 'block', [['name', 'edge', 'value']]],
      ['token', '', 'value'],
      [
        'servers',
        '',
        'block',
        [
          ['config', '', 'block', [['tls-san', 'a, b', 'list']]],
          [
            'nodes',
            '3 entries',
            'list',
            [
              [
                'server-1',
                '10.0.0.11',
                'host',
                [
                  ['host', '10.0.0.11', 'value'],
                  ['name', 'server-1', 'value'],
                ],
              ],
              ['10.0.0.12', '', 'host', [['host', '10.0.0.12', 'value']]],
            ],
          ],
        ],
      ],
    ]);
  });

  it('keeps every selection inside its range, as editors demand', () => {
    const text = 'a: &x\n  host: h\nb:\n  - *x\n  - <<: *x\n    name: |\n      n\n  - {host: c}\nc:\n';
    const check = (symbols: readonly DocumentSymbol[]): void => {
      for (const { range, selectionRange, children } of symbols) {
        expect(selectionRange.start).toBeGreaterThanOrEqual(range.start);
        expect(selectionRange.end).toBeLessThanOrEqual(range.end);
        check(children);
      }
    };
    expect(documentSymbols(parseDocument(text))).toHaveLength(3);
    check(documentSymbols(parseDocument(text)));
  });
});

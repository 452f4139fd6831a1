import { describe, expect, it } from 'vitest';
import { dot } from '../../../src/core/topology/dot';
import { mermaid } from '../../../src/core/topology/mermaid';
import { judge, REQUIREMENTS, singleFailures, type Requirement } from '../../../src/core/topology/requirements';
import { survives } from '../../../src/core/topology/survival';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { balancer, cluster, node, nodes, thirds, without } from './clusters';

const holds = (source: Cluster, down: readonly string[] = []): Requirement[] =>
  REQUIREMENTS.filter((each) => judge(source, each, down).holds);
const words = (source: Cluster, requirement: Requirement): string => judge(source, requirement).words;
const pair = balancer({ type: 'haproxy', nodes: ['10.0.0.21', '10.0.0.22'] });
const inThirds = cluster({ servers: nodes('server', 3, thirds), loadBalancer: pair });

describe('what a cluster is required to survive', () => {
  it('holds where every part is there more than once', () => {
    expect(holds(inThirds)).toEqual(['any-server', 'any-zone', 'balancer']);
    expect(words(inThirds, 'any-server')).toBe('The API goes on whichever fails of server-1, server-2 and server-3.');
  });

  it('does not hold any more once the spare part is down', () => {
    expect(holds(inThirds, ['server:server-1'])).toEqual(['balancer']);
    expect(holds(inThirds, ['balancer-host:10.0.0.21'])).toEqual(['any-server', 'any-zone']);
    expect(holds(inThirds, ['server:server-1', 'server:server-2'])).toEqual([]);
  });

  it.each<[string, Cluster, Requirement, RegExp]>([
    [
      'two members of etcd',
      cluster({ servers: nodes('server', 2) }),
      'any-server',
      /^Without server-1 the API is gone: .*Quorum is lost.* So it is with 1 other\.$/,
    ],
    [
      'one zone with most servers',
      cluster({ servers: nodes('server', 3, (i) => ({ zone: i < 3 ? 'a' : 'b' })) }),
      'any-zone',
      /^Without zone a the API is gone/,
    ],
    [
      'a server without a zone',
      cluster({ servers: [...nodes('server', 2, () => ({ zone: 'a' })), node('server', 3)] }),
      'any-zone',
      /^Servers without a zone/,
    ],
    [
      'one zone',
      cluster({ servers: nodes('server', 3, () => ({ zone: 'a' })) }),
      'any-zone',
      /^All servers are in one zone, a\.$/,
    ],
    ['no fixed address', without(cluster(), 'loadBalancer'), 'balancer', /^There is no fixed address/],
    [
      'one host of the load balancer',
      cluster({ loadBalancer: balancer({ type: 'nginx', nodes: ['10.0.0.21'] }) }),
      'balancer',
      /^Without 10\.0\.0\.21 the API is gone/,
    ],
    ['one address outside', cluster(), 'balancer', /outside of this file \(external\)/],
    [
      'kube-vip on two members',
      cluster({ servers: nodes('server', 2), loadBalancer: balancer({ type: 'kube-vip' }) }),
      'balancer',
      /^kube-vip moves .* Without server-1 the API is gone/,
    ],
  ])('does not hold with %s, and says why', (_, source, requirement, said) => {
    expect(judge(source, requirement)).toEqual({ requirement, holds: false, words: expect.stringMatching(said) });
  });

  it('is the balancer with kube-vip on three servers', () => {
    expect(holds(cluster({ loadBalancer: balancer({ type: 'kube-vip' }) }))).toEqual(['any-server', 'balancer']);
  });

  it('begins with every part that fails alone, and an address only where nothing else stands for it', () => {
    const labels = (source: Cluster): string[] => singleFailures(source).map(({ label }) => label);
    expect(labels(inThirds)).toEqual(
      expect.arrayContaining(['10.0.0.21', 'server-1', 'zone rack-a', 'rack-a – rack-b']),
    );
    expect(labels(inThirds)).not.toContain('10.0.0.100:6443');
    expect(labels(cluster())).toEqual(['10.0.0.100:6443', 'server-1', 'server-2', 'server-3']);
    expect(singleFailures(cluster(), ['server:server-1']).map(({ survival }) => survival.api.outcome)).toEqual([
      'no',
      'no',
      'no',
    ]);
  });
});

describe('the picture as text', () => {
  const { failed } = survives(inThirds, ['server:server-1']);

  it('marks what is down, as Mermaid and for Graphviz', () => {
    expect(mermaid(inThirds, failed)).toMatch(/\n {2}classDef down [^\n]+\n {2}class n\d+ down\n$/);
    expect(mermaid(inThirds)).not.toContain('classDef');
    expect(dot(inThirds, failed)).toMatch(/"server:server-1" \[label="server-1\\n10\.0\.0\.11"[^\]]*style=dashed\]/);
    expect(dot(inThirds, failed)).toMatch(/"server:server-2" \[label="server-2\\n10\.0\.0\.12"\]/);
  });

  it('for Graphviz has zones, members and ports, and no text that ends itself', () => {
    expect(dot(inThirds)).toContain('label="zone rack-a" style=dashed');
    expect(dot(inThirds)).toContain('"etcd:server-1" -> "etcd:server-2" [label="TCP 2379–2380" style=bold dir=none]');
    const nasty = dot(
      cluster({ name: 'a"b\\', servers: [{ ...node('server', 1), name: 'x"];evil [label="\u202e\n' }] }),
    );
    expect(nasty).toContain('label="a\\"b\\\\"');
    expect(nasty).not.toContain('\u202e');
    for (const line of nasty.split('\n')) expect((line.replace(/\\./g, '').match(/"/g) ?? []).length % 2).toBe(0);
  });
});

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { checkCluster } from '../../../src/core/rules/registry';
import type { Finding } from '../../../src/core/rules/rule';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { normalise } from '../../../src/core/cluster/normalise';
import { mermaid } from '../../../src/core/topology/mermaid';
import { wholeSnapshot } from './wholeSnapshot';
import { exportSvg } from '../../../webview/drawing/exportSvg';
import { CLUSTERS, balancer, cluster, nodes, thirds } from './clusters';

const EXAMPLES = join(import.meta.dirname, '../../../examples');

/** The exported picture: a change of it shows in review, as text and as an image. */
function picture(source: Cluster, findings: readonly Finding[], chosen: readonly string[] = []): string {
  return exportSvg(
    wholeSnapshot({
      cluster: source,
      findings,
      statuses: [{ id: 'server-1', state: 'ready', words: 'ready' }],
      chosen,
      expanded: [],
      revision: 1,
      file: 'file:///edge.k3s.yaml',
      title: source.name,
      simulated: false,
      drift: [],
      run: { phase: 'idle', words: '' },
      actions: [],
    }),
  );
}

const LAYOUTS: Record<string, readonly [Cluster, readonly string[]]> = {
  'embedded-3': [CLUSTERS['embedded-3'] as Cluster, ['server:server-2']],
  'embedded-5': [cluster({ servers: nodes('server', 5), agents: nodes('agent', 5) }), []],
  'two-zones-haproxy': [CLUSTERS['two-zones'] as Cluster, ['zone:rack-a']],
  'two-zones-cut': [CLUSTERS['two-zones'] as Cluster, ['network:rack-a|rack-b']],
  'three-zones': [cluster({ servers: nodes('server', 3, thirds), agents: nodes('agent', 9, thirds) }), []],
  'mysql-slb': [CLUSTERS['mysql-slb'] as Cluster, []],
  'external-etcd-stacked': [
    cluster({
      datastore: {
        type: 'etcd',
        endpoint: 'https://10.0.0.11:2379,https://10.0.0.12:2379,https://10.0.0.13:2379',
        path: ['datastore'],
      },
      agents: nodes('agent', 3),
    }),
    [],
  ],
  'haproxy-vip': [
    cluster({
      loadBalancer: balancer({ type: 'haproxy', nodes: ['10.0.0.21', '10.0.0.22'] }),
      agents: nodes('agent', 12),
    }),
    [],
  ],
  'single-server': [CLUSTERS['single'] as Cluster, []],
  'thousand-agents': [CLUSTERS['large'] as Cluster, []],
};

describe('the exported picture', () => {
  const mark: Finding = {
    ruleId: 'r',
    severity: 'error',
    message: '<b>"quoted" & wrong</b>',
    path: ['servers', 'nodes', 0],
    part: 'value',
  };

  it.each(Object.entries(LAYOUTS))('of the layout %s stays as it is', async (name, [source, chosen]) => {
    await expect(picture(source, [], chosen)).toMatchFileSnapshot(`golden/${name}.svg`);
  });

  it.each(globSync('**/cluster.k3s.yaml', { cwd: EXAMPLES }).sort())(
    'of the example %s stays as it is',
    async (name) => {
      const document = parseDocument(readFileSync(join(EXAMPLES, name), 'utf8'));
      const source = normalise(document.data);
      await expect(picture(source, checkCluster({ document, cluster: source }))).toMatchFileSnapshot(
        `golden/examples/${dirname(name).replaceAll(/[\\/]/g, '-')}.svg`,
      );
    },
  );

  it('needs nothing from outside, runs nothing, and has no controls', () => {
    for (const [source, chosen] of Object.values(LAYOUTS)) {
      const svg = picture(source, [mark], chosen);
      expect(svg).not.toMatch(/href|url\((?!#arrow-)|@import|<script|on[a-z]+=|tabindex|role=|data-part|var\(--/);
      expect(svg).not.toContain('<b>');
    }
  });
});

describe('the Mermaid text', () => {
  it('has every tier with its ports, zones as subgraphs, and agents as groups', () => {
    const text = mermaid(CLUSTERS['two-zones'] as Cluster);
    expect(text).toMatch(/^flowchart TB\n/);
    for (const part of [
      '(["Clients<br/>kubectl, CI, Helm"])',
      'subgraph zone0["zone rack-a"]',
      '["server-3<br/>10.0.0.13"]',
      '[["4 agents',
      'etcd[("embedded etcd<br/>3 members, quorum 2")]',
      '-->|"TCP 6443"|',
      '==>|"TCP 2379"| etcd',
      '-.->|"registration, TCP 6443"|',
      '-.-|"VRRP"|',
    ])
      expect(text).toContain(part);
  });

  it('lets no text of the file become syntax', () => {
    const text = mermaid(
      cluster({ servers: nodes('server', 1).map((server) => ({ ...server, name: 'a"] --> b{<script>}#;', id: 'a' })) }),
    );
    expect(text).toContain('["a#34;#93; --#62; b#123;#60;script#62;#125;#35;#59;<br/>10.0.0.11"]');
  });
});

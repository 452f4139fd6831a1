import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/spec/cluster';
import { topologySnapshot } from '../../../src/core/topology/snapshot';
import { drawTopology } from '../../../webview/view/diagram';
import { CLUSTERS } from './clusters';

/** The drawing as text, one piece a line: a change of the picture shows in review. */
function picture(name: string, chosen: readonly string[]): string {
  const snapshot = topologySnapshot({
    cluster: CLUSTERS[name] as Cluster,
    findings: [{ ruleId: 'r', severity: 'error', message: '<b>"quoted" & wrong</b>', path: ['servers', 'nodes', 0], part: 'value' }],
    statuses: [{ id: 'server-1', state: 'ready', words: 'ready' }],
    chosen, expanded: [], revision: 1, file: 'file:///edge.k3s.yaml', title: name, simulated: false, run: { phase: 'idle', words: '' }, actions: [],
  });
  const drawing = drawTopology(snapshot, {});
  const pieces = [...drawing.ground, ...drawing.wires, ...drawing.parts].map((p) => p.markup);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${drawing.width} ${drawing.height}">\n${pieces.join('\n')}\n</svg>\n`;
}

describe('the drawing', () => {
  it.each([
    ['embedded-3', ['server:server-2']],
    ['two-zones', ['zone:rack-a']],
    ['mysql-slb', []],
  ] as const)('of %s without %j stays as it is', async (name, chosen) => {
    await expect(picture(name, chosen)).toMatchFileSnapshot(`golden/${name}.svg`);
  });

  it('never lets text of the file become markup', () => {
    expect(picture('embedded-3', [])).not.toContain('<b>');
  });
});

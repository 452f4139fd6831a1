import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterRow } from '../../../src/views/explorer';
import type { ClusterState } from '../../../src/views/clusterState';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { NODES, fileState, withNode, withNodes } from './states';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  contributes: { menus: { 'view/item/context': { command: string; when: string; group: string }[] } };
};
const ENTRIES = manifest.contributes.menus['view/item/context'];
const all = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(all)];

/** The commands that the menu of a node has, without their prefix; those of one group when it is named. */
function menuOf(state: ClusterState, id: string, group = ''): readonly string[] {
  const row = all(clusterRow(state, 'edge.k3s.yaml')).find((one) => one.id === `node:${id}`);
  const value = `${row?.context ?? ''} ${row?.can ?? ''}`.trim();
  return ENTRIES.filter(({ when, group: own }) => {
    const [, pattern] = /viewItem =~ \/(.*)\/$/.exec(when) ?? [];
    return own.startsWith(group) && pattern !== undefined && new RegExp(pattern).test(value);
  }).map(({ command }) => command.replace('k3s-ha.', ''));
}

describe('the menu of a node', () => {
  const state = withNodes(fileState(), NODES);

  it('has two buttons on the row: shell and journal', () => {
    expect(menuOf(state, 'server-1', 'inline')).toEqual(['node.shell', 'node.journal']);
  });

  it('offers to cordon a node that takes pods, and to uncordon one that takes none', () => {
    const rest = ['node.restart', 'node.drain', 'node.reboot'];
    expect(menuOf(state, 'agent-1', '2_maintain').toSorted()).toEqual([...rest, 'node.cordon'].toSorted());
    const cordoned = withNodes(state, withNode(NODES, 'agent-1', { schedulable: false }));
    expect(menuOf(cordoned, 'agent-1', '2_maintain').toSorted()).toEqual([...rest, 'node.uncordon'].toSorted());
  });

  it('offers neither where nobody knows how the node is, and the rest all the same', () => {
    const menu = menuOf(fileState(), 'agent-1');
    expect(menu).toEqual(expect.arrayContaining(['node.shell', 'node.remove', 'node.restart', 'revealNode']));
    expect(menu.filter((command) => /cordon|drain/.test(command))).toEqual([]);
  });
});

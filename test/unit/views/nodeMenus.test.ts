import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostDifference } from '../../../src/core/health/hostDrift';
import { snapshotOf } from '../../../src/views/diagram';
import { clusterRow } from '../../../src/views/explorer';
import type { ClusterState } from '../../../src/views/clusterState';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { NODES, fileState, withNode, withNodes } from './states';

interface Entry {
  readonly command?: string;
  readonly when: string;
  readonly group: string;
}

const { menus } = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    contributes: { menus: Readonly<Record<'view/item/context' | 'webview/context', readonly Entry[]>> };
  }
).contributes;
const all = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(all)];

/** The commands that the menu of a node has, without their prefix; those of one group when it is named. */
function menuOf(state: ClusterState, id: string, group = ''): readonly string[] {
  const row = all(clusterRow(state, 'edge.k3s.yaml')).find((one) => one.id === `node:${id}`);
  const value = `${row?.context ?? ''} ${row?.can ?? ''}`.trim();
  return offered(menus['view/item/context'], value)
    .filter((one) => one.group.startsWith(group))
    .map(({ command = '' }) => command.replace('k3s-ha.', ''));
}

/** The entries whose pattern fits, without buttons and other menus. */
function offered(entries: readonly Entry[], value: string): readonly Entry[] {
  return entries.filter(({ command, when }) => {
    const [, pattern] = /(?:viewItem|k3sPart) =~ \/(.*)\/$/.exec(when) ?? [];
    return command !== undefined && pattern !== undefined && new RegExp(pattern).test(value);
  });
}

describe('the menu of a part of the diagram', () => {
  it.each([
    'node server ready open sshable',
    'node agent ready cordoned simulated sshable',
    'node agent not-ready open drifted sshable',
    'node server sshable',
    'loadBalancer simulated',
    'group',
  ])('has the entries of a row that is "%s", in the same groups', (value) => {
    const own = ({ command, group }: Entry): string => `${group} ${command ?? ''}`;
    const ofRow = offered(menus['view/item/context'], value).filter(({ group }) => !group.startsWith('inline'));
    const ofPart = offered(menus['webview/context'], value);
    const wanted = value === 'group' ? [] : ofRow.map(own).toSorted();
    expect(ofPart.map(own).toSorted()).toEqual(wanted);
    expect(ofPart.length > 0).toBe(value !== 'group');
  });

  it('knows of a node what its row knows, with and without a look at its machine', () => {
    const nodes = withNodes(fileState(), withNode(NODES, 'agent-1', { schedulable: false }));
    const difference: HostDifference = {
      machine: 'server-1',
      about: { kind: 'option', name: 'debug', present: ['true'] },
      seen: 'debug is true',
      says: 'the file does not have it',
      files: [{ path: '/etc/rancher/k3s/config.yaml', before: 'debug: true\n', after: '' }],
    };
    const drifted: ClusterState = {
      ...nodes,
      hostDrift: {
        machines: [{ id: 'server-1', host: '10.0.0.1', differences: [difference] }],
        unseen: [],
        strangers: [],
        problems: [],
      },
    };
    for (const [state, part, words] of [
      [nodes, 'agent:agent-1', 'ready cordoned'],
      [nodes, 'server:server-1', 'ready open'],
      [drifted, 'server:server-1', 'ready open drifted'],
      [fileState(), 'server:server-1', undefined],
    ] as const) {
      const snapshot = snapshotOf(state, { expanded: [], chosen: [] }, 1);
      expect(snapshot.status[part]?.can).toBe(words);
      const row = all(clusterRow(state, 'edge.k3s.yaml')).find(({ id }) => id === `node:${part.split(':')[1] ?? ''}`);
      expect(row?.can).toContain(words ?? 'server sshable');
    }
  });
});

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

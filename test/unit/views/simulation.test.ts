import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALL_WELL, simulationAfter, type Simulation } from '../../../src/core/health/simulation';
import type { ClusterState } from '../../../src/views/clusterState';
import { snapshotOf } from '../../../src/views/diagram';
import { BRIEF_LENGTH, columnsOf } from '../../../src/views/briefWords';
import { clusterRow } from '../../../src/views/explorer';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { fileState, NODES, TEXT, withNodes } from './states';

interface Entry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when: string;
}

const { menus } = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    contributes: { menus: Readonly<Record<string, readonly Entry[]>> };
  }
).contributes;

const all = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(all)];
const VIEW = { expanded: [], chosen: [], showList: false };

/** Servers in two racks, simulated, with what somebody lets fail. */
function practised(simulation: Simulation, simulated = true): ClusterState {
  const text = TEXT.replace('name: server-1}', 'name: server-1, zone: a}').replace(
    'name: server-2}',
    'name: server-2, zone: b}',
  );
  const state = withNodes(
    fileState(text),
    NODES.map((node) => ({ ...node, simulated })),
  );
  return { ...state, simulation };
}

/** What `when` clauses of our form say for these keys: patterns and names, joined by && and ||. */
function holds(when: string, keys: Readonly<Record<string, string | boolean>>): boolean {
  return when.split(' || ').some((side) =>
    side.split(' && ').every((clause) => {
      const [, key, pattern, word] = /^(\S+?)(?: =~ \/(.*)\/| == '?([^']*?)'?)?$/.exec(clause) ?? [];
      const value = keys[key ?? ''];
      if (pattern !== undefined) return value !== undefined && new RegExp(pattern).test(String(value));
      return word === undefined ? value === true : value === word;
    }),
  );
}

/** The commands of the menu *Simulation* on a row, or nothing where the row has no such menu. */
function menuOfRow(state: ClusterState, id: string): readonly string[] {
  const row = all(clusterRow(state, 'edge.k3s.yaml')).find((one) => one.id === id);
  const viewItem = [row?.context, row?.can].filter((part) => part !== undefined).join(' ');
  const { partitions } = state.simulation ?? ALL_WELL;
  const keys = {
    view: 'k3s-ha.clusters',
    'k3s-ha.practiceRunning': state.simulation !== undefined,
    'k3s-ha.practiceParted': partitions.length > 0,
    viewItem,
  };
  const offered = menus['view/item/context']?.some(({ submenu, when }) => submenu !== undefined && holds(when, keys));
  if (offered !== true) return [];
  return (menus['k3s-ha.simulation'] ?? [])
    .filter(({ when }) => holds(when, keys))
    .map(({ command = '' }) => command.replace('k3s-ha.practice.', ''));
}

const events = (...happened: object[]): Simulation => happened.reduce(simulationAfter, ALL_WELL);

describe('what fails in a practice fleet', () => {
  it('follows what the fleet tells, also of what others have done there', () => {
    const off = events(
      { kind: 'power', host: 'server-1', on: false },
      { kind: 'fault', host: 'server-1', fault: 'hangs', on: true },
    );
    expect(off.faults.get('server-1')).toEqual(['power', 'hang']);
    const back = simulationAfter(off, { kind: 'power', host: 'server-1', on: true });
    expect(back.faults.get('server-1')).toEqual(['hang']);
    expect(simulationAfter(back, { kind: 'unit', host: 'server-1' })).toBe(back);
    expect(simulationAfter(back, 'no event')).toBe(back);
  });

  it('is offered on simulated nodes only, each with the way that is open now', () => {
    const well = practised(ALL_WELL);
    expect(menuOfRow(well, 'node:server-1')).toEqual([
      'powerOff',
      'cutNetwork',
      'hang',
      'fillDisk',
      'changeHostKey',
      'partZones',
    ]);
    expect(menuOfRow(well, 'loadBalancer')).toEqual(['cutNetwork']);
    const off = practised(events({ kind: 'power', host: 'server-1', on: false }));
    expect(menuOfRow(off, 'node:server-1')).toContain('powerOn');
    expect(menuOfRow(off, 'node:server-1')).not.toContain('powerOff');
    expect(menuOfRow(off, 'node:server-2')).toContain('powerOff');
    const parted = practised(events({ kind: 'network', partitions: [[['server-1'], ['server-2']]] }));
    expect(menuOfRow(parted, 'node:server-2')).toContain('joinZones');
    for (const id of ['node:server-1', 'loadBalancer']) expect(menuOfRow(practised(ALL_WELL, false), id)).toEqual([]);
    expect(menuOfRow({ ...well, simulation: undefined }, 'node:server-1')).toEqual([]);
  });

  it.each([
    ['disk full', 'disk full'],
    ['another SSH key', 'other host key'],
  ])('is told as the state that it is, although Kubernetes calls the node Ready: %s', (fault, words) => {
    const state = practised(events({ kind: 'fault', host: 'server-1', fault, on: true }));
    const row = all(clusterRow(state, 'edge.k3s.yaml')).find(({ id }) => id === 'node:server-1');
    expect(row).toMatchObject({ description: words, icon: 'warning', color: 'warning' });
    expect(columnsOf(words)).toBeLessThanOrEqual(BRIEF_LENGTH);
    expect(snapshotOf(state, VIEW, 1).status['server:server-1']?.words).toBe(`${words}, ready`);
  });

  it('is said to be a simulation in explorer and diagram', () => {
    const state = practised(
      events(
        { kind: 'fault', host: 'server-1', fault: 'cut off', on: true },
        { kind: 'network', partitions: [[['server-1'], ['server-2']]] },
      ),
    );
    const row = all(clusterRow(state, 'edge.k3s.yaml')).find(({ id }) => id === 'node:server-1');
    expect(row?.spoken).toContain('Simulation: cut off from the network');
    expect(row?.tooltip.markdown).toContain('cut off from the network');
    const snapshot = snapshotOf(state, VIEW, 1);
    expect(snapshot.simulation).toEqual({
      'server-1': { marks: ['cut'], words: ['Simulation: cut off from the network'] },
      'network:a|b': { marks: ['parted'], words: ['Simulation: cut'] },
    });
    expect(snapshotOf({ ...state, simulation: undefined }, VIEW, 1).simulation).toBeUndefined();
  });
});

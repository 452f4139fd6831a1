import { describe, expect, it } from 'vitest';
import type { HostFinding } from '../../../src/core/hostChecks/hostCheck';
import { hostFindingsIn } from '../../../src/core/language/hostFindings';
import type { ClusterState } from '../../../src/views/clusterState';
import { snapshotOf } from '../../../src/views/diagram';
import { clusterRow } from '../../../src/views/explorer';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import { fileState, seen, withNodes } from './states';

const FOUND: readonly HostFinding[] = [
  { id: 'port-in-use', severity: 'error', machine: 'server-1', message: 'Port 6443 is in use.', nextSteps: [] },
  { id: 'cgroup-v1', severity: 'warning', machine: 'server-1', message: 'It uses cgroup v1.', nextSteps: [] },
  { id: 'swap-on', severity: 'info', machine: 'server-2', message: 'It swaps', nextSteps: ['Switch it off.'] },
];

function checked(state: ClusterState = fileState()): ClusterState {
  const hostFindings = hostFindingsIn(state.document, state.cluster, FOUND);
  return { ...state, hostFindings, findings: [...state.findings, ...hostFindings] };
}

function rowOf(state: ClusterState, label: string): ExplorerRow | undefined {
  return clusterRow(state, 'edge.k3s.yaml')
    .children.filter(({ id }) => id !== 'attention')
    .flatMap(({ children }) => children)
    .find((row) => row.label === label);
}

describe('what a check of the machines has found', () => {
  it('is a sign and words at the machine in the tree, and only a line of its tooltip when it is no fault', () => {
    const state = checked();
    expect(rowOf(state, 'server-1')).toMatchObject({
      description: '1 error',
      spoken: '10.0.0.11 · 1 error, 1 warning of the check',
      icon: 'error',
      color: 'bad',
    });
    expect(JSON.stringify(rowOf(state, 'server-1')?.tooltip)).toContain('Port 6443 is in use');
    expect(rowOf(state, 'server-2')).toMatchObject({ description: '10.0.0.12', icon: 'vm-outline' });
    expect(JSON.stringify(rowOf(state, 'server-2')?.tooltip)).toMatch(/It swaps\W+ Switch it off/);
    expect(rowOf(state, 'server-3')).toEqual(rowOf(fileState(), 'server-3'));
  });

  it('leaves the sign of a node that runs as it is', () => {
    const live = withNodes(checked(), [seen('server-1')]);
    expect(rowOf(live, 'server-1')).toMatchObject({ icon: 'pass-filled', color: 'good' });
    expect(rowOf(live, 'server-1')?.spoken).toMatch(/^Ready.* · 1 error, 1 warning of the check$/);
  });

  it('is a mark at the machine in the diagram', () => {
    const { graph } = snapshotOf(checked(), { expanded: [], chosen: [] }, 1);
    const marks = graph.parts.find(({ id }) => id.includes('server-1'))?.marks ?? [];
    expect(marks.filter(({ ruleId }) => ruleId === 'port-in-use')).toMatchObject([
      { severity: 'error', message: 'Port 6443 is in use.', fixable: false },
    ]);
  });

  it('keeps the row the same object as long as nothing changes', () => {
    const state = checked();
    expect(rowOf(state, 'server-1')).toBe(rowOf({ ...state }, 'server-1'));
  });
});

describe('the certificates of a machine', () => {
  const certified = (age: 'fine' | 'ends soon' | 'ended', words: string): ExplorerRow | undefined => {
    const live = withNodes(fileState(), [seen('server-1')]);
    return rowOf({ ...live, certificates: new Map([['server-1', { age, words, ends: 0 }]]) }, 'server-1');
  };

  it('are in the tooltip as long as they last, and no sign', () => {
    const row = certified('fine', 'certificates until 2027-11-12');
    expect(JSON.stringify(row?.tooltip)).toContain('Certificates until 2027-11-12');
    expect(row?.description).not.toContain('certificates');
    expect(row?.color).toBe('good');
  });

  it('are in the row with a warning when they end before long, and a fault when they have ended', () => {
    const soon = certified('ends soon', 'certificates until 2026-12-03, in 6 days');
    expect(soon?.description).toBe('certificates end');
    expect(soon?.spoken).toMatch(/^Ready.* · certificates until 2026-12-03, in 6 days$/);
    expect(soon?.color).toBe('warning');
    expect(certified('ended', 'certificates ended since 2026-11-20')?.color).toBe('bad');
  });
});

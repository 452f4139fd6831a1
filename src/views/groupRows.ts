import { say } from '../core/base/say';
import { groupBy } from '../core/base/group';
import { md, paragraphs, plainMarkdown } from '../core/base/markdown';
import { eachPer, lastPer } from '../core/base/remember';
import type { NodeRole } from '../core/k3s/nodeRole';
import type { DeclaredNodeHealth } from '../core/health/clusterHealth';
import type { Drift } from '../core/health/drift';
import type { NodeHealth } from '../core/health/nodeHealth';
import type { Simulation } from '../core/health/simulation';
import type { Finding } from '../core/rules/rule';
import { briefest } from './briefWords';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf } from './clusterView';
import type { ExplorerRow } from './explorerRow';
import { findingsByMachine } from './hostMarks';
import { driftedOf, NO_HOST_DRIFT } from './nodeAbilities';
import { extraRow, nodeRow } from './nodeRow';

/** More nodes than these stand in groups by zone. */
const LONGEST_LIST = 20;

/** Servers or agents, with how many of them are well. */
export function groupRow(role: NodeRole, state: ClusterState): ExplorerRow {
  const { seen, stale, health, run, drift } = viewOf(state);
  const nodes = health.nodes.filter(({ node }) => node.role === role);
  const ready = nodes.filter((node) => node.state === 'ready').length;
  const told = findingsByMachine(state.hostFindings ?? NO_FINDINGS);
  const begun = run.phase === 'running' || run.phase === 'unfinished' || run.phase === 'failed';
  const finished = nodes.filter(({ node }) => (state.run.get(node.id)?.state ?? 'done') === 'done').length;
  const asked = nodes.filter(({ live }) => live?.answers !== undefined);
  const answering = asked.filter(({ live }) => live?.answers === true).length;
  const ago = state.live.kind === 'lost' && state.live.lastSeen !== undefined ? ` · ${state.live.lastSeen}` : '';
  const differs = drift.nodes.size === 0 || stale ? NO_DRIFT : drift.nodes;
  const rows = NODE_ROWS[role](
    state.cluster,
    nodes,
    state.run,
    state.live.kind,
    stale,
    told,
    state.certificates,
    differs,
    drift.releases.size === 0 ? NO_RELEASES : drift.releases,
    health.simulated,
    driftedOf(state.hostDrift ?? NO_HOST_DRIFT),
    state.simulation?.faults,
  );
  const words = begun
    ? say`${finished} of ${nodes.length} done`
    : stale
      ? asked.length > 0
        ? say`${answering}/${nodes.length} answer`
        : say`last seen ${ready}/${nodes.length}`
      : seen.length > 0
        ? say`${ready}/${nodes.length} ready`
        : String(nodes.length);
  return {
    id: `${role}s`,
    label: role === 'server' ? say`Servers` : say`Agents`,
    description: briefest(words, `${ready}/${nodes.length}`),
    spoken: `${words}${begun ? '' : ago}`,
    tooltip: paragraphs([md`${nodes.length} declared`, plainMarkdown(`${words}${begun ? '' : ago}`)]),
    icon: role === 'server' ? 'server' : 'vm',
    context: 'group',
    expanded: nodes.length <= LONGEST_LIST,
    children: nodes.length > LONGEST_LIST ? byZone(rows, nodes, role, begun || seen.length === 0) : rows,
    path: [`${role}s`],
  };
}

const NO_FINDINGS: readonly Finding[] = [];
const NO_DRIFT: Drift['nodes'] = new Map();
const NO_RELEASES: Drift['releases'] = new Map();

type RowInputs = readonly [
  run: ClusterState['run'],
  live: LiveState['kind'],
  stale: boolean,
  told: ReturnType<typeof findingsByMachine>,
  certificates: ClusterState['certificates'],
  differs: Drift['nodes'],
  releases: Drift['releases'],
  simulated: boolean,
  drifted: ReadonlySet<string>,
  faults: Faults | undefined,
];

type Faults = Simulation['faults'];

/** The same row for the same node: of a thousand few change. */
const nodeRows = (): ReturnType<typeof eachPer<DeclaredNodeHealth, RowInputs, ExplorerRow>> =>
  eachPer((declared, run, live, stale, told, certificates, differs, releases, simulated, drifted, faults) => {
    const { id } = declared.node;
    return nodeRow(
      declared,
      run.get(id),
      live,
      stale,
      told.get(id),
      certificates?.get(id),
      differs.get(id),
      releases.get(id),
      simulated,
      drifted.has(id),
      faults?.get(id),
    );
  });
const NODE_ROWS = { server: nodeRows(), agent: nodeRows() };

/** Zones are what fails together; one zone alone would be a row without use. */
const byZone = lastPer(
  (
    rows: readonly ExplorerRow[],
    nodes: readonly DeclaredNodeHealth[],
    role: NodeRole,
    uncounted: boolean,
  ): readonly ExplorerRow[] => {
    const zones = groupBy(
      nodes.map((declared, i) => ({ declared, row: rows[i] })),
      ({ declared }) => declared.node.zone ?? '',
    );
    if (zones.size < 2) return rows;
    return [...zones].map(([zone, members]): ExplorerRow => {
      const ready = members.filter(({ declared }) => declared.state === 'ready').length;
      const words = uncounted ? String(members.length) : say`${ready}/${members.length} ready`;
      return {
        id: `zone:${role}:${zone}`,
        label: zone === '' ? say`No zone` : zone,
        description: words,
        tooltip: md`${members.length} ${role}s of ${zone === '' ? say`no zone` : say`zone ${zone}`}`,
        icon: 'layers',
        context: 'zone',
        children: members.flatMap(({ row }) => row ?? []),
      };
    });
  },
);

/** Nodes that the running cluster has and the file does not. */
export function undeclaredRow(undeclared: readonly NodeHealth[], stale: boolean): ExplorerRow {
  return {
    id: 'extra',
    label: say`Not in the File`,
    description: String(undeclared.length),
    tooltip: md`Nodes of the running cluster that the file does not declare.`,
    icon: 'question',
    context: 'group',
    children: undeclared.map((node) => extraRow(node, stale)),
  };
}

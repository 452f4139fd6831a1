import { say } from '../core/base/say';
import { lines, md, paragraphs, plainMarkdown, type Markdown } from '../core/base/markdown';
import { lastPer } from '../core/base/remember';
import type { ClusterNode } from '../core/cluster/cluster';
import type { CertificateMark } from '../core/health/certificateMarks';
import type { DeclaredNodeHealth } from '../core/health/clusterHealth';
import { liveFacts, type OtherRelease } from '../core/health/drift';
import type { NodeHealth } from '../core/health/nodeHealth';
import { simulationMarks, simulationState, simulationWords, type FaultId } from '../core/health/simulation';
import type { NodeProgress } from '../core/plan/progress';
import type { Finding } from '../core/rules/rule';
import { brief, briefDifference, briefReason, briefTrouble } from './briefWords';
import type { LiveState } from './clusterState';
import type { ExplorerRow } from './explorerRow';
import { nodeAbilities } from './nodeAbilities';
import { withCertificates, withHostMarks } from './hostMarks';
import type { StateColor } from './headline';
import { briefRunWords, runWords } from './runWords';

/** What of a row depends on how its node is. */
type Look = Pick<ExplorerRow, 'description' | 'spoken' | 'tooltip' | 'icon'> & { readonly color?: StateColor };

/** The row of a node of the file; the same one as long as nothing of it changes. */
export const nodeRow = lastPer(
  (
    declared: DeclaredNodeHealth,
    run: NodeProgress | undefined,
    live: LiveState['kind'],
    stale: boolean,
    findings: readonly Finding[] | undefined,
    mark: CertificateMark | undefined,
    differences: readonly string[] | undefined,
    release: OtherRelease | undefined,
    simulated: boolean,
    drifted: boolean,
    faults: readonly FaultId[] | undefined,
  ): ExplorerRow => {
    const { node } = declared;
    const row: ExplorerRow = {
      id: `node:${node.id}`,
      label: node.id,
      context: 'node',
      can: abilities(node, nodeAbilities(stale ? undefined : declared.live, drifted), simulated, faults ?? []),
      children: [],
      path: node.path,
      links: ['reveal', 'topology'],
      ...withSimulation(lookOf(declared, run, live, stale, differences ?? [], release), faults ?? []),
    };
    return withHostMarks(withCertificates(row, mark), findings);
  },
);

function lookOf(
  { node, live: seen, state, words }: DeclaredNodeHealth,
  run: NodeProgress | undefined,
  live: LiveState['kind'],
  stale: boolean,
  differences: readonly string[],
  release: OtherRelease | undefined,
): Look {
  const where = plainMarkdown(node.zone === undefined ? node.host : say`${node.host}, zone ${node.zone}`);
  if (run !== undefined && (run.state !== 'done' || seen === undefined || stale)) {
    const [icon, color] = RUN_SIGNS[run.state];
    const spoken = runWords(run);
    return {
      description: briefRunWords(run),
      spoken,
      tooltip: paragraphs([md`**${node.id}**`, plainMarkdown(spoken), where]),
      icon,
      ...(color === undefined ? {} : { color }),
    };
  }
  if (seen === undefined) {
    const absent = live === 'live';
    const [difference] = differences;
    if (!absent && difference !== undefined)
      return {
        description: briefDifference(release),
        spoken: differences.join(' · '),
        tooltip: paragraphs([
          md`**${node.id}**`,
          where,
          lines(differences.map((one) => say`Not as in the file: ${one}`)),
        ]),
        icon: 'warning',
        color: 'warning',
      };
    const address = node.host === node.id ? '' : node.host;
    return {
      description: brief(absent ? words : address),
      spoken: absent ? words : address,
      tooltip: paragraphs([absent ? md`**${node.id}** is ${words}` : md`**${node.id}**`, where]),
      icon: absent ? 'circle-outline' : 'vm-outline',
      ...(absent ? { color: 'warning' as const } : {}),
    };
  }
  if (stale && seen.answers !== false) {
    const itself = seen.answers === true;
    return {
      description: itself
        ? say`answers itself`
        : state === 'ready'
          ? say`last seen ready`
          : brief(say`was ${briefReason(words)}`),
      spoken: say`${itself ? say`answers itself · ` : ''}last seen ${words}`,
      tooltip: paragraphs([md`**${seen.name}** was ${words} when the API answered last`, where]),
      icon: 'circle-outline',
      color: itself ? 'warning' : 'stale',
    };
  }
  const faults = [
    ...differences,
    ...(seen.etcdFault === undefined ? [] : [say`its etcd member ${seen.etcdFault}`]),
    ...seen.warnings,
  ];
  const status = state === 'ready' ? 'Ready' : words;
  return {
    description: state === 'ready' ? briefFault(differences, seen) : briefReason(words, seen.lasting),
    spoken: [status, seen.roles.join(','), seen.version, seen.age, node.zone, ...faults]
      .filter((part) => part !== undefined && part !== '')
      .join(' · '),
    tooltip: nodeCard(seen, words, where, differences),
    icon:
      state === 'ready' ? (faults.length > 0 ? 'warning' : 'pass-filled') : state === 'unknown' ? 'question' : 'error',
    color: state !== 'ready' ? 'bad' : faults.length > 0 ? 'warning' : 'good',
  };

  /** Of a ready node only what is out of the ordinary; else where it stands. */
  function briefFault([difference]: readonly string[], { etcdFault, trouble }: NodeHealth): string {
    if (etcdFault !== undefined) return say`etcd not well`;
    if (trouble !== undefined) return briefTrouble(trouble);
    return difference === undefined ? brief(node.zone ?? '') : briefDifference(release);
  }
}

/** What was made to fail is said as that, so that nobody looks for another cause. */
function withSimulation(look: Look, faults: readonly FaultId[]): Look {
  const words = simulationWords(faults);
  const state = simulationState(faults);
  if (state === undefined) return look;
  return {
    ...look,
    // Kubernetes does not tell of all that can fail: a node with another host key, say, stays Ready.
    ...(look.color === 'good' ? { description: state, icon: 'warning', color: 'warning' as const } : {}),
    spoken: [look.spoken ?? look.description, ...words].join(' · '),
    tooltip: paragraphs([look.tooltip, lines(words)]),
  };
}

/** What menus may offer for a node: its role, and its state as far as that is known now. */
function abilities({ role }: ClusterNode, state: string, simulated: boolean, faults: readonly FaultId[]): string {
  return [role, state, ...(simulated ? ['simulated', ...simulationMarks(faults)] : []), 'sshable']
    .filter((word) => word !== '')
    .join(' ');
}

/** All that is known of a node that was seen. */
function nodeCard(seen: NodeHealth, words: string, where: Markdown, differences: readonly string[]): Markdown {
  return paragraphs([
    md`**${seen.name}** is ${words}`,
    where,
    lines(liveFacts(seen)),
    lines(differences.map((difference) => say`Not as in the file: ${difference}`)),
  ]);
}

/** A host that has finished looks finished, also while others are at work. */
const RUN_SIGNS: Readonly<Record<NodeProgress['state'], readonly [icon: string, color?: StateColor]>> = {
  pending: ['clock'],
  running: ['sync~spin'],
  done: ['pass', 'good'],
  failed: ['error', 'bad'],
  unknown: ['error', 'bad'],
  skipped: ['circle-slash'],
  cancelled: ['circle-slash', 'warning'],
};

/** The row of a node that only the running cluster knows. */
export const extraRow = lastPer((seen: NodeHealth, stale: boolean): ExplorerRow => ({
  id: `extra:${seen.name}`,
  label: seen.name,
  description: stale ? say`last seen` : seen.ready === 'ready' ? seen.role : briefReason(seen.reason, seen.lasting),
  spoken: stale
    ? say`last seen ${seen.reason}`
    : [seen.ready === 'ready' ? 'Ready' : seen.reason, seen.version ?? ''].join(' · '),
  tooltip: paragraphs([
    md`**${seen.name}** is ${seen.reason}`,
    plainMarkdown(say`The file does not declare this node.`),
    lines(liveFacts(seen)),
  ]),
  icon: 'question',
  ...(stale ? { color: 'stale' as const } : {}),
  context: 'extraNode',
  children: [],
}));

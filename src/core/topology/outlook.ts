import { lastPer, oncePer } from '../base/remember';
import type { Cluster } from '../cluster/cluster';
import { nodesOf } from '../cluster/roles';
import { cutSets } from './cutSets';
import { fallWith } from './fate';
import { agentPart, agentsPart } from './ids';
import { maintenance } from './maintenance';
import type { Answer, Outlook, Part } from './model';
import type { DrawnCluster } from './picture';
import { printablePiece } from './printablePiece';
import { silentSurvival, notWhileSilent } from './silence';
import { survives } from './survival';
import { singlePointsOfFailure } from './verdict';

/** What a what-if begins with. */
export interface Footing {
  /** The cluster that is played through: the one of the file, or the one that runs. */
  readonly cluster: Cluster;
  /** Parts of it that are really down. */
  readonly down: readonly string[];
  /** Its API does not answer: what is known of it is old. */
  readonly silent: boolean;
}

/** What follows when `chosen` parts fail on this footing, for the parts of a picture. All words in it may be shown as they are. */
export function outlookOf(drawn: DrawnCluster, footing: Footing, chosen: readonly string[]): Outlook {
  const { cluster, down, silent } = footing;
  const { known, sent } = idsOf(drawn);
  const failing = chosen.filter((id) => known.has(id));
  const played = survives(cluster, [...down, ...failing]);
  const survival = silent ? silentSurvival(played) : played;
  // Who was down when the API fell silent decides what can be said, but nobody knows whether it still is.
  const failed = silent ? [...fallWith(cluster, failing)].sort() : survival.failed;
  const fallen = silent ? [] : failing.length === 0 ? played.failed : [...fallWith(cluster, down)].sort();
  return {
    chosen: failing,
    down: fallen.filter((id) => sent.has(id)),
    survival: printablePiece({
      ...survival,
      failed: failed.filter((id) => sent.has(id)),
      cutOff: survival.cutOff.filter((id) => sent.has(id)),
    }),
    ...dependence(
      drawn,
      cluster,
      down.filter((id) => !id.startsWith(agentPart(''))).join('\n'),
      failing.join('\n'),
      silent,
    ),
  };
}

/** Ids of all parts of a cluster, and of those that a picture has. */
const idsOf = oncePer(({ whole, picture }: DrawnCluster) => ({
  known: new Set(whole.parts.map(({ id }) => id)),
  sent: new Set(picture.graph.parts.map(({ id }) => id)),
}));

type Dependence = Pick<Outlook, 'singlePoints' | 'cutSets' | 'maintenance'>;

/** What the API hangs on: single agents do not change it, so that of a thousand each may come and go at no cost. */
const dependence = lastPer(
  (drawn: DrawnCluster, cluster: Cluster, downKey: string, chosenKey: string, silent: boolean): Dependence => {
    const [down, chosen] = [downKey, chosenKey].map((key) => (key === '' ? [] : key.split('\n'))) as [
      string[],
      string[],
    ];
    const { parts } = drawn.picture.graph;
    if (silent)
      return {
        singlePoints: [],
        cutSets: [],
        maintenance: Object.fromEntries(askable(parts).map(({ id }) => [id, notWhileSilent()])),
      };
    return printablePiece({
      singlePoints: singlePointsOfFailure(cluster, down),
      cutSets: cutSets(cluster, down),
      maintenance: maintenanceOf(cluster, [...down, ...chosen], parts),
    });
  },
);

function askable(parts: readonly Part[]): readonly Part[] {
  return parts.filter(
    ({ kind, nodeId }) =>
      ['agents', 'server', 'zone', 'balancer-host', 'database'].includes(kind) ||
      (kind === 'etcd-member' && nodeId === undefined),
  );
}

/** Agents of a group are alike: the answer for the first one that is up stands for each. */
function maintenanceOf(
  cluster: Cluster,
  down: readonly string[],
  parts: readonly Part[],
): Readonly<Record<string, Answer>> {
  const fallen = fallWith(cluster, down);
  const there = new Set(nodesOf(cluster).map(({ id }) => id));
  const asked = askable(parts).flatMap(({ id, kind, nodeId }): (readonly [string, string])[] => {
    if (kind !== 'agents') return nodeId === undefined || there.has(nodeId) ? [[id, id]] : [];
    const one = cluster.agents.find((agent) => agentsPart(agent.zone) === id && !fallen.has(agentPart(agent.id)));
    return one === undefined ? [] : [[id, agentPart(one.id)]];
  });
  return Object.fromEntries(asked.map(([id, partId]) => [id, maintenance(cluster, down, partId)]));
}

import { say } from '../core/base/say';
import { lastPer } from '../core/base/remember';
import { count } from '../core/base/words';
import type { Cluster } from '../core/cluster/cluster';
import type { Outlook } from '../core/topology/model';
import { printablePiece } from '../core/topology/printablePiece';
import { chosenFailure } from '../core/workloads/failures';
import { fateSentence } from '../core/workloads/fateWords';
import { judgeFailure, withOutcome } from '../core/workloads/judgeWorkloads';
import type { ReadWorkloads } from '../core/workloads/seenWorkloads';

/** More of them are counted. */
const MOST_TOLD = 5;

/** A what-if with what becomes of the workloads that really run there. */
export const withWorkloads = lastPer(
  (outlook: Outlook, cluster: Cluster, { seen, live, readAt }: ReadWorkloads): Outlook => {
    const { survival, down, chosen } = outlook;
    const { fates } = judgeFailure(seen, chosenFailure(cluster, live, [...down, ...chosen]));
    const hit = withOutcome(fates, 'stops', 'pauses', 'fewer');
    const told = hit.slice(0, MOST_TOLD).map(fateSentence);
    const more = hit.length - told.length;
    const words =
      hit.length === 0
        ? say`Of the ${count(seen.pods.length, 'pod')} that ran at ${time(readAt)} all go on, or move.`
        : say`Of what ran at ${time(readAt)}: ${told.join(' ')}${more > 0 ? say` And ${count(more, 'other')}.` : ''}`;
    const ends = withOutcome(fates, 'stops', 'pauses').length > 0;
    const { outcome, reason } = survival.workloads;
    return {
      ...outlook,
      survival: {
        ...survival,
        workloads: printablePiece({
          outcome: ends && outcome === 'yes' ? 'partly' : outcome,
          reason: `${reason} ${words}`,
        }),
      },
    };
  },
);

function time(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 16)} UTC`;
}

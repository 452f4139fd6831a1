import { DRILL_PATH, DRILLED_PATH } from '../k3s/paths';
import type { FactTopic } from './topic';

/** Where a failover drill of ours stands on a machine. */
export interface DrillTopic {
  /** What is taken away here, `link:server-1`; absent when nothing is. */
  readonly drillTakes?: string;
  /** The last drill that took something away here and brought it back. */
  readonly drilled?: { readonly id: string; readonly parts: readonly string[] };
}

export const drillFacts: FactTopic<DrillTopic> = {
  name: 'drill',
  script: `if [ -f ${DRILL_PATH} ]; then put drill_takes "$(head -n 1 ${DRILL_PATH})"; fi
if [ -f ${DRILLED_PATH} ]; then put drilled "$(tr '\\n' ' ' < ${DRILLED_PATH})"; fi
`,
  read: (values) => {
    const takes = values.optional('drill_takes');
    const [id, ...parts] = values.words('drilled');
    return {
      ...(takes === undefined ? {} : { drillTakes: takes }),
      ...(id === undefined ? {} : { drilled: { id, parts } }),
    };
  },
};

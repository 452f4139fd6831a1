import type { FactTopic } from './topic';

/** What K3s says of the compaction of a database; absent where all is well, and where etcd is the datastore. */
export interface CompactionTopic {
  /** The last compaction failed: what K3s wrote into its journal. */
  readonly compactionFailed?: string;
}

/**
 * kine compacts every five minutes and says how that ended. The end of the journal is looked at, so that a failure that is over
 * is none. https://github.com/k3s-io/kine/blob/master/pkg/logstructured/sqllog/sql.go
 */
export const compactionFacts: FactTopic<CompactionTopic> = {
  name: 'compaction',
  script: String.raw`if [ -d "$1/server" ] && [ ! -d "$1/server/db/etcd" ]; then
  put compaction "$(journalctl --unit k3s --lines 3000 --output cat --no-pager --quiet 2>/dev/null | grep -E 'Compact failed|COMPACT compacted' | tail -n 1 | cut -c1-300)"
fi
`,
  read: (values) => {
    const said = values.text('compaction');
    return said.includes('Compact failed') ? { compactionFailed: said } : {};
  },
};

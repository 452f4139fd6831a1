import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const compactionBehind = defineHostCheck({
  id: 'compaction-behind',
  severity: 'warning',
  title: later`The database of a running cluster is not compacted`,
  rationale: `K3s throws old revisions out of its table every five minutes. When the database refuses that, the table grows without end and everything gets slow. MariaDB from 11.6.2 on refuses it with "Error 1020: Record has changed since last read in table 'kine'" as long as innodb_snapshot_isolation is on. Read from the end of the journal of each server.`,
  sources: [DOCUMENTS.compactionReport],
  judge: (look) =>
    ofNodes(look, ({ id }, { compactionFailed }) => {
      if (compactionFailed === undefined) return undefined;
      const isSnapshot = /1020|Record has changed/.test(compactionFailed);
      return {
        message: say`K3s on ${id} cannot compact its database, so the table grows without end: ${compactionFailed.replace(/^.*?Compact failed:?\s*/, '')}`,
        nextSteps: [
          isSnapshot
            ? say`Set innodb_snapshot_isolation=OFF in the database, for good and for running connections (SET GLOBAL), then restart K3s on one server after another.`
            : say`Look at the database: its log says why it refuses to delete rows.`,
        ],
      };
    }),
});

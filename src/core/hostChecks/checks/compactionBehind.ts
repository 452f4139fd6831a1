import { later, say } from '../../base/say';
import type { TrialId } from '../../datastore/trial/ids';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const compactionBehind = defineHostCheck({
  id: 'compaction-behind',
  severity: 'warning',
  title: later`The database of a running cluster is not compacted`,
  rationale: `K3s throws old revisions out of its table every five minutes. When the database refuses that, the table grows without end and everything gets slow. MariaDB from 11.6.2 on refuses it with "Error 1020: Record has changed since last read in table 'kine'" as long as innodb_snapshot_isolation is on. Read from the end of the journal of each server, and from the table itself (its last revision, and the one up to which it is compacted) where the secrets of the file can be read: through one server that runs.`,
  sources: [DOCUMENTS.compactionReport],
  judge: (look) => {
    const told = ofNodes(look, ({ id }, { compactionFailed }) => {
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
    });
    const { through, findings } = look.datastore ?? { through: '', findings: [] };
    // Why it lags is in the journals; where one tells it, nothing is said twice.
    const lags = told.length > 0 ? [] : findings.filter(({ code }) => LAGS.includes(code));
    return [
      ...told,
      ...lags.map(({ part, says, why, nextSteps }) => ({
        machine: through,
        message: say`Asked through ${through}, the datastore ${part} ${says}`,
        ...(why === undefined ? {} : { why }),
        nextSteps,
      })),
    ];
  },
});

/** What a trial calls a table that is not compacted, and what will keep it from being. */
const LAGS: readonly TrialId[] = ['datastore-compaction-behind', 'datastore-snapshot-isolation'];

import { later, say } from '../../base/say';
import { count } from '../../base/words';
import { unitOf } from '../../cluster/roles';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

/** What etcd may take for 99 of 100 writes, in milliseconds, before it endangers its leader. */
const ENDURED_MS = 100;
/** Fewer writes say nothing. */
const ENOUGH = 100;

export const etcdSlowWrites = defineHostCheck({
  id: 'etcd-slow-writes',
  severity: 'warning',
  title: later`Writes of etcd take long on a running server`,
  rationale: `A member that waits for its disk answers late: leaders change, and K3s ends with "leaderelection lost" and is started again. etcd counts how long its writes take (etcd_disk_wal_fsync_duration_seconds); it is told when 1 of 100 took longer than 100 ms since K3s started, together with restarts of K3s on that machine.`,
  sources: [DOCUMENTS.etcdDisks],
  judge: (look) =>
    ofNodes(look, (node, { etcdLoad, units }) => {
      const { fsync } = etcdLoad ?? {};
      if (fsync === undefined || fsync.writes < ENOUGH || fsync.slowMs <= ENDURED_MS) return undefined;
      const restarts = units[unitOf(node)]?.restarts ?? 0;
      const cause =
        restarts === 0 ? '' : say`; that is the likely cause of ${count(restarts, 'restart')} of K3s on ${node.id}`;
      return {
        message: say`1 of 100 writes of etcd on ${node.id} takes ${Math.round(fsync.slowMs)} ms or longer since K3s started${cause}.`,
        nextSteps: [say`Put the data of K3s on an SSD of the machine (data-dir), or give etcd a disk of its own.`],
      };
    }),
});

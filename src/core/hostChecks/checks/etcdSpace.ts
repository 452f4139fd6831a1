import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { filledBy, roomSteps, roomWords } from '../reading/etcdRoom';

/** From this share of its quota on the size of etcd is told. */
const FULL = 0.7;

export const etcdSpace = defineHostCheck({
  id: 'etcd-space',
  severity: 'warning',
  title: later`etcd is nearly full, or has raised an alarm`,
  rationale: `At its quota, which is 2 GiB unless quota-backend-bytes says otherwise, etcd raises the alarm NOSPACE for the whole cluster and refuses every write: servers that restart do not come up. It is told from 70 % on, with the kinds that have the most objects. The alarm is cleared when K3s starts with a higher quota, or after a defragmentation with enough room; a higher quota on one server alone does not help.`,
  sources: [DOCUMENTS.etcdSpace, DOCUMENTS.etcdFullReport],
  judge: (look) =>
    ofNodes(look, ({ id }, { etcdLoad }) => {
      if (etcdLoad === undefined) return undefined;
      const { size, quota, alarms } = etcdLoad;
      if (alarms.length === 0 && size < quota * FULL) return undefined;
      const words = roomWords(etcdLoad);
      return {
        ...(alarms.length === 0 ? {} : { severity: 'error' as const, mendable: true as const }),
        message:
          alarms.length === 0
            ? say`etcd on ${id} takes ${words}; at its quota it refuses every write${filledBy(etcdLoad)}.`
            : say`etcd on ${id} has raised the alarm ${listed(alarms)} and takes ${words}${alarms.includes('NOSPACE') ? say`: it refuses every write` : ''}${filledBy(etcdLoad)}.`,
        nextSteps: roomSteps(),
      };
    }),
});

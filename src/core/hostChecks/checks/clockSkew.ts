import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

/** As far as k0sctl lets clocks lie apart, too. */
const MAX_SECONDS = 30;

export const clockSkew = defineHostCheck({
  id: 'clock-skew',
  severity: 'warning',
  title: later`The clocks lie apart`,
  rationale: `Certificates begin with the second in which they are made: a machine whose clock is late refuses them ("certificate is not yet valid"). Leases of etcd and of nodes suffer as well.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) => {
    const times = [...look.facts.values()].map(({ time }) => time).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    return ofNodes(look, ({ id }, { time }) =>
      Math.abs(time - median) <= MAX_SECONDS
        ? undefined
        : {
            message: say`The clock of ${id} is ${Math.round(Math.abs(time - median))} s away from the others; certificates may not be valid yet.`,
            nextSteps: [say`Set up time synchronisation on it (systemd-timesyncd or chrony).`],
          },
    );
  },
});

import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const clockUnsynchronised = defineHostCheck({
  id: 'clock-unsynchronised',
  severity: 'info',
  title: later`Nobody keeps the clock right`,
  rationale: `A clock that no time server corrects drifts by seconds a day. Nothing is wrong yet while the clocks agree; later certificates are not valid yet, and leases of etcd and of nodes end too early. The kernel says whether its clock is kept in step, whoever does so: systemd-timesyncd, chrony or ntpd. Containers and some virtual machines have the clock of their host and say no.`,
  sources: [DOCUMENTS.clock],
  judge: (look) =>
    ofNodes(look, ({ id }, { system }) =>
      system?.clockSynchronised === false
        ? {
            message: say`The clock of ${id} is not kept in step by any time server`,
            nextSteps: [
              say`Switch time synchronisation on: run "timedatectl set-ntp true" on it, or set up chrony. See "timedatectl" for what it says.`,
            ],
          }
        : undefined,
    ),
});

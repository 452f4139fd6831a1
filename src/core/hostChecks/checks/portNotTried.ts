import { later, say } from '../../base/say';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const portNotTried = defineHostCheck({
  id: 'port-not-tried',
  severity: 'info',
  title: later`The ports of a machine could not be tried`,
  rationale: `To try a port, something has to listen on it and something has to knock. Both need python3 or perl on the machine, which the smallest systems do not have; nothing is installed for it. A machine that goes away while the others knock has shut no port, and an answer that is cut has not told of every port: both are said here, and what was found on the other machines counts.`,
  sources: [DOCUMENTS.requirements],
  judge: ({ mesh }) =>
    [...(mesh?.untried ?? [])].map(([machine, why]) => ({
      machine,
      message: say`Nobody could try whether ${machine} and the other machines reach each other: ${why}`,
      nextSteps: [say`See by hand that the ports of K3s are open between the machines.`],
    })),
});

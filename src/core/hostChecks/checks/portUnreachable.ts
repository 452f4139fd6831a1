import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { machinesOf } from '../../cluster/roles';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { openedTraffic, opensPort } from '../reading/openedTraffic';

export const portUnreachable = defineHostCheck({
  id: 'port-unreachable',
  severity: 'error',
  title: later`Machines do not reach a port of each other`,
  rationale: `Each machine listens for some seconds on the ports that the cluster will have there, as far as they are free, and the others knock: 6443, etcd and kubelet over TCP, the network of pods over UDP. What listens is python3 or perl of the machine; it ends with the check, with the connection, and by itself after half a minute. A port that others do not reach means a firewall on the machine, one of the provider between the machines, or a wrong address in the file. Of a large cluster a machine knocks at the servers and at twenty neighbours.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    (look.mesh?.shut ?? []).map(({ machine, port, from, refused }) => {
      const [protocol = '', number = ''] = port.split(':');
      const here = machinesOf(look.cluster).find(({ id }) => id === machine);
      const opened = here === undefined ? undefined : openedTraffic(look, here);
      return {
        machine,
        // What a firewall keeps out that the plan opens is no reason not to begin.
        ...(opensPort(opened, protocol, Number(number)) ? { mendable: true } : {}),
        message: say`${listed(from)} ${from.length === 1 ? 'does' : 'do'} not reach ${number}/${protocol} of ${machine}: ${refused ? say`refused` : say`no answer`}`,
        nextSteps: [
          say`Let it through in the firewall of the machine and in that of the provider, and see that the address in the file is the one that the others reach.`,
        ],
      };
    }),
});

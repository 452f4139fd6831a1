import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { parseServerUrl } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const lbNotL4 = defineRule({
  id: 'lb-not-l4',
  severity: 'error',
  title: later`The load balancer is given as a web address`,
  rationale: `The load balancer has to pass the connections to port 6443 on as they are (layer 4, TCP). One that speaks HTTP ends the encrypted connection itself: client certificates get lost on the way, and neither \`kubectl\` nor agents are let in. The fixed address is therefore a name or an IP address, without a scheme.`,
  sources: [SOURCES.loadBalancer, SOURCES.architecture],
  check: ({ cluster, document }) => {
    const address = cluster.loadBalancer?.address ?? '';
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return [];
    return [
      {
        ...firstPlace(document, value(['loadBalancer', 'address'])),
        message: say`${address} is a web address. The load balancer must pass TCP connections on as they are, and certificates need its bare name or IP address.`,
      },
    ];
  },
  fix: ({ cluster, document }) => {
    const host = parseServerUrl(cluster.loadBalancer?.address ?? '')?.host;
    return host === undefined
      ? []
      : [{ title: say`Write ${host}`, edits: setValue(document, ['loadBalancer', 'address'], host), safe: true }];
  },
});

import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { apiPort } from '../../cluster/options';

export const portMismatch = defineRule({
  id: 'port-mismatch',
  severity: 'error',
  title: later`The fixed address leads to a port where nothing listens`,
  rationale: `A DNS name and a virtual IP on the servers (kube-vip) lead to a machine and change no port: the port of the fixed address has to be the one that K3s listens on, \`https-listen-port\`. Only a load balancer of its own can translate.`,
  sources: [SOURCES.serverOptions, SOURCES.loadBalancer],
  check: (context) => {
    const { cluster, document } = context;
    const balancer = cluster.loadBalancer;
    if (balancer === undefined || (balancer.type !== 'dns' && balancer.type !== 'kube-vip')) return [];
    const deaf = cluster.servers.filter((server) => apiPort(cluster, server) !== balancer.port);
    const [first] = deaf;
    if (first === undefined) return [];
    const port = apiPort(cluster, first);
    return [
      {
        ...firstPlace(document, value(['loadBalancer', 'port']), value(['loadBalancer', 'address'])),
        message: say`${balancer.address}:${balancer.port} leads straight to the servers, and ${nodeLabels(deaf)} ${deaf.length === 1 ? 'listens' : 'listen'} on ${port}: connections there are refused.`,
        related: optionPaths(context, first, 'https-listen-port').map((path) => ({
          ...firstPlace(document, value(path)),
          message: say`K3s listens on ${port}.`,
        })),
        data: { port: String(port) },
      },
    ];
  },
  fix: ({ cluster, document }, finding) => {
    const port = Number(finding.data?.['port']);
    if (!cluster.servers.every((server) => apiPort(cluster, server) === port)) return [];
    return [{ title: say`Write port ${port}`, edits: setValue(document, ['loadBalancer', 'port'], port), safe: true }];
  },
});

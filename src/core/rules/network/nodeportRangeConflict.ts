import { later, said, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { SOURCES } from '../reading/sources';
import { listWords } from '../reading/words';
import { serversBy } from '../reading/serversBy';
import { writtenText } from '../../cluster/written';

/** Ports that nodes need for themselves; https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes */
const TAKEN: readonly (readonly [number, string])[] = [
  [22, 'SSH'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [2381, 'etcd'],
  [2382, 'etcd'],
  [6443, 'the API'],
  [6444, later`the agents' load balancer`],
  [10248, later`the kubelet`],
  [10249, 'kube-proxy'],
  [10250, later`the kubelet`],
  [10256, 'kube-proxy'],
  [10257, later`the controller manager`],
  [10258, later`the cloud controller`],
  [10259, later`the scheduler`],
];

export const nodeportRangeConflict = defineRule({
  id: 'nodeport-range-conflict',
  severity: 'error',
  title: later`The range of node ports holds ports of K3s`,
  rationale: `Kubernetes hands out the ports of \`service-node-port-range\` to services, one after the other. A port that K3s or SSH uses must not be among them: as soon as a service gets it, traffic for the API, etcd or the kubelet of every node goes to that service.`,
  sources: [SOURCES.serverOptions, SOURCES.requirements],
  check: (context) => {
    const found = serversBy(context, 'service-node-port-range', (server) => {
      const text = writtenText(server, 'service-node-port-range');
      return text !== undefined && hits(text).length > 0 ? text : undefined;
    });
    return [...found].map(([text, { place }]) => ({
      ...place,
      message: say`The range ${text} holds ${listWords(hits(text).map(([port, what]) => `${port} (${said(what)})`))}: a service that gets such a port takes it away from the nodes.`,
    }));
  },
  fix: ({ document }, finding) => [
    { title: say`Use 30000-32767`, edits: setValue(document, finding.path, '30000-32767'), safe: false },
  ],
});

function hits(text: string): readonly (readonly [number, string])[] {
  const match = /^(\d+)-(\d+)$/.exec(text.trim());
  if (match === null) return [];
  return TAKEN.filter(([port]) => port >= Number(match[1]) && port <= Number(match[2]));
}

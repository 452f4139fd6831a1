import { later, say } from '../../base/say';
import { formatPath, type Path } from '../../base/path';
import type { ClusterNode } from '../../cluster/cluster';
import type { Finding, RuleContext } from '../rule';
import { isFilledIn } from '../reading/blanks';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { addTlsSan, serversWithoutSan } from '../reading/tlsSan';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, optionPaths, value } from '../reading/places';
import { listWords, nodeLabels } from '../reading/words';
import { writtenList } from '../../cluster/written';

export const endpointNotInTlsSan = defineRule({
  id: 'endpoint-not-in-tls-san',
  severity: 'error',
  title: later`The servers' certificates do not cover the load balancer's address`,
  rationale: `A K3s server makes its own certificate. It lists the server's names and addresses, and nothing that stands in front of the server: the address of a load balancer, a virtual IP or a DNS name gets in only through \`tls-san\`.

Without it the cluster starts and looks healthy on the servers, but \`kubectl\` refuses the fixed address with \`x509: certificate is valid for …, not …\`. Every server needs the entry, because the load balancer may hand a connection to any of them. When \`loadBalancer.tlsServerName\` is set, that name is what clients verify, so that name has to be listed instead.`,
  sources: [SOURCES.ha, SOURCES.loadBalancer, SOURCES.serverOptions],
  check: ({ cluster, document }) => {
    const balancer = cluster.loadBalancer;
    const name = balancer?.tlsServerName ?? balancer?.address ?? '';
    if (
      balancer === undefined ||
      name === '' ||
      name.includes('://') ||
      hasReference(name) ||
      !isFilledIn(name, 'address')
    )
      return [];
    const lacking = serversWithoutSan(cluster, name);
    if (lacking.length === 0) return [];
    const place =
      balancer.tlsServerName === undefined
        ? firstPlace(document, value(['loadBalancer', 'address']), value(['loadBalancer']))
        : firstPlace(document, value(['loadBalancer', 'tlsServerName']));
    const some = lacking.length < cluster.servers.length;
    return [
      {
        ...place,
        message: say`${name} is not in tls-san of ${nodeLabels(lacking)}, so ${lacking.length === 1 ? 'its certificate' : 'their certificates'} will not be valid for ${balancer.tlsServerName === undefined ? say`the load balancer` : say`the name that clients verify behind ${balancer.address}`}: kubectl through ${balancer.address} ${some ? say`fails whenever it reaches such a server` : say`stops`} with "x509: certificate is valid for …, not ${name}".`,
        related: relatedLists({ cluster, document }, lacking),
        data: { name },
      },
    ];
  },
  fix: (context, finding) => {
    const name = finding.data?.['name'] ?? '';
    return [{ title: say`Add ${name} to tls-san of every server`, edits: addTlsSan(context, name), safe: true }];
  },
});

const SHOWN_LISTS = 10;

/** The first lists that lack the name, each once for all servers that share it. */
function relatedLists(context: RuleContext, lacking: readonly ClusterNode[]): NonNullable<Finding['related']> {
  const lists = new Map<string, { path: Path | undefined; servers: ClusterNode[] }>();
  for (const server of lacking) {
    const [path] = optionPaths(context, server, 'tls-san');
    const key = formatPath(path ?? server.path);
    const list = lists.get(key);
    if (list !== undefined) list.servers.push(server);
    else if (lists.size < SHOWN_LISTS) lists.set(key, { path, servers: [server] });
  }
  return [...lists.values()].flatMap(({ path, servers }) => {
    const [first] = servers;
    if (first === undefined) return [];
    const names = writtenList(first, 'tls-san');
    const place = path === undefined ? hostPlace(context.document, first) : firstPlace(context.document, value(path));
    const message =
      names.length === 0
        ? say`${nodeLabels(servers)} ${servers.length === 1 ? 'has' : 'have'} no tls-san.`
        : say`tls-san of ${nodeLabels(servers)} lists only ${listWords(names)}.`;
    return [{ ...place, message }];
  });
}

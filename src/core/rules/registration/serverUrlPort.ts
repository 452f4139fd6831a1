import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { sameAddress } from '../../k3s/cidr';
import type { Cluster } from '../../cluster/cluster';
import { ownerOf } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { writtenServerUrls } from '../reading/serverUrls';
import { API_PORT, apiPort } from '../../cluster/options';
import { httpsUrl } from '../../cluster/registration';

export const serverUrlPort = defineRule({
  id: 'server-url-port',
  severity: 'warning',
  title: later`The server URL names no port, or one where nothing listens`,
  rationale: `A URL without a port means 443, and K3s listens on 6443 unless \`https-listen-port\` says otherwise. The node would wait for an answer that never comes, or talk to the ingress controller instead.`,
  sources: [SOURCES.serverOptions, SOURCES.agentOptions],
  check: (context) =>
    writtenServerUrls(context).flatMap(({ text, url, path }) => {
      const target = targetOf(context.cluster, url.host);
      if (url.port === undefined ? target.port === 443 : !target.known || url.port === target.port) return [];
      const reason = url.port === undefined ? say`names no port, which means 443` : say`asks for port ${url.port}`;
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`${text} ${reason}, but ${target.words} ${target.port}: the nodes would not get an answer.`,
          data: { url: httpsUrl(url.host, target.port) },
        },
      ];
    }),
  fix: ({ document }, finding) => {
    const url = finding.data?.['url'] ?? '';
    return [{ title: say`Write ${url}`, edits: setValue(document, finding.path, url), safe: true }];
  },
});

/** Where a joining node gets an answer at this host; `known` is false for an address the file says nothing else about. */
function targetOf(
  cluster: Cluster,
  host: string,
): { readonly port: number; readonly known: boolean; readonly words: string } {
  const server = ownerOf(cluster.servers, host);
  const balancer = cluster.loadBalancer;
  if (balancer !== undefined && server === undefined && sameAddress(balancer.address, host)) {
    return { port: balancer.port, known: true, words: say`the load balancer listens on` };
  }
  const meant = server ?? cluster.servers[0];
  return {
    port: meant === undefined ? API_PORT : apiPort(cluster, meant),
    known: server !== undefined,
    words: say`K3s listens on`,
  };
}

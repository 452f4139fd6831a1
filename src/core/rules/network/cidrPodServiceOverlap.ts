import { later, say } from '../../base/say';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { firstAtPlace, firstPlace, samePath, serverListPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import type { Network } from '../reading/networks';
import { moveNetworks, networksOf, overlapping } from '../reading/networks';

export const cidrPodServiceOverlap = defineRule({
  id: 'cidr-pod-service-overlap',
  severity: 'error',
  title: later`Pod and service networks overlap`,
  rationale: `Pods get their addresses from \`cluster-cidr\`, services from \`service-cidr\`. When the two share addresses, a service and a pod can end up with the same one, and traffic goes astray in ways that are hard to find. Neither network can be changed once the cluster exists.`,
  sources: [SOURCES.serverOptions, SOURCES.network],
  check: (context) => {
    const reports: Report[] = [];
    for (const server of context.cluster.servers) {
      const pair = overlapping(networksOf(context, server));
      if (pair === undefined) continue;
      const { pod, service } = pair;
      const [at, other] = service.path === undefined ? [pod, service] : [service, pod];
      const place =
        at.path === undefined ? serverListPlace(context.document) : firstPlace(context.document, value(at.path));
      reports.push({
        ...place,
        message: say`The ${named(service)} and the ${named(pod)} overlap: a service could get the address of a pod, and traffic for one would reach the other. This cannot be changed once the cluster exists.`,
        ...(other.path === undefined || (at.path !== undefined && samePath(other.path, at.path))
          ? {}
          : {
              related: [
                {
                  ...firstPlace(context.document, value(other.path)),
                  message: say`The ${other.kind} network ${other.text}.`,
                },
              ],
            }),
      });
    }
    return firstAtPlace(reports);
  },
  fix: (context) => moveNetworks(context, []),
});

function named({ kind, text, path }: Network): string {
  return say`${kind} network ${text}${path === undefined ? say` (K3s's default)` : ''}`;
}

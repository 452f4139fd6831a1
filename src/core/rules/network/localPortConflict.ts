import { later, said, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import { defineRule } from '../reading/defineRule';
import { firstAtPlace, firstPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';
import type { Report } from '../reading/defineRule';
import { nodesOf } from '../../cluster/roles';
import { isWritten, writtenText } from '../../cluster/written';

const DEFAULTS: Readonly<Record<string, number>> = { 'https-listen-port': 6443, 'lb-server-port': 6444 };
const TAKEN: Readonly<Record<number, string>> = {
  22: 'SSH',
  2379: 'etcd',
  2380: 'etcd',
  2381: 'etcd',
  2382: 'etcd',
  10010: 'containerd',
  10248: later`the kubelet`,
  10249: 'kube-proxy',
  10250: later`the kubelet`,
  10256: 'kube-proxy',
  10257: later`the controller manager`,
  10258: later`the cloud controller`,
  10259: later`the scheduler`,
};

export const localPortConflict = defineRule({
  id: 'local-port-conflict',
  severity: 'warning',
  title: later`Two parts of K3s want the same port`,
  rationale: `K3s listens on 6443, its client load balancer on 6444 of every node, the kubelet on 10250, etcd on 2379 and 2380. A port that is given twice leaves one of them without: K3s stops with \`address already in use\`.`,
  sources: [SOURCES.requirements, SOURCES.serverOptions],
  check: (context) => {
    const reports: Report[] = [];
    for (const node of nodesOf(context.cluster)) {
      for (const option of Object.keys(DEFAULTS)) {
        if (!isWritten(node, option)) continue;
        const port = portOf(node, option);
        const other = Object.keys(DEFAULTS).find((each) => each !== option) ?? '';
        const holder = TAKEN[port] ?? (port === portOf(node, other) ? other : undefined);
        const [path] = optionPaths(context, node, option);
        if (path === undefined || holder === undefined) continue;
        reports.push({
          ...firstPlace(context.document, value(path)),
          message: say`Port ${port} on ${nodeLabel(node)} belongs to ${said(holder)}: K3s stops with "address already in use".`,
          data: { option },
        });
      }
    }
    return firstAtPlace(reports);
  },
  fix: ({ document }, finding) => {
    const port = DEFAULTS[finding.data?.['option'] ?? ''];
    return port === undefined
      ? []
      : [{ title: say`Use ${port}`, edits: setValue(document, finding.path, port), safe: false }];
  },
});

function portOf(node: ClusterNode, option: string): number {
  return Number(writtenText(node, option) ?? DEFAULTS[option]);
}

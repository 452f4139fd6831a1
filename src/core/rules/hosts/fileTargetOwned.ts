import { later, say } from '../../base/say';
import { dataDir } from '../../cluster/options';
import { nodesOf } from '../../cluster/roles';
import { ownerOf } from '../../k3s/ownPaths';
import { defineRule, type Report } from '../reading/defineRule';
import { firstAtPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const fileTargetOwned = defineRule({
  id: 'file-target-owned',
  severity: 'error',
  title: later`A file goes to a place that K3s or K3s HA writes itself`,
  rationale: `\`files\` lays files of this machine onto the hosts as they are. Some places belong to somebody else: config.yaml is written from the cluster file, registries.yaml from \`registries\`, the kubeconfig and almost everything in the data-dir by K3s, the unit and the binary by the install script. A file there would be overwritten at the next start, or would take their work apart.

Open places of the data-dir are \`agent/images\`, \`agent/etc/kubelet.conf.d\`, templates of containerd, \`server/static\`, and folders below \`server/manifests\`.`,
  sources: [SOURCES.configuration, SOURCES.packaged],
  check: ({ cluster, document }) => {
    const reports: Report[] = [];
    for (const node of nodesOf(cluster)) {
      for (const { to, path } of node.files ?? []) {
        const owner = ownerOf(to, dataDir(cluster, node));
        if (owner === undefined) continue;
        const place = value([...path, 'to']);
        if (document.rangeOf(place.path, 'value') === undefined) continue;
        reports.push({ ...place, message: say`${to} is ${owner}: no file can be put there.` });
      }
    }
    return firstAtPlace(reports);
  },
});

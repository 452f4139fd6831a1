import { later, say } from '../../base/say';
import { nodesOf } from '../../cluster/roles';
import { isWrittenOn, writtenText } from '../../cluster/written';
import { defineRule } from '../reading/defineRule';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { firstPlace, optionPaths, value } from '../reading/places';
import { nodeLabels } from '../reading/words';

const LABELLED = /^\/var\/lib\/rancher\/k3s\/?$/;

export const selinuxDataDir = defineRule({
  id: 'selinux-data-dir',
  severity: 'warning',
  title: later`SELinux with the data of K3s in another folder`,
  rationale: `The policy of k3s-selinux gives labels to files below \`/var/lib/rancher/k3s\` and nowhere else. Elsewhere, containers may not read their own files, and the binaries that K3s unpacks there may not run (\`Permission denied\`). Using \`selinux: true\` with another \`data-dir\` is not supported; whoever does it labels the folder first: \`semanage fcontext -a -e /var/lib/rancher/k3s /data/k3s\`, then \`restorecon -R /data/k3s\`.`,
  sources: [
    { label: 'K3s docs: SELinux support', url: 'https://docs.k3s.io/advanced#selinux-support' },
    { label: 'K3s issue 2058: selinux with a custom data-dir', url: 'https://github.com/k3s-io/k3s/issues/2058' },
  ],
  check: (context) => {
    const concerned = nodesOf(context.cluster).filter(
      (node) => isWrittenOn(node, 'selinux') && !LABELLED.test(writtenText(node, 'data-dir') ?? '/var/lib/rancher/k3s'),
    );
    const [first] = concerned;
    if (first === undefined) return [];
    const folder = writtenText(first, 'data-dir') ?? '';
    return [
      {
        ...firstPlace(context.document, ...optionPaths(context, first, 'data-dir').map(value)),
        message: say`${nodeLabels(concerned)} ${concerned.length === 1 ? 'has' : 'have'} selinux on and the data of K3s in ${folder}: the policy labels /var/lib/rancher/k3s only, so containers may not read their files there. Leave data-dir out and mount the disk at /var/lib/rancher/k3s, or label the folder before K3s starts (semanage fcontext -a -e /var/lib/rancher/k3s ${folder}).`,
      },
    ];
  },
  fix: (context) => {
    const concerned = nodesOf(context.cluster).filter((node) => isWrittenOn(node, 'selinux'));
    return [
      {
        title: say`Keep the data where the policy expects it (remove data-dir; for a new cluster)`,
        edits: removeAll(context.document, optionPathsOf(context, concerned, 'data-dir')),
        safe: false,
      },
    ];
  },
});

import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { isInstalled } from '../reading/installed';

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

export const hostnameUnusable = defineHostCheck({
  id: 'hostname-unusable',
  severity: 'error',
  title: later`The host name cannot be the name of a node`,
  rationale: `A node is called as its machine, unless the file names it. \`localhost\` is refused by K3s, and names that are no DNS names by Kubernetes.`,
  sources: [DOCUMENTS.requirements, DOCUMENTS.nodeNames],
  judge: (look) =>
    ofNodes(look, (node, seen) => {
      const { hostname } = seen;
      if (node.name !== undefined || hostname === '' || isInstalled(node, seen)) return undefined;
      if (NAME.test(hostname) && !/^localhost(\.|$)/i.test(hostname)) return undefined;
      return {
        message: say`${node.id} is called "${hostname}", which cannot be the name of a node`,
        nextSteps: [say`Give it a name in the file, or change its host name (hostnamectl set-hostname).`],
      };
    }),
});

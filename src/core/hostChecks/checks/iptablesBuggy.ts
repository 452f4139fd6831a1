import { later, say } from '../../base/say';
import { optionIsOn } from '../../cluster/options';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const iptablesBuggy = defineHostCheck({
  id: 'iptables-buggy',
  severity: 'warning',
  title: later`A version of iptables that doubles rules`,
  rationale: `iptables 1.8.0 to 1.8.4 does not find rules that are there, so kube-proxy adds them again and again, and the node becomes slower from day to day. \`prefer-bundled-bin\` has K3s use its own.`,
  sources: [DOCUMENTS.knownIssues],
  judge: (look) =>
    ofNodes(look, (node, { system }) =>
      /^1\.8\.[0-4]$/.test(system?.iptables ?? '') && !optionIsOn(look.cluster, node, 'prefer-bundled-bin')
        ? {
            message: say`${node.id} has iptables ${system?.iptables ?? ''}, which adds rules of kube-proxy again and again`,
            nextSteps: [say`Set prefer-bundled-bin: true for it, or install iptables 1.8.5 or newer.`],
          }
        : undefined,
    ),
});

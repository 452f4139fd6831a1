import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { hoistOption } from '../reading/hoist';
import { firstPlace, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { isWrittenOn } from '../../cluster/written';

const OPTION = 'disable-kube-proxy';

export const kubeProxyDisabledPartially = defineRule({
  id: 'kube-proxy-disabled-partially',
  severity: 'warning',
  title: later`kube-proxy is switched off on some servers only`,
  rationale: `Agents do what the server says that they joined through. When servers differ, some nodes run kube-proxy beside the CNI plugin that replaces it and others do not, and services work differently from node to node. K3s does not compare this value between servers.`,
  sources: [SOURCES.ha, SOURCES.serverOptions],
  check: (context) => {
    const { cluster, document } = context;
    const off = cluster.servers.filter((server) => isWrittenOn(server, OPTION));
    const on = cluster.servers.filter((server) => !isWrittenOn(server, OPTION));
    const [first] = off;
    if (first === undefined || on.length === 0) return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, OPTION).map(key)),
        message: say`kube-proxy is off on ${nodeLabels(off)} and runs on ${nodeLabels(on)}: services would work differently from node to node.`,
      },
    ];
  },
  fix: (context) => {
    const { servers } = context.cluster;
    const off = servers.find((server) => isWrittenOn(server, OPTION));
    const on = servers.find((server) => !isWrittenOn(server, OPTION));
    return [
      { title: say`Switch kube-proxy off on all servers`, edits: hoistOption(context, OPTION, off), safe: false },
      { title: say`Leave kube-proxy on everywhere`, edits: hoistOption(context, OPTION, on), safe: false },
    ];
  },
});

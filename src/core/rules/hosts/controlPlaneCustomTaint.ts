import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import { isWrittenOn, writtenList } from '../../cluster/written';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';

const DOCUMENTED = 'CriticalAddonsOnly=true:NoExecute';
const TOLERATED = ['CriticalAddonsOnly', 'node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

export const controlPlaneCustomTaint = defineRule({
  id: 'control-plane-custom-taint',
  severity: 'warning',
  title: later`A taint on the servers that the packaged add-ons do not tolerate`,
  rationale: `To keep workloads off the servers, K3s documents the taint \`${DOCUMENTED}\`: CoreDNS, metrics-server and the other packaged add-ons tolerate it. A taint of your own, such as \`k3s-controlplane=true:NoExecute\` from older tutorials, drives them away as well; until an agent is there they have nowhere to run, and the cluster has no DNS.`,
  sources: [SOURCES.ha, SOURCES.haEmbedded],
  check: (context) => {
    // One server that takes them is enough: with split roles the others may be closed.
    if (context.cluster.servers.some((server) => !isWrittenOn(server, 'disable-agent') && !repelsAddons(server)))
      return [];
    return writtenOptions(context)
      .filter(({ role, name }) => role === 'server' && name === 'node-taint')
      .flatMap(({ value: written, path, nodes }) => {
        const items: readonly unknown[] = Array.isArray(written) ? written : [written];
        return items.flatMap((item, i) => {
          const taintKey = typeof item === 'string' ? untolerated(item) : undefined;
          if (taintKey === undefined || nodes.length === 0) return [];
          const agents =
            context.cluster.agents.length === 0
              ? say`and there are no agents, so they run nowhere`
              : say`so they run on agents only`;
          return [
            {
              ...firstPlace(context.document, value(Array.isArray(written) ? [...path, i] : path)),
              message: say`CoreDNS and the other packaged add-ons do not tolerate ${taintKey} on ${nodeLabels(nodes)}, ${agents}. They do tolerate ${DOCUMENTED}.`,
            },
          ];
        });
      });
  },
  fix: ({ document }, finding) => [
    { title: say`Use ${DOCUMENTED}`, edits: setValue(document, finding.path, DOCUMENTED), safe: false },
  ],
});

/** The key of a taint that drives the add-ons away. */
function untolerated(taint: string): string | undefined {
  const key = /^([^=:,]+)(?:=[^:,]*)?:NoExecute$/.exec(taint.trim())?.[1];
  return key === undefined || TOLERATED.includes(key) ? undefined : key;
}

function repelsAddons(server: ClusterNode): boolean {
  return writtenList(server, 'node-taint').some((taint) => untolerated(taint) !== undefined);
}

import { later, say } from '../../base/say';
import { appendItem } from '../../document/edit';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { etcdMembers } from '../../cluster/roles';
import { writtenList } from '../../cluster/written';

const TAINT = 'CriticalAddonsOnly=true:NoExecute';

export const controlPlaneSchedulable = defineRule({
  id: 'control-plane-schedulable',
  severity: 'info',
  title: later`Workloads may run on the servers`,
  rationale: `K3s servers take workloads like any node. With embedded etcd that can cost more than it brings: a pod that eats memory or disk slows etcd down, and the whole cluster with it. Where agents are there to carry the workloads, the taint \`${TAINT}\` keeps the servers free; CoreDNS and the other packaged add-ons tolerate it.`,
  sources: [SOURCES.ha, SOURCES.haEmbedded],
  check: ({ cluster, document }) => {
    const members = etcdMembers(cluster);
    const enough = members.length > 1 && cluster.agents.length >= cluster.servers.length;
    if (
      !enough ||
      datastoreKind(cluster) !== 'embedded-etcd' ||
      members.some((server) => writtenList(server, 'node-taint').length > 0)
    )
      return [];
    return [
      {
        ...firstPlace(document, key(['servers', 'config']), key(['servers'])),
        message: say`Workloads may run on the ${members.length} servers beside etcd, although ${cluster.agents.length} agents are there for them. The taint ${TAINT} keeps the servers free.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Add node-taint ${TAINT} to the servers`,
      edits: appendItem(document, ['servers', 'config', 'node-taint'], TAINT),
      safe: false,
    },
  ],
});

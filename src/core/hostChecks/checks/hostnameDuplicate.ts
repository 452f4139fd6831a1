import { later, say } from '../../base/say';
import { groupBy } from '../../base/group';
import { listed } from '../../base/words';
import { nodesOf } from '../../cluster/roles';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const hostnameDuplicate = defineHostCheck({
  id: 'hostname-duplicate',
  severity: 'error',
  title: later`Several machines of one name`,
  rationale: `Two machines of one name take each other's Node away: the one that registers last wins, and the other one is refused or disappears.`,
  sources: [DOCUMENTS.requirements],
  judge: ({ cluster, facts }) => {
    const named = nodesOf(cluster).filter(({ id }) => facts.has(id));
    const nameOf = ({ id, name }: (typeof named)[number]): string =>
      (name ?? facts.get(id)?.hostname ?? '').toLowerCase();
    return [...groupBy(named, nameOf)].flatMap(([name, nodes]) => {
      const [first, ...others] = nodes;
      if (first === undefined || others.length === 0) return [];
      return [
        {
          machine: first.id,
          message: say`${listed(nodes.map(({ id }) => id))} would all be called "${name}" in the cluster`,
          why: say`K3s calls a machine as its host name, unless the file gives it a name.`,
          nextSteps: [say`Give each of them a name of its own in the file, or change their host names.`],
        },
      ];
    });
  },
});

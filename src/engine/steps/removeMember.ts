import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { etcdMembers } from '../../core/remote/etcd';
import { removeMember as remove } from '../../core/remote/removeMember';
import { defineStep, ended } from './step';

/**
 * Takes a member out of etcd that its Node has left behind: K3s looks it up by what is written on the Node, and that of a
 * machine which was started anew names another one. What has left by itself already is fine.
 */
export const removeMember = defineStep<{ readonly node: string }>({
  kind: 'remove-member',
  phase: 'change',
  estimateMs: 500,
  says: ({ node }) => ({
    title: say`See that etcd has no member of ${node} any more; take one out that was left behind`,
    doing: say`looking for members of ${node}`,
    counted: '',
  }),
  subject: ({ node }) => node,
  run: async ({ node }, at) => {
    const folder = dataDir(at.cluster, at.node(at.machine.id));
    const seen = await at.on(at.machine, etcdMembers(folder));
    if (seen.kind === 'failed' && seen.problem.code === 'curl-missing') {
      at.progress(say`etcd cannot be asked without curl; K3s itself takes the member of a deleted Node out`);
      return { kind: 'done' };
    }
    if (seen.kind !== 'done') return ended(seen);
    for (const member of seen.value.members.filter(({ nodeName }) => nodeName === node)) {
      at.progress(say`taking ${member.name} out, which was left behind`);
      const gone = await at.on(at.machine, remove(folder, member.id));
      if (gone.kind !== 'done') return ended(gone);
    }
    return { kind: 'done' };
  },
});

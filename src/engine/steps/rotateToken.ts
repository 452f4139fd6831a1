import { say } from '../../core/base/say';
import { apiPort, dataDir } from '../../core/cluster/options';
import { rotateToken as rotation } from '../../core/remote/rotateToken';
import { defineStep, ended } from './step';

/** Gives the running cluster the token of the file. From then on no server starts with the old one. */
export const rotateToken = defineStep<{ readonly done: boolean }>({
  kind: 'rotate-token',
  phase: 'change',
  estimateMs: 2000,
  whole: true,
  says: ({ done }) => ({
    title: done
      ? say`See that the cluster has its new token for good`
      : say`Give the cluster its new token, through this server; the old one is kept on it for the snapshots of its time`,
    doing: say`rotating the token`,
    counted: done ? '' : say`rotate the token through`,
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const { token } = at.content(node.id);
    if (token === undefined) throw new Error('the plan rotates a token that the file does not have');
    const { cluster, facts } = at;
    const command = rotation(dataDir(cluster, node), apiPort(cluster, node), token, facts.get(node.id)?.init);
    return ended(await at.on(node, command));
  },
});

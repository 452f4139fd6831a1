import { removeNodes } from '../../../src/core/authoring/changes';
import type { ClusterNode } from '../../../src/core/cluster/cluster';
import { parseDocument } from '../../../src/core/document/parse';
import { check } from '../check';
import { clientLostNothing, etcdIsComplete, meanwhile, nodesAreReady } from '../fromOutside';
import { look } from '../look';
import type { RealOperation } from '../operation';
import type { RealCluster } from '../realCluster';

/** Three servers must stay able to lose one: with three only agents can be spared. */
const SERVERS_THAT_STAY = 3;

export const replace: RealOperation = {
  id: 'replace',
  does: 'removes the last agent, or the last of more than three servers, and adds it again',
  whyNot: (real) =>
    spared(real) === undefined
      ? 'no agent, and none of more than three servers, has an entry of its own in the file'
      : undefined,
  async run(real, see) {
    const node = spared(real);
    if (node === undefined) throw new Error('no node can be spared');
    const written = real.text;
    // The command takes the node out of the file that it gets.
    await real.use(written);
    const unit = node.role === 'server' ? 'k3s' : 'k3s-agent';
    const nodes = async (): Promise<number> => (await (await real.api()).nodes()).length;
    const before = await nodes();
    const met = await meanwhile(real, () => real.must('remove', node.id, '--name', real.cluster.name, '--yes'));
    const { version } = await real.on(node, look(unit));
    const between = await nodes();
    see(
      check('one node less in the cluster', between === before - 1, `${before} nodes before, ${between} after`),
      check(`nothing of K3s on ${node.id}`, version === '', version === '' ? 'uninstalled' : version),
      clientLostNothing(real, met),
    );
    await real.use(written);
    await real.apply();
    see(await nodesAreReady(real));
    see(...(await etcdIsComplete(real)));
  },
};

/** The last node that the cluster can do without and that does not share its entry with others of a range. */
function spared({ cluster, text }: RealCluster): ClusterNode | undefined {
  const document = parseDocument(text);
  const servers = cluster.servers.length > SERVERS_THAT_STAY ? cluster.servers : [];
  return [...servers, ...cluster.agents].findLast((node) => removeNodes({ cluster, document }, [node]).ok);
}

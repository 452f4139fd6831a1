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
  whyNot: (real) => (spared(real) === undefined ? 'it has no agent, and no more than three servers' : undefined),
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

function spared({ cluster }: RealCluster): (typeof cluster.servers)[number] | undefined {
  return cluster.agents.at(-1) ?? (cluster.servers.length > SERVERS_THAT_STAY ? cluster.servers.at(-1) : undefined);
}

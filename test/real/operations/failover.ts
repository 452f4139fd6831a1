import type { ClusterMachine } from '../../../src/core/cluster/cluster';
import { balancerMachines } from '../../../src/core/cluster/roles';
import { until } from '../../fleet/driver/run';
import { check, told } from '../check';
import { balancerIsOurs, clientSaw, meanwhile } from '../fromOutside';
import { carries, unit } from '../look';
import type { RealOperation } from '../operation';
import type { RealCluster } from '../realCluster';

/** Longer than this nobody may wait for the other machine. */
const LONGEST_GAP_MS = 5_000;
const MOVE_MS = 60_000;

export const failover: RealOperation = {
  id: 'failover',
  does: 'stops and kills HAProxy or nginx on the machine that has the fixed address, and has it started again',
  whyNot: (real) =>
    balancerIsOurs(real) && balancerMachines(real.cluster).length > 1
      ? undefined
      : 'the load balancer is not HAProxy or nginx on two machines of the file',
  async run(real, see) {
    const proxy = proxyOf(real);
    const holder = await theOneWith(real, () => true);
    try {
      const stopped = await meanwhile(real, async () => {
        await real.on(holder, unit('stop', proxy));
        return theOneWith(real, ({ id }) => id !== holder.id);
      });
      see(
        check(
          `${proxy} stopped on ${holder.id}`,
          stopped.client.longestGapMs < LONGEST_GAP_MS,
          clientSaw(stopped.client),
        ),
        told('the address has moved', `to ${stopped.value.id}`),
      );
      const again = await real.apply();
      see(check('k3s-ha apply starts it again', await allRun(real), again.steps.join(', ') || 'no step'));
      const killed = await meanwhile(real, async () => {
        const next = await theOneWith(real, () => true);
        await real.on(next, unit('kill', proxy));
        return next;
      });
      await until(`${proxy} runs again after it was killed`, MOVE_MS, async () => (await allRun(real)) || undefined);
      see(
        check(
          `${proxy} killed on ${killed.value.id}`,
          killed.client.longestGapMs < LONGEST_GAP_MS,
          clientSaw(killed.client),
        ),
      );
    } finally {
      for (const machine of balancerMachines(real.cluster)) await real.on(machine, unit('start', proxy));
    }
  },
};

function proxyOf({ cluster }: RealCluster): 'haproxy' | 'nginx' {
  return cluster.loadBalancer?.type === 'nginx' ? 'nginx' : 'haproxy';
}

/** The machine that has the fixed address, as soon as it is one of those that may. */
function theOneWith(real: RealCluster, may: (machine: ClusterMachine) => boolean): Promise<ClusterMachine> {
  const address = real.cluster.loadBalancer?.address ?? '';
  return until(`one machine has ${address}`, MOVE_MS, async () => {
    const machines = balancerMachines(real.cluster);
    const seen = await Promise.all(machines.map((machine) => real.on(machine, carries(address, proxyOf(real)))));
    const having = machines.filter((_, i) => seen[i]?.address === true);
    const [only] = having;
    return having.length === 1 && only !== undefined && may(only) ? only : undefined;
  });
}

async function allRun(real: RealCluster): Promise<boolean> {
  const address = real.cluster.loadBalancer?.address ?? '';
  const seen = await Promise.all(
    balancerMachines(real.cluster).map((machine) => real.on(machine, carries(address, proxyOf(real)))),
  );
  return seen.every(({ active }) => active);
}

import { say } from '../../core/base/say';
import { LONGEST_GAP_MS, seconds as secondsWords } from '../../core/drill/drillReport';
import { optionText, dataDir } from '../../core/cluster/options';
import { etcdMembers } from '../../core/cluster/roles';
import { clusterHealth } from '../../core/health/clusterHealth';
import { nodeHealth } from '../../core/health/nodeHealth';
import type { MachineId, StepOutcome } from '../../core/plan/step';
import { listNodes } from '../../core/remote/kubectl';
import { podDns } from '../../core/remote/podDns';
import { askEtcd } from '../hosts/etcdVoters';
import { defineStep, drillOf, ended, stepFailed, type StepContext } from './step';

const LOOK_MS = 500;
/** Between two looks at all nodes. */
const NODES_MS = 2000;

interface Watched {
  readonly part: string;
  /** The machine that was taken from. */
  readonly machine: MachineId;
  readonly seconds: number;
  /** Members of etcd that nothing was taken from. */
  readonly members: readonly MachineId[];
}

/**
 * Looks at a cluster that a part was taken from, through a server that stays, and ends at once when something happens that nobody has
 * predicted: the API is away for longer than an election takes, or another node fails.
 */
export const watchDrill = defineStep<Watched>({
  kind: 'watch-drill',
  phase: 'wait',
  estimateMs: 30_000,
  subject: ({ part }) => part,
  says: ({ seconds }) => ({
    title: say`Watch the cluster for ${seconds} s: the API through its fixed address, etcd, the nodes, and DNS from a pod`,
    doing: say`watching`,
    counted: '',
  }),
  run: async (input, at) => {
    const { part, seconds } = input;
    const drill = drillOf(at);
    const through = at.node(at.machine.id);
    const domain = optionText(at.cluster, through, 'cluster-domain') ?? 'cluster.local';
    const asked = at.on(through, podDns(dataDir(at.cluster, through), seconds, domain));
    const outcome = await watch(input, at);
    const views = [...(await askEtcd(input.members.map(at.node), at)).values()];
    const alive = views.filter((view) => view.kind === 'done' && view.value.healthy).length;
    const all = etcdMembers(at.cluster).length;
    if (all > 0) drill.note(part, { quorum: { alive, members: all } });
    const dns = outcome.kind === 'done' ? await asked : undefined;
    if (dns !== undefined)
      drill.note(part, {
        dns: dns.kind === 'done' ? dns.value : { notAsked: dns.problem.why ?? dns.problem.message },
      });
    await drill.look(part);
    return outcome;
  },
});

async function watch({ machine, seconds }: Watched, at: StepContext): Promise<StepOutcome> {
  const drill = drillOf(at);
  const end = at.clock.now() + seconds * 1000;
  let nodesAt = at.clock.now() + NODES_MS;
  while (at.clock.now() < end) {
    const silent = drill.silentMs();
    if (silent > LONGEST_GAP_MS)
      return stepFailed(
        'drill-surprise',
        at.machine,
        say`The API has been away for ${secondsWords(silent)} at its fixed address, and was to go on without ${machine}`,
        { nextSteps: [say`What was taken away is brought back now. The report says what else was seen.`] },
      );
    if (at.clock.now() >= nodesAt) {
      nodesAt = at.clock.now() + NODES_MS;
      const listed = await at.on(at.machine, listNodes());
      if (listed.kind === 'unknown') return ended(listed);
      const health = clusterHealth(
        at.cluster,
        (listed.kind === 'done' ? listed.value : []).map((item) => nodeHealth(item, at.clock.now())),
      );
      const other =
        listed.kind !== 'done'
          ? undefined
          : health.nodes.find((one) => one.node.id !== machine && one.live !== undefined && one.state !== 'ready');
      if (other !== undefined)
        return stepFailed(
          'drill-surprise',
          at.node(other.node.id),
          say`${other.node.id} is ${other.words}, and nobody took it away`,
          {
            nextSteps: [say`What was taken away is brought back now. Look at that node.`],
          },
        );
    }
    try {
      await at.clock.sleep(LOOK_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
  return { kind: 'done' };
}

import { count, listed } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { balancerMachines, etcdMembers, nodesOf, quorumOf } from '../../core/cluster/roles';
import { agentPart, BALANCER, balancerHostPart, serverPart, zonePart } from '../../core/topology/ids';
import { survives } from '../../core/topology/survival';
import type { Lesson, LessonPlan, LessonRecord, Taken } from './lesson';

const GOES_ON = 'goes-on';
const STOPS = 'stops';

const API_CHOICES = [
  { id: GOES_ON, label: 'It goes on answering' },
  { id: STOPS, label: 'It answers no more' },
];

/** What is common to the lessons about the API: the calculation of the diagram has an answer, and so has the cluster. */
function aboutTheApi(
  plan: Omit<LessonPlan, 'choices' | 'happened' | 'calculated'> & { readonly parts: readonly string[] },
): LessonPlan {
  return {
    ...plan,
    choices: API_CHOICES,
    happened: ({ apiAnswers }) => (apiAnswers ? GOES_ON : STOPS),
    calculated: (cluster) => (survives(cluster, plan.parts).api.outcome === 'no' ? STOPS : GOES_ON),
  };
}

function powerless(nodes: readonly { readonly id: string }[]): readonly Taken[] {
  return nodes.map(({ id }) => ({ place: id, fault: 'power' }));
}

const server: Lesson = (cluster) => {
  const one = cluster.servers.at(-1);
  if (one === undefined) return undefined;
  return aboutTheApi({
    id: 'server',
    title: 'Lose a server',
    question: `${one.id} loses its power. What becomes of the API at ${addressOf(cluster)}?`,
    taken: powerless([one]),
    parts: [serverPart(one.id)],
    noticed: [one.id],
    why:
      cluster.servers.length > 2
        ? 'The fixed address leads to servers that answer, and the others are more than half of the members of etcd.'
        : 'What is left decides: behind a fixed address another server, and a datastore that does without the lost one.',
  });
};

const quorum: Lesson = (cluster) => {
  const members = etcdMembers(cluster);
  const lost = members.length - quorumOf(members.length) + 1;
  if (cluster.datastore.type !== 'embedded-etcd' || members.length < 3) return undefined;
  const taken = members.slice(-lost);
  return aboutTheApi({
    id: 'quorum',
    title: 'Lose the quorum',
    question: `${listed(taken.map(({ id }) => id))} lose their power; ${count(members.length - lost, 'server')} of ${members.length} goes on. What becomes of the API?`,
    taken: powerless(taken),
    parts: taken.map(({ id }) => serverPart(id)),
    noticed: [],
    why: `etcd takes a change only when more than half of its members agree, ${quorumOf(members.length)} of ${members.length} here; without them K3s on the last server ends and starts again and again.`,
  });
};

const zone: Lesson = (cluster) => {
  const name = cluster.servers.findLast((one) => one.zone !== undefined)?.zone;
  const inside = nodesOf(cluster).filter((node) => node.zone === name);
  if (name === undefined || inside.length === nodesOf(cluster).length) return undefined;
  return aboutTheApi({
    id: 'zone',
    title: 'Lose a zone',
    question: `All of zone ${name} loses its power: ${listed(inside.map(({ id }) => id))}. What becomes of the API?`,
    taken: powerless(inside),
    parts: [zonePart(name)],
    noticed: inside.map(({ id }) => id),
    why: 'A zone is what fails together: the cluster survives it when less than half of the members of etcd stand in it.',
  });
};

const balancer: Lesson = (cluster) => {
  const { loadBalancer } = cluster;
  const [machine] = balancerMachines(cluster);
  // Those two are no machine that could be taken away alone.
  if (loadBalancer === undefined || ['dns', 'kube-vip'].includes(loadBalancer.type)) return undefined;
  const alone = machine === undefined;
  return aboutTheApi({
    id: 'balancer',
    title: 'Lose the load balancer',
    question: alone
      ? `The load balancer ${loadBalancer.address} loses its network; every server goes on. What becomes of the API at its address?`
      : `${machine.id}, which runs the load balancer, loses its power. What becomes of the API at ${loadBalancer.address}?`,
    taken: alone ? [{ place: BALANCER, fault: 'network' }] : powerless([machine]),
    parts: alone ? [BALANCER] : [balancerHostPart(machine.host)],
    noticed: [],
    why: alone
      ? 'kubectl knows one address: behind a single load balancer it is gone although nothing of the cluster is. Agents go on, they know all servers.'
      : 'keepalived gives the address to another host on which the load balancer runs, if there is one.',
  });
};

/** Kubernetes waits for so long for a kubelet before it says anything; less is at once for a person. */
const AT_ONCE_MS = 15_000;
const MINUTES_MS = 120_000;

const agent: Lesson = (cluster) => {
  const one = cluster.agents.at(-1);
  if (one === undefined) return undefined;
  return {
    id: 'agent',
    title: 'Lose an agent',
    question: `${one.id} loses its power. When does Kubernetes call it not ready?`,
    choices: [
      { id: 'at-once', label: 'Within seconds' },
      { id: 'a-minute', label: 'After most of a minute' },
      { id: 'minutes', label: 'After some minutes' },
    ],
    taken: powerless([one]),
    parts: [agentPart(one.id)],
    noticed: [one.id],
    happened: whenNoticed,
    why: 'Kubernetes waits about 50 seconds for word of a kubelet, and pods start elsewhere five minutes after that; the machine itself is seen to be silent long before.',
  };
};

function whenNoticed({ noticedAfterMs = Infinity }: LessonRecord): string {
  return noticedAfterMs < AT_ONCE_MS ? 'at-once' : noticedAfterMs < MINUTES_MS ? 'a-minute' : 'minutes';
}

function addressOf({ loadBalancer, servers }: Cluster): string {
  const [first] = servers as readonly (ClusterNode | undefined)[];
  return loadBalancer?.address ?? first?.id ?? 'its address';
}

/** The lessons that a cluster can give, in the order in which they are best taken. */
export function lessonsFor(cluster: Cluster): readonly LessonPlan[] {
  return [server, quorum, zone, balancer, agent].flatMap((lesson) => lesson(cluster) ?? []);
}

import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { apiServers, machinesOf, servesApi } from '../../core/cluster/roles';
import { ipv4Number, sameAddress } from '../../core/k3s/cidr';
import type { HostFacts } from '../../core/facts/probe';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { kubeVipImage, kubeVipPath } from '../../core/loadBalancer/kubeVip';
import { KUBE_VIP_FILE } from '../../core/loadBalancer/paths';
import { moveAddress } from '../steps/moveAddress';
import { proveAddress } from '../steps/proveAddress';
import { withdrawRoute } from '../steps/withdrawRoute';
import type { StepOptions } from '../steps/step';
import { surplusUnits } from './balancerChange';
import { fileChanges } from './fileChange';
import { hasLeftOver } from './kubeVipLeaving';
import { reachedNodes, type Situation } from './situation';
import { isRunning } from './starts';

/** Why the servers cannot pass the address of the file among themselves, found before anything is touched. */
export function kubeVipProblems(situation: Situation): readonly Problem[] {
  const { cluster, facts } = situation;
  const { loadBalancer } = cluster;
  if (loadBalancer?.type !== 'kube-vip') return [];
  const { address } = loadBalancer;
  if (ipv4Number(address) === undefined && !address.includes(':')) {
    return [
      problem('balancer-address-name', say`${address} is a name, and kube-vip moves addresses`, {
        nextSteps: [say`Write a free address of the network of the servers under loadBalancer.address.`],
      }),
    ];
  }
  const stranger = strangerProblem(situation, address);
  if (stranger !== undefined) return [stranger];
  const running = new Set(cluster.servers.filter((server) => isRunning(server, facts)).map(({ id }) => id));
  return machinesOf(cluster)
    .filter(({ id }) => !running.has(id) && facts.get(id)?.addresses.some((one) => sameAddress(one, address)))
    .filter(({ id }) => !hasLeftOver(situation, id) && !givesUpAddress(facts.get(id)))
    .map(({ id }) =>
      problem('balancer-address-in-use', say`${id} has the address ${address} itself, so it cannot move`, {
        host: id,
        why: say`It is the own address of that machine, or something else than this cluster has put it there: K3s HA has not.`,
        nextSteps: [
          say`See "ip -o addr" on ${id}. What another kube-vip left behind goes with "ip addr del ${address}/${address.includes(':') ? 128 : 32} dev INTERFACE".`,
          say`If it belongs to the machine, write another free address under loadBalancer.address.`,
        ],
      }),
    );
}

/** Somebody else answers at the address, and no machine of the file has it: two that answer for one can neither be reached. */
function strangerProblem({ cluster, facts, unreachable }: Situation, address: string): Problem | undefined {
  const isThere = ({ addresses }: HostFacts): boolean => addresses.some((one) => sameAddress(one, address));
  const servers = apiServers(cluster);
  const heard = servers.filter(({ id }) => facts.get(id)?.balancer?.addressAnswers === true);
  // A server that does not answer now may carry it, once kube-vip runs on the others.
  const perhapsOurs =
    servers.some(({ id }) => unreachable.has(id)) &&
    servers.some((node) => facts.get(node.id)?.files.has(kubeVipPath(cluster, node)) === true);
  if (heard.length === 0 || perhapsOurs || [...facts.values()].some(isThere)) return undefined;
  return problem('balancer-address-in-use', say`Another machine already answers at ${address}`, {
    why: say`${listed(heard.map(({ id }) => id))} ${heard.length === 1 ? 'gets' : 'get'} an answer from there, and none of the machines of this file has that address. Nothing was changed.`,
    nextSteps: [
      say`If it is a host that the file named under loadBalancer.nodes before, write it under loadBalancer.former: its load balancer is taken away before kube-vip comes. By hand: "systemctl disable --now keepalived haproxy nginx" there, then run again at once, because nothing answers at the address until kube-vip does.`,
      say`Otherwise find the machine (ip neigh show, the list of your router), or write another free address under loadBalancer.address.`,
    ],
  });
}

/** Whether keepalived of ours carries it there, which goes before kube-vip comes. */
function givesUpAddress(seen: HostFacts | undefined): boolean {
  return seen !== undefined && surplusUnits(undefined, seen).includes('keepalived');
}

/** Worth knowing before kube-vip comes to the servers, or changes. */
export function kubeVipNotes(situation: Situation): readonly string[] {
  const { cluster, facts } = situation;
  const { loadBalancer } = cluster;
  if (loadBalancer?.type !== 'kube-vip') return [];
  const comes = reachedNodes(situation).some((node) =>
    fileChanges(situation, node).some(({ kind, path }) => kind === 'place' && path.endsWith(`/${KUBE_VIP_FILE}`)),
  );
  const { address } = loadBalancer;
  const giving = machinesOf(cluster).filter(({ id }) => givesUpAddress(facts.get(id)));
  return [
    ...(giving.length === 0
      ? []
      : [
          say`${address} passes from keepalived on ${listed(giving.map(({ id }) => id))} to kube-vip: nothing answers there from when it is taken away until K3s has applied the manifest and kube-vip runs, which takes up to half a minute and what its image takes. Nodes go on through the servers that they know.`,
        ]),
    ...(comes
      ? [
          say`kube-vip carries ${address} as soon as K3s has applied its manifest. Servers without internet access need the image ${kubeVipImage(loadBalancer)} among those of K3s, or in a registry of yours.`,
        ]
      : []),
  ];
}

/**
 * What stands before the restart of a server that may have the address. With BGP every server announces it, and this one
 * ceases to; the only server with an API has nobody to give it to.
 */
export function addressSteps({ cluster }: Situation, node: ClusterNode, options: StepOptions): readonly Step[] {
  const { loadBalancer } = cluster;
  if (loadBalancer?.type !== 'kube-vip') return [];
  if (node.role !== 'server' || !servesApi(cluster, node) || apiServers(cluster).length < 2) return [];
  const { address, port } = loadBalancer;
  const why = say`kube-vip outlives a K3s that stops, and would keep the address on a server that does not answer`;
  if (loadBalancer.bgp !== undefined)
    return [
      withdrawRoute.step(
        node,
        { address },
        say`kube-vip outlives a K3s that stops, and would go on announcing it`,
        options,
      ),
    ];
  return [moveAddress.step(node, { address, port }, why, options)];
}

/**
 * Proves that exactly one server carries the address, when servers or their kube-vip were touched. With BGP every server
 * announces it.
 */
export function planAddressProof(
  draft: Draft,
  { cluster, facts }: Situation,
  after: readonly string[],
): readonly string[] {
  const { loadBalancer } = cluster;
  const servers = apiServers(cluster).filter(({ id }) => facts.has(id));
  const [first] = servers;
  if (loadBalancer?.type !== 'kube-vip' || loadBalancer.bgp !== undefined || first === undefined) return [];
  const ids = servers.map(({ id }) => id);
  const isTouched = draft.steps.some(
    ({ id, on, kind }) => ids.includes(on) && (TOUCHING.has(kind) || id.endsWith(`/${KUBE_VIP_FILE}`)),
  );
  if (!isTouched) return [];
  const { address, port } = loadBalancer;
  const why = say`two servers with one address, or a stopped one that keeps it, lose requests`;
  return [draft.add(proveAddress.step(first, { address, port, servers: ids }, why), after)];
}

/** Kinds of steps after which the address may be somewhere else. */
const TOUCHING: ReadonlySet<string> = new Set(['start', 'restart', 'renew-certificates', 'remove-balancer']);

import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { apiServers, balancerMachines, servesApi } from '../../core/cluster/roles';
import type { FileQuestion } from '../../core/facts/fileFacts';
import type { HostFacts } from '../../core/facts/probe';
import { sameAddress } from '../../core/k3s/cidr';
import { kubeVipAddress, kubeVipPath } from '../../core/loadBalancer/kubeVip';
import { KUBE_VIP_FILE } from '../../core/loadBalancer/paths';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { releaseAddress } from '../steps/releaseAddress';
import { planDeletion } from './leavingManifest';
import type { Situation } from './situation';
import { isRunning } from './starts';

/** kube-vip as an earlier run has laid it down on a server. */
interface LaidKubeVip {
  readonly path: string;
  readonly text: string;
  /** The address that it carries. */
  readonly address: string;
}

/** No content has this sha256: asked for it, a host tells the text that is there. */
const NONE = '0'.repeat(64);

/** The manifest of a kube-vip that the cluster file does not have any more: its text names the address that has to go. */
export function kubeVipQuestions(cluster: Cluster, node: ClusterNode): readonly FileQuestion[] {
  if (node.role === 'agent' || cluster.loadBalancer?.type === 'kube-vip') return [];
  return [{ path: kubeVipPath(cluster, node), unlessSha256: NONE }];
}

/** The manifest of ours on a server that the cluster file does not want any more; one that somebody has changed stays. */
export function leavingKubeVip(
  cluster: Cluster,
  node: ClusterNode,
  seen: HostFacts | undefined,
): LaidKubeVip | undefined {
  if (node.role === 'agent' || cluster.loadBalancer?.type === 'kube-vip') return undefined;
  const laid = laidKubeVip(cluster, node, seen);
  const sha256 = laid === undefined ? undefined : seen?.files.get(laid.path)?.sha256;
  return sha256 !== undefined && seen?.placed.get(laid?.path ?? '')?.sha256.includes(sha256) === true
    ? laid
    : undefined;
}

function laidKubeVip(cluster: Cluster, node: ClusterNode, seen: HostFacts | undefined): LaidKubeVip | undefined {
  const path = kubeVipPath(cluster, node);
  const text = seen?.files.get(path)?.text;
  const address = text === undefined ? undefined : kubeVipAddress(text);
  return text === undefined || address === undefined ? undefined : { path, text, address };
}

/** The servers that kube-vip leaves, those first that can be asked for its objects now. */
function leavingServers({ cluster, facts }: Situation): readonly (LaidKubeVip & { readonly node: ClusterNode })[] {
  const laid = apiServers(cluster).flatMap((node) => {
    const found = leavingKubeVip(cluster, node, facts.get(node.id));
    return found === undefined ? [] : [{ ...found, node }];
  });
  const runs = ({ node }: { readonly node: ClusterNode }): boolean => isRunning(node, facts);
  return [...laid.filter(runs), ...laid.filter((one) => !runs(one))];
}

/** Whether kube-vip gives its address to machines of the load balancer: they are made ready first, and get it from there. */
export function passesAddressOn(situation: Situation): boolean {
  const { loadBalancer } = situation.cluster;
  return balancerMachines(situation.cluster).length > 0 && leavesWith(situation, loadBalancer?.address ?? '');
}

/** Whether kube-vip of ours leaves and carries this address until then. */
export function leavesWith(situation: Situation, address: string): boolean {
  return leavingServers(situation).some((one) => sameAddress(one.address, address));
}

/**
 * Takes kube-vip out of the cluster: the manifest from all servers, so that none lays it down again, then its objects, then
 * the address from every interface, with a kube-vip that nobody ends any more. Ids of what proves it gone.
 */
export function planKubeVipLeaving(draft: Draft, situation: Situation, after: readonly string[]): readonly string[] {
  const { cluster, facts } = situation;
  const [asked, ...others] = leavingServers(situation).map((one) => ({
    ...one,
    difference: { path: one.path, before: one.text },
  }));
  if (asked === undefined) return [];
  const deleted = planDeletion(draft, [asked, ...others], say`the cluster file has another load balancer`, after);
  const addresses = [...new Set([asked, ...others].map((one) => one.address))];
  return apiServers(cluster)
    .filter(({ id }) => facts.has(id))
    .flatMap((server) =>
      addresses.map((address) =>
        draft.add(releaseAddress.step(server, { address }, say`nothing of kube-vip is to keep it`), [deleted]),
      ),
    );
}

/** Takes the former address off the servers, when kube-vip has got another one. */
export function planFormerAddress(draft: Draft, situation: Situation, after: readonly string[]): readonly string[] {
  const { cluster, facts } = situation;
  const { loadBalancer } = cluster;
  if (loadBalancer?.type !== 'kube-vip') return [];
  const servers = apiServers(cluster).filter(({ id }) => facts.has(id));
  const former = new Set(servers.flatMap((node) => laidKubeVip(cluster, node, facts.get(node.id))?.address ?? []));
  return [...former]
    .filter((address) => !sameAddress(address, loadBalancer.address))
    .flatMap((address) =>
      servers.map((server) =>
        draft.add(releaseAddress.step(server, { address }, say`the cluster file has another address`), after),
      ),
    );
}

/** Worth knowing before kube-vip leaves the cluster. */
export function kubeVipLeavingNotes(situation: Situation): readonly string[] {
  const { cluster, unreachable } = situation;
  const leaving = leavingServers(situation);
  const addresses = [...new Set(leaving.map(({ address }) => address))];
  if (leaving.length === 0) return [];
  const away = cluster.servers.filter((node) => servesApi(cluster, node) && unreachable.has(node.id));
  const balancer = cluster.loadBalancer;
  const taken = balancer?.type === 'haproxy' || balancer?.type === 'nginx';
  return [
    taken && addresses.some((address) => sameAddress(address, balancer.address))
      ? say`${listed(addresses)} passes from kube-vip to ${balancer.nodes.length > 1 ? 'keepalived' : balancer.type}: for some seconds nothing answers there. Nodes go on through the servers that they know.`
      : say`${listed(addresses)} goes with kube-vip: from then on nothing that K3s HA runs answers there.`,
    ...away.map(
      ({ id }) =>
        say`${id} does not answer: the manifest of kube-vip there would bring it back when its K3s starts. Run again when it answers.`,
    ),
  ];
}

/**
 * The fixed address that a kube-vip of ours has left on a machine without K3s: it outlives an uninstalled or stopped one.
 * What was placed there is written down on the machine; anything else that has the address is somebody else's.
 */
export function hasLeftOver({ cluster, facts }: Situation, id: string): boolean {
  const seen = facts.get(id);
  const address = cluster.loadBalancer?.address;
  if (seen === undefined || address === undefined) return false;
  const runs = Object.values(seen.units).some((unit) => unit?.active === 'active');
  return (
    !runs &&
    seen.addresses.some((one) => sameAddress(one, address)) &&
    [...seen.placed.keys()].some((path) => path.endsWith(`/server/manifests/${KUBE_VIP_FILE}`))
  );
}

/** The step that cleans it, to stand before anything else on the machine. */
export function leftOverSteps(situation: Situation, node: ClusterNode): readonly Step[] {
  const address = situation.cluster.loadBalancer?.address;
  if (address === undefined || !hasLeftOver(situation, node.id)) return [];
  return [releaseAddress.step(node, { address }, say`an earlier kube-vip of this cluster has left it there`)];
}

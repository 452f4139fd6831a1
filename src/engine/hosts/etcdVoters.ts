import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { apiServers, etcdMembers } from '../../core/cluster/roles';
import type { EtcdVoter } from '../../core/health/etcdVoters';
import { nodeHealth, type NodeHealth } from '../../core/health/nodeHealth';
import { etcdMembers as readEtcd, type EtcdMember, type EtcdView } from '../../core/remote/etcd';
import { listNodes } from '../../core/remote/kubectl';
import type { RemoteOutcome } from '../ports';
import type { StepContext } from '../steps/step';

type Views = ReadonlyMap<string, RemoteOutcome<EtcdView>>;

/** What each of these servers says about etcd, by its id; asked at the same time. */
export async function askEtcd(servers: readonly ClusterNode[], at: StepContext): Promise<Views> {
  const asked = await Promise.all(
    servers.map(async (server) => [server.id, await at.on(server, readEtcd(dataDir(at.cluster, server)))] as const),
  );
  return new Map(asked);
}

/**
 * Everybody who votes in etcd, by the list of a member that answers. A member of the file is alive when it answers itself
 * and can write; one that the file does not name cannot be asked, so its Node has to tell.
 */
export async function votersOf(views: Views, at: StepContext): Promise<readonly EtcdVoter[]> {
  const told = [...views].flatMap(([id, view]) => (view.kind === 'done' ? [{ id, view: view.value }] : []));
  const list = (told.find(({ view }) => view.healthy) ?? told[0])?.view.members ?? [];
  const declared = etcdMembers(at.cluster);
  const voting = list.filter(({ learner }) => !learner);
  const machines = voting.map((member) => ({ member, node: machineOf(member, declared, views, at) }));
  const strangers = machines.some(({ node }) => node === undefined);
  const nodes = strangers ? await listedNodes(at) : [];
  return machines.map(({ member, node }): EtcdVoter => {
    if (node === undefined) return { name: member.nodeName, ...withFault(strangerFault(member, nodes)) };
    return { name: node.id, node, ...withFault(memberFault(views.get(node.id))) };
  });
}

/** The machine of the file that a member runs on: it says so itself, or name or address tell. */
function machineOf(
  member: EtcdMember,
  declared: readonly ClusterNode[],
  views: Views,
  at: StepContext,
): ClusterNode | undefined {
  const says = declared.find(({ id }) => {
    const view = views.get(id);
    return view?.kind === 'done' && view.value.self === member.id;
  });
  return (
    says ??
    declared.find(({ id }) => at.facts.get(id)?.etcdName === member.name && member.name !== '') ??
    declared.find(({ address, host }) =>
      member.peerUrls.some((url) =>
        [address, host].some((one) => url.includes(`//${one.includes(':') ? `[${one}]` : one}:`)),
      ),
    )
  );
}

/** A member that was not asked is the one that is about to be stopped. */
function memberFault(view: RemoteOutcome<EtcdView> | undefined): string | undefined {
  if (view === undefined) return undefined;
  if (view.kind !== 'done') return say`does not answer: ${view.problem.why ?? view.problem.message}`;
  return view.value.healthy
    ? undefined
    : say`has an etcd member that is not healthy: ${view.value.why ?? say`no reason given`}`;
}

function strangerFault(member: EtcdMember, nodes: readonly NodeHealth[]): string | undefined {
  const node = nodes.find(({ name }) => name === member.nodeName);
  if (node === undefined) return say`has no Node that could tell whether it is there`;
  return node.ready === 'ready' ? undefined : say`is ${node.reason}`;
}

/** The Nodes, told by the first server of the file that has an API and answers. */
async function listedNodes(at: StepContext): Promise<readonly NodeHealth[]> {
  for (const server of apiServers(at.cluster)) {
    const listed = await at.on(server, listNodes());
    if (listed.kind !== 'done') continue;
    const now = at.clock.now();
    return listed.value.map((item) => nodeHealth(item, now));
  }
  return [];
}

function withFault(fault: string | undefined): { readonly fault?: string } {
  return fault === undefined ? {} : { fault };
}

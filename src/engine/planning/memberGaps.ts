import { say } from '../../core/base/say';
import { shellWord } from '../../core/remote/shell';
import { etcdMembers } from '../../core/cluster/roles';
import type { ClusterNode } from '../../core/cluster/cluster';
import { sameAddress } from '../../core/k3s/cidr';
import type { EtcdMember } from '../../core/remote/etcd';
import { nodeNameOf, type Situation } from './situation';

type Seen = Pick<Situation, 'cluster' | 'facts' | 'live'>;

/**
 * Members of etcd that neither a Node nor a server of the file stands for. A server without agent has no Node: what its machine
 * calls its member, or its name, tells that it is one, and its address where the machine does not answer.
 */
export function ghostMembers(situation: Seen): readonly EtcdMember[] {
  const { cluster, live } = situation;
  const names = new Set((live?.nodes ?? []).map(({ name }) => name));
  // A member has no name until it has started.
  return (live?.etcd?.members ?? []).filter(
    (member) =>
      member.name !== '' &&
      !names.has(member.nodeName) &&
      !cluster.servers.some((server) => standsFor(situation, server, member)),
  );
}

function standsFor({ facts }: Seen, server: ClusterNode, member: EtcdMember): boolean {
  const seen = facts.get(server.id);
  if (seen?.etcdName === member.name) return true;
  if ([nodeNameOf(server, seen), server.host.toLowerCase()].includes(member.nodeName)) return true;
  // One that can be asked knows its own member.
  return (
    seen === undefined &&
    member.peerUrls.some((url) => {
      const host = /^https?:\/\/\[?([^\]/]+?)\]?:\d+$/.exec(url)?.[1];
      return host !== undefined && [server.address, server.host].some((own) => sameAddress(own, host));
    })
  );
}

/** Names of Nodes that say that they are servers of etcd, and that etcd does not have: K3s there waits for ever. */
function memberless({ cluster, live }: Seen): readonly string[] {
  const { etcd, nodes = [] } = live ?? {};
  // Before a member has started nobody can tell whose it is.
  if (etcd === undefined || etcd.members.some(({ name }) => name === '') || etcdMembers(cluster).length === 0)
    return [];
  const members = new Set(etcd.members.map(({ nodeName }) => nodeName));
  return nodes.filter((node) => node.etcd !== undefined && !members.has(node.name)).map(({ name }) => name);
}

/** Where Nodes and members do not go together: what that means, and what helps. */
export function memberGapNotes(situation: Seen): readonly string[] {
  return [
    ...ghostNotes(situation),
    ...memberless(situation).map(
      (name) =>
        say`${name} has a Node as a server of etcd, and is no member of it: K3s there waits for ever. Provision Cluster ("k3s-ha apply FILE") takes it in anew.`,
    ),
  ];
}

/** What ghosts cost, and how they go. K3s itself takes a learner out that does not get on. */
export function ghostNotes(situation: Seen): readonly string[] {
  return ghostMembers(situation)
    .filter(({ learner }) => !learner)
    .map(
      ({ name, nodeName }) =>
        say`etcd has a member "${name}" without a Node: it counts for the quorum and answers to nobody. If nothing runs there any more, "k3s-ha remove FILE ${shellWord(nodeName)}" takes it out.`,
    );
}

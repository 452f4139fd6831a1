import { later, said, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { writtenList } from '../../core/cluster/written';
import { etcdMembers } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import type { NodeHealth } from '../../core/health/nodeHealth';
import { sameAddress } from '../../core/k3s/cidr';
import type { Draft } from '../../core/plan/draft';
import type { EtcdMember } from '../../core/remote/etcd';
import { awaitMembers } from '../steps/awaitMembers';
import { deleteNode } from '../steps/deleteNode';
import { dropEtcd } from '../steps/dropEtcd';
import { removeMember } from '../steps/removeMember';
import { stopK3s } from '../steps/stopK3s';
import { nodeNameOf, reachedNodes, type Situation } from './situation';
import { hasData, isRunning } from './starts';

/** A machine that has to join anew under its name, and what its former life has left in the cluster. */
interface Rebirth {
  readonly node: ClusterNode;
  readonly name: string;
  /** After `because`. */
  readonly why: string;
  readonly known?: NodeHealth;
  readonly member?: EtcdMember;
}

/**
 * Machines of the file whose former life is in the way of the next one: reinstalled ones, servers that etcd has removed, and
 * servers with another address than their member. K3s on them waits for ever or is refused, whatever they are told.
 */
function rebirths(situation: Situation): readonly Rebirth[] {
  const { cluster, facts, live } = situation;
  const members = new Set(etcdMembers(cluster).map(({ id }) => id));
  return reachedNodes(situation).flatMap((node): Rebirth[] => {
    const seen = facts.get(node.id);
    const name = nodeNameOf(node, seen);
    if (live === undefined || seen === undefined || name === undefined || live.through === node.id) return [];
    const known = live.nodes.find((one) => one.name === name);
    // What has data of this cluster is the same machine, wherever it has moved.
    if (seen.caHash === undefined && isElsewhere(known, seen)) return [];
    const former = { node, name, ...(known === undefined ? {} : { known }) };
    if (!members.has(node.id)) {
      const reinstalled = node.role === 'agent' && seen.caHash === undefined;
      return reinstalled && known !== undefined ? [{ ...former, why: said(REINSTALLED) }] : [];
    }
    const member = live.etcd?.members.find((one) => one.nodeName === name || one.name === seen.etcdName);
    const whole = { ...former, ...(member === undefined ? {} : { member }) };
    if (!hasData(seen))
      return known?.etcd !== undefined || member !== undefined ? [{ ...whole, why: said(REINSTALLED) }] : [];
    // Only a cluster that can decide knows who belongs to it; a member has no name until it has started.
    const list = live.etcd?.healthy === true ? live.etcd.members : [];
    if (!seen.etcdData || seen.etcdName === undefined || list.length === 0 || list.some((one) => one.name === ''))
      return [];
    const own = list.find((one) => one.name === seen.etcdName);
    if (own === undefined) return [{ ...whole, why: say`etcd has removed its member` }];
    const moved = movedFrom(node, seen, own);
    return moved === undefined
      ? []
      : [{ ...whole, why: say`etcd knows it at ${moved}, and an address of a member cannot change` }];
  });
}

/** Whether another machine has the name, and reports under it. */
function isElsewhere(known: NodeHealth | undefined, { addresses }: HostFacts): boolean {
  const { ready, internalIp } = known ?? {};
  return (
    ready === 'ready' &&
    internalIp !== undefined &&
    addresses.length > 0 &&
    !addresses.some((own) => sameAddress(own, internalIp))
  );
}

/** Machines that would take the name of another one, which is there: neither of them could tell who is meant. */
export function takenNames(situation: Situation): readonly Problem[] {
  const { facts, live } = situation;
  return reachedNodes(situation).flatMap((node) => {
    const seen = facts.get(node.id);
    const name = nodeNameOf(node, seen);
    const known = live?.nodes.find((one) => one.name === name);
    if (seen === undefined || seen.caHash !== undefined || known === undefined || !isElsewhere(known, seen)) return [];
    return [
      problem(
        'name-taken',
        say`${node.id} would be called "${name}", and another machine of the cluster is called so`,
        {
          host: node.id,
          why: say`It has the address ${known.internalIp} and reports from there; this machine has ${listed(seen.addresses)}.`,
          nextSteps: [say`Give it another name in the file, or remove the other machine from the cluster first.`],
        },
      ),
    ];
  });
}

const REINSTALLED = later`it was reinstalled, and the cluster still has its former life`;

/** The address at which etcd knows a server that has, or is to have, another one. */
function movedFrom(node: ClusterNode, { addresses }: HostFacts, { peerUrls }: EtcdMember): string | undefined {
  const peers = peerUrls.flatMap((url) => /^https?:\/\/\[?([^\]/]+?)\]?:\d+$/.exec(url)?.[1] ?? []);
  const [first] = peers;
  if (first === undefined || addresses.length === 0) return undefined;
  const isPeer = (address: string): boolean => peers.some((peer) => sameAddress(peer, address));
  const [wanted] = writtenList(node, 'node-ip').flatMap((text) => text.split(','));
  const gone = !addresses.some(isPeer);
  const chosen = wanted !== undefined && !isPeer(wanted) && addresses.some((own) => sameAddress(own, wanted));
  return gone || chosen ? first : undefined;
}

/** What is planned, with those machines as they will be when their former life is over. */
export function afterRebirth(situation: Situation): {
  readonly situation: Situation;
  readonly reborn: readonly Rebirth[];
} {
  const reborn = rebirths(situation);
  if (reborn.length === 0) return { situation, reborn };
  const facts = new Map(situation.facts);
  for (const { node } of reborn) {
    const seen = facts.get(node.id);
    if (seen === undefined) continue;
    const { etcdName: _, ...rest } = seen;
    const { k3s } = seen.units;
    const units = k3s === undefined ? seen.units : { ...seen.units, k3s: { ...k3s, active: 'inactive' } };
    facts.set(node.id, { ...rest, etcdData: false, serverToken: false, units });
  }
  return { situation: { ...situation, facts }, reborn };
}

/** Worth knowing before one says yes. */
export function rebirthNotes(reborn: readonly Rebirth[]): readonly string[] {
  return reborn.map(
    ({ node, name, why }) =>
      say`${node.id} joins anew as "${name}": ${why}. Its former Node${node.role === 'server' ? say` and member go` : say` goes`} first.`,
  );
}

/** Ends the former life of a machine, so that K3s may start there; `real` is what was seen. Ids of what to wait for. */
export function endFormerLife(
  draft: Draft,
  real: Situation,
  { node, name, why, known, member }: Rebirth,
  after: readonly string[],
): readonly string[] {
  const { cluster, facts, live } = real;
  const seen = facts.get(node.id);
  const through = cluster.servers.find(({ id }) => id === live?.through);
  if (through === undefined || seen === undefined) return after;
  const active = seen.units.k3s?.active ?? 'inactive';
  let previous = after;
  const add = (step: Parameters<Draft['add']>[0]): void => {
    previous = [draft.add(step, previous)];
  };
  if (node.role === 'server' && active !== 'inactive' && active !== 'failed')
    add(
      stopK3s.step(
        node,
        { role: 'server' },
        why,
        isRunning(node, facts) ? { guards: ['api-answers', 'quorum'], holds: [{ what: 'server down' }] } : {},
      ),
    );
  if (known !== undefined)
    add(deleteNode.step(through, { name, member: member !== undefined }, why, { about: node.id }));
  if (node.role === 'server') {
    add(removeMember.step(through, { node: name }, say`etcd refuses a second member of that name`, { about: node.id }));
    const others = etcdMembers(cluster).filter(
      (one) => one !== node && isRunning(one, facts) && facts.get(one.id)?.etcdData === true,
    );
    if (others.length > 0) {
      const agree = say`${listed(others.map(({ id }) => id))} have to agree before it joins`;
      add(awaitMembers.step(through, { gone: [name], members: others.map(({ id }) => id) }, agree, { about: node.id }));
    }
    if (seen.etcdData)
      add(dropEtcd.step(node, {}, say`K3s that starts with the data of a removed member waits for ever`));
  }
  return previous;
}

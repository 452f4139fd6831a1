import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { listed } from '../../core/base/words';
import type { ClusterMachine } from '../../core/cluster/cluster';
import { balancerMachines, machinesOf } from '../../core/cluster/roles';
import { BALANCER_RECORD, readBalancerRecord, type RecordedBalancer } from '../../core/loadBalancer/balancerRecord';
import { BALANCER_CONFIGS } from '../../core/loadBalancer/paths';
import { dropInPath } from '../../core/loadBalancer/proxyDropIn';
import { isOurs, surplusUnits } from './balancerChange';
import type { Situation } from './situation';

/** Machines under `loadBalancer.former` that still have something of the load balancer. */
export function formerCarriers({ cluster, facts }: Situation): readonly ClusterMachine[] {
  const carriers = new Set(balancerMachines(cluster).map(({ id }) => id));
  return (cluster.loadBalancer?.former ?? []).filter(({ id }) => {
    const seen = facts.get(id);
    return seen !== undefined && !carriers.has(id) && surplusUnits(undefined, seen).length > 0;
  });
}

/** An address that goes with its keepalived and that nothing of ours takes over. */
function goingNotes({ cluster, facts }: Situation): readonly string[] {
  const type = cluster.loadBalancer?.type;
  if (type === 'haproxy' || type === 'nginx' || type === 'kube-vip') return [];
  const giving = machinesOf(cluster).filter(({ id }) => {
    const seen = facts.get(id);
    return seen !== undefined && surplusUnits(undefined, seen).includes('keepalived');
  });
  if (giving.length === 0) return [];
  return [
    say`keepalived goes from ${listed(giving.map(({ id }) => id))}, and the address that it carries with it: from then on nothing that K3s HA runs answers there.`,
  ];
}

/** What comes of `loadBalancer.former`, and that its lines may go. */
function namedFormerNotes(situation: Situation): readonly string[] {
  const { cluster, facts, unreachable } = situation;
  const former = cluster.loadBalancer?.former ?? [];
  const left = new Set(formerCarriers(situation).map(({ id }) => id));
  const free = former.filter(({ id }) => facts.has(id) && !left.has(id)).map(({ id }) => id);
  const away = former.filter(({ id }) => unreachable.has(id)).map(({ id }) => id);
  return [
    ...(free.length === 0
      ? []
      : [
          say`${listed(free)} under loadBalancer.former ${free.length === 1 ? 'has' : 'have'} nothing of the load balancer any more: the lines may go.`,
        ]),
    ...away.map(
      (id) => say`${id} under loadBalancer.former does not answer: what runs there may still answer at the address.`,
    ),
  ];
}

/** What still runs on machines that carried the load balancer and that the file does not name any more, and how to stop it. */
export function formerBalancerNotes(situation: Situation): readonly string[] {
  return [...goingNotes(situation), ...namedFormerNotes(situation), ...unnamedFormerNotes(situation)];
}

function unnamedFormerNotes(situation: Situation): readonly string[] {
  const recorded = recordedFormer(situation);
  if (recorded.length > 0)
    return [...groupBy(recorded, ({ address, proxy }) => `${address} ${proxy}`).values()].map(recordedNote);
  const type = situation.cluster.loadBalancer?.type;
  return formerPeers(situation).map(
    (peer) =>
      say`${peer} carried the load balancer, too, and the file does not name it any more: what runs there stays until you stop it (systemctl disable --now keepalived ${type}).`,
  );
}

function recordedNote(machines: readonly RecordedBalancer[]): string {
  const [{ address, proxy }] = machines as readonly [RecordedBalancer];
  const hosts = machines.map(({ host }) => host);
  const files = [BALANCER_CONFIGS.keepalived, BALANCER_CONFIGS[proxy], dropInPath(proxy)];
  const stop = `for unit in keepalived ${proxy}; do sudo systemctl disable --now $unit; done; sudo rm -f ${files.join(' ')}`;
  return say`${listed(hosts)} carried the load balancer, and the file does not name ${hosts.length === 1 ? 'it' : 'them'} any more. What K3s HA has set up there goes on answering at ${address} until it is stopped. Under loadBalancer.former a run takes it away; by hand: for host in ${hosts.join(' ')}; do ssh "$host" '${stop}'; done`;
}

/** Machines of the record of any server that the file does not name. */
function recordedFormer({ cluster, facts }: Situation): readonly RecordedBalancer[] {
  const known = addressesOf({ cluster, facts });
  const texts = new Set(
    cluster.servers.flatMap(({ id }) => {
      const seen = facts.get(id);
      const file = seen?.files.get(BALANCER_RECORD);
      const isOurOwn = file !== undefined && seen?.placed.get(BALANCER_RECORD)?.sha256.includes(file.sha256) === true;
      return isOurOwn && file.text !== undefined ? [file.text] : [];
    }),
  );
  const former = [...texts].flatMap(readBalancerRecord).filter(({ host }) => !known.has(host));
  return [...new Map(former.map((one) => [`${one.address} ${one.proxy} ${one.host}`, one])).values()];
}

/** Addresses that keepalived of ours speaks to and that belong to no machine of the file. */
function formerPeers({ cluster, facts }: Situation): readonly string[] {
  const known = addressesOf({ cluster, facts });
  const peers = balancerMachines(cluster).flatMap(({ id }) => {
    const config = facts.get(id)?.balancer?.files.get(BALANCER_CONFIGS.keepalived);
    if (config === undefined || !isOurs(config)) return [];
    return (/unicast_peer \{([^}]*)\}/.exec(config)?.[1] ?? '').split(/\s+/).filter((peer) => peer !== '');
  });
  return [...new Set(peers)].filter((peer) => !known.has(peer));
}

function addressesOf({ cluster, facts }: Pick<Situation, 'cluster' | 'facts'>): ReadonlySet<string> {
  return new Set(
    machinesOf(cluster).flatMap(({ id, host, address }) => [host, address, ...(facts.get(id)?.addresses ?? [])]),
  );
}

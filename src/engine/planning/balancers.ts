import { isPlainAddress, backendsOf, backendName, type Backend } from '../../core/loadBalancer/backends';
import { haproxyConfig } from '../../core/loadBalancer/haproxyConfig';
import { defaultRouterId, keepalivedConfig } from '../../core/loadBalancer/keepalivedConfig';
import { nginxConfig } from '../../core/loadBalancer/nginxConfig';
import { BALANCER_CONFIGS, type BalancerUnit } from '../../core/loadBalancer/paths';
import { dropInPath, PROXY_DROP_IN } from '../../core/loadBalancer/proxyDropIn';
import type { Cluster, ClusterMachine, LoadBalancer } from '../../core/cluster/cluster';
import { balancerMachines } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { balancerPlace } from '../../core/facts/balancerPlace';
import type { MachineId } from '../../core/plan/step';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';

/** A file of the load balancer on one machine. Its text may hold the password of keepalived. */
export interface BalancerFile {
  readonly path: string;
  readonly mode: '0600' | '0644';
  readonly text: string;
}

/** What one program of the load balancer is to read on a machine. */
export interface BalancerPart {
  readonly unit: BalancerUnit;
  readonly config: BalancerFile;
  /** Lies beside the unit before the configuration is taken. */
  readonly dropIn?: BalancerFile;
}

/** What is to stand on a machine of the load balancer. Never leaves the engine. */
export interface BalancerContent {
  readonly proxy: 'haproxy' | 'nginx';
  readonly parts: readonly BalancerPart[];
  readonly backends: readonly Backend[];
  /** The configuration of nginx while these servers get no new connections. */
  nginxWithout(servers: readonly string[]): BalancerFile;
}

/** What is to stand on each machine of the load balancer that was seen; nothing for one that has no place for the address. */
export function desiredBalancers(
  cluster: Cluster,
  facts: ReadonlyMap<MachineId, HostFacts>,
  secrets: ResolvedSecrets,
): ReadonlyMap<MachineId, BalancerContent> {
  const { loadBalancer } = cluster;
  const machines = balancerMachines(cluster);
  if (loadBalancer === undefined || (loadBalancer.type !== 'haproxy' && loadBalancer.type !== 'nginx'))
    return new Map();
  const proxy = loadBalancer.type;
  const input = {
    port: loadBalancer.port,
    ipv6: loadBalancer.address.includes(':'),
    backends: backendsOf(cluster),
  };
  const config = (text: string): BalancerFile => ({ path: BALANCER_CONFIGS[proxy], mode: '0644', text });
  const moves = machines.length > 1;
  const dropIn: BalancerFile = { path: dropInPath(proxy), mode: '0644', text: PROXY_DROP_IN };
  const proxyPart: BalancerPart = {
    unit: proxy,
    config: config(proxy === 'haproxy' ? haproxyConfig(input) : nginxConfig(input)),
  };
  return new Map(
    machines.flatMap((machine): [MachineId, BalancerContent][] => {
      const seen = facts.get(machine.id);
      if (seen === undefined || !input.backends.every(({ address }) => isPlainAddress(address))) return [];
      // OpenRC has no drop-ins: there keepalived only asks the proxy, once a second.
      const own = moves && seen.init !== 'openrc' ? { ...proxyPart, dropIn } : proxyPart;
      const keepalived = moves ? keepalivedPart(loadBalancer, proxy, machine, facts, secrets) : undefined;
      if (moves && keepalived === undefined) return [];
      return [
        [
          machine.id,
          {
            proxy,
            parts: keepalived === undefined ? [own] : [own, keepalived],
            backends: input.backends,
            nginxWithout: (servers) => config(nginxConfig({ ...input, out: new Set(servers) })),
          },
        ],
      ];
    }),
  );
}

function keepalivedPart(
  loadBalancer: LoadBalancer,
  proxy: 'haproxy' | 'nginx',
  machine: ClusterMachine,
  facts: ReadonlyMap<MachineId, HostFacts>,
  secrets: ResolvedSecrets,
): BalancerPart | undefined {
  const { nodes, address, vrrp } = loadBalancer;
  const place = balancerPlace(loadBalancer, facts.get(machine.id), machine);
  if (place === undefined) return undefined;
  // A machine that does not answer now is a peer again when it is back.
  const peers = nodes
    .filter(({ id }) => id !== machine.id)
    .map((peer) => balancerPlace(loadBalancer, facts.get(peer.id), peer)?.own ?? peer.address);
  // VRRP for IPv6 knows none.
  const password = vrrp?.password === undefined || address.includes(':') ? undefined : secrets.text(vrrp.password);
  const text = keepalivedConfig({
    proxy,
    name: backendName(machine),
    interface: place.interface,
    routerId: vrrp?.routerId ?? defaultRouterId(address),
    place: nodes.findIndex(({ id }) => id === machine.id),
    own: place.own,
    peers: peers.filter(isPlainAddress),
    address,
    ...(password === undefined ? {} : { password }),
  });
  return { unit: 'keepalived', config: { path: BALANCER_CONFIGS.keepalived, mode: '0600', text } };
}

import type { Listener } from './listener';
import { isSilent, type PracticeHost } from './machine/host';
import { LOAD_BALANCER } from './network';
import type { Login } from './power';
import { createSshKey, type SshKey } from './ssh/keys';
import type { World } from './world';

/** What can be wrong with one place of a fleet while everything has power; `on: false` is the way back. */
export interface Faults {
  /** Pulls the cable of a host, or of `load-balancer`: it goes on, and nothing reaches it, from this computer neither. */
  cutOff(place: string, on?: boolean): void;
  fillDisk(host: string, on?: boolean): void;
  /** The host accepts connections and never answers. */
  hang(host: string, on?: boolean): void;
  /** Images that K3s does not bring cannot be had on the host. */
  missImages(host: string, on?: boolean): void;
  /** The etcd of the cluster of the host grows to the quota that it has unless its servers say otherwise, and refuses writes. */
  fillEtcd(host: string, on?: boolean): void;
  /** The K3s that now runs on the node holds no tunnel to the server, and does not know; another run of it does. */
  loseTunnel(server: string, node: string, on?: boolean): void;
  /** Breaks every open connection to the host, SSH and API. */
  dropConnections(host: string): void;
  /** From now on the host shows another SSH key, or its own again; known_hosts stays as it is. */
  changeHostKey(host: string, on?: boolean): void;
}

/** The faults of a fleet; an unknown host is an error. `ownKeyOf` gives the SSH key that a host had at first, `balancer` what listens at the fixed address. */
export function createFaults(
  world: World,
  find: (id: string) => { readonly host: PracticeHost; readonly login: Login },
  { ownKeyOf, balancer }: { readonly ownKeyOf: (id: string) => SshKey; readonly balancer: () => Listener | undefined },
): Faults {
  const tell = (host: string, fault: string, on: boolean): void => world.emit({ kind: 'fault', host, fault, on });
  const hush = (host: PracticeHost): void => {
    for (const listener of host.listeners) listener.freeze(isSilent(host));
  };
  return {
    cutOff: (place, on = true) => {
      if (place === LOAD_BALANCER) balancer()?.freeze(on);
      else {
        const { host } = find(place);
        host.cut = on;
        hush(host);
      }
      if (on) world.cut.add(place);
      else world.cut.delete(place);
      tell(place, 'cut off', on);
    },
    fillDisk: (id, on = true) => {
      find(id).host.diskFull = on;
      tell(id, 'disk full', on);
    },
    hang: (id, on = true) => {
      const { host } = find(id);
      host.hung = on;
      hush(host);
      tell(id, 'hangs', on);
    },
    missImages: (id, on = true) => {
      find(id).host.imagesMissing = on;
      tell(id, 'images missing', on);
    },
    fillEtcd: (id, on = true) => {
      const { host } = find(id);
      for (const cluster of world.clusters)
        if ([...cluster.members].some((member) => member.host === host)) cluster.full = on;
      tell(id, 'etcd full', on);
    },
    loseTunnel: (server, node, on = true) => {
      const serving = find(server).host.id;
      const { host } = find(node);
      for (const { kubelets } of world.clusters)
        for (const kubelet of kubelets.values()) {
          if (kubelet.host !== host) continue;
          if (on) kubelet.lost.add(serving);
          else kubelet.lost.delete(serving);
        }
      tell(node, `no tunnel to ${server}`, on);
    },
    dropConnections: (id) => {
      for (const listener of find(id).host.listeners) listener.drop();
    },
    changeHostKey: (id, on = true) => {
      find(id).login.hostKey = on ? createSshKey(id) : ownKeyOf(id);
      tell(id, 'another SSH key', on);
    },
  };
}

import { isAlive, type PracticeHost } from '../machine/host';
import { kubeVipSettings, type KubeVipSettings } from '../machine/kubeVip';
import type { World } from '../world';
import type { K3sCluster } from './cluster';
import { isoTime, workingServer } from './controller';
import { hasApi } from './serverFiles';

/** The lease by which the servers decide who carries the address, and how many looks it lasts. */
const LEASE = 'plndr-cp-lock';
const LEASE_LOOKS = 5;

/** Looks until a kubelet starts an ended container again: at once, then after ten seconds, then longer each time. */
const PAUSES = [1, 10, 20, 40];

/** What kubelets, containers of kube-vip and their lease do in each second. */
export function keepAddress(world: World, cluster: K3sCluster): void {
  const wanted = [...cluster.addons.values()].map(kubeVipSettings).find((found) => found !== undefined);
  for (const { host, networkReady } of cluster.kubelets.values()) {
    if (networkReady && isAlive(host) && isControlPlane(cluster, host)) runContainer(world, cluster, host, wanted);
  }
  const carriers = [...world.hosts.values()].filter((host) => isAlive(host) && host.kubeVip.running !== undefined);
  for (const host of carriers) if (host.kubeVip.running?.elected === false) carry(host);
  elect(
    world,
    cluster,
    carriers.filter((host) => host.kubeVip.running?.elected === true),
  );
}

function isControlPlane(cluster: K3sCluster, host: PracticeHost): boolean {
  return [...cluster.servers].some((server) => server.host === host && hasApi(server.config));
}

/** The kubelet makes the container what the DaemonSet says. */
function runContainer(
  world: World,
  cluster: K3sCluster,
  host: PracticeHost,
  wanted: KubeVipSettings | undefined,
): void {
  const { kubeVip } = host;
  const { running } = kubeVip;
  if (workingServer(world, cluster, host) === undefined) return;
  if (running !== undefined) {
    if (JSON.stringify(running) !== JSON.stringify(wanted)) endKubeVip(world, host, 'deleted');
    return;
  }
  if (kubeVip.pause > 0) kubeVip.pause -= 1;
  else if (wanted !== undefined && !host.imagesMissing) kubeVip.running = wanted;
}

/** Ends kube-vip on a host as it ends itself: the address goes, the lease is given back. */
export function endKubeVip(world: World, { kubeVip, carried, id }: PracticeHost, how: 'deleted' | 'stopped'): void {
  const { running } = kubeVip;
  if (running === undefined) return;
  delete kubeVip.running;
  carried.delete(running.address);
  kubeVip.pause = how === 'deleted' ? 0 : (PAUSES[Math.min(kubeVip.ended, PAUSES.length - 1)] ?? 0);
  if (how === 'stopped') kubeVip.ended += 1;
  for (const { vip } of world.clusters) if (vip.holder?.id === id) vip.holder = undefined;
}

/** One of those that run has the lease, renews it through any server that works, and has the address. */
function elect(world: World, cluster: K3sCluster, running: readonly PracticeHost[]): void {
  const { vip } = cluster;
  const able = running.filter((host) => workingServer(world, cluster, host) !== undefined);
  if (vip.holder !== undefined && able.includes(vip.holder)) vip.silence = 0;
  else if (vip.holder !== undefined) {
    vip.silence += 1;
    // A holder that cannot renew gives the address up before the lease is another's.
    if (isAlive(vip.holder) && vip.silence === LEASE_LOOKS - 1)
      vip.holder.carried.delete(vip.holder.kubeVip.running?.address ?? '');
    if (vip.silence >= LEASE_LOOKS) vip.holder = undefined;
  }
  if (vip.holder === undefined && able[0] !== undefined) {
    vip.holder = able[world.turns++ % able.length];
    vip.silence = 0;
  }
  const { holder } = vip;
  if (holder === undefined || vip.silence > 0) return;
  carry(holder);
  tellLease(world, cluster, holder);
}

function carry({ carried, kubeVip: { running } }: PracticeHost): void {
  if (running !== undefined) carried.add(running.address);
}

function tellLease(world: World, cluster: K3sCluster, { hostname }: PracticeHost): void {
  const before = cluster.leases.get(LEASE);
  const now = isoTime(world.clock.now());
  const resourceVersion = before?.metadata.resourceVersion;
  const metadata = {
    name: LEASE,
    namespace: 'kube-system',
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const spec = { holderIdentity: hostname, leaseDurationSeconds: 5, renewTime: now };
  cluster.leases.write(before === undefined ? 'create' : 'replace', { metadata, spec }, now);
}

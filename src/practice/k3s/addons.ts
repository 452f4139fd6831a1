import type { World } from '../world';
import type { K3sCluster, ServerRun } from './cluster';
import { datastoreHealthy } from './controller';
import { keepAddress } from './kubeVip';
import { dataDirOf } from './run';
import { TIMINGS } from './timings';
import { keepPods } from './workloads';

/** Starts what watches the folders of manifests, and what their objects do. */
export function startAddons(world: World, cluster: K3sCluster): void {
  const stop = world.clock.every(TIMINGS.addons, () => {
    applyManifests(world, cluster);
    if (workingServers(world, cluster).length > 0) keepPods(cluster);
    keepAddress(world, cluster);
  });
  world.signal.addEventListener('abort', stop);
}

/**
 * What the servers of a cluster make of the manifests in their folders: each applies a file when it starts and when the file
 * changes, under the file's base name; the objects of a file that goes stay.
 * https://docs.k3s.io/installation/packaged-components
 */
function applyManifests(world: World, cluster: K3sCluster): void {
  for (const server of workingServers(world, cluster)) {
    for (const path of server.host.files.below(`${dataDirOf(server.config)}/server/manifests`)) apply(server, path);
  }
}

function workingServers(world: World, cluster: K3sCluster): readonly ServerRun[] {
  return [...cluster.servers].filter((server) => server.apiUp && datastoreHealthy(world, server));
}

function apply(server: ServerRun, path: string): void {
  const { cluster, host, applied } = server;
  const file = host.files.get(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (file === undefined || !/\.(?:ya?ml|json)$/.test(name) || applied.get(path) === file.content) return;
  applied.set(path, file.content);
  cluster.addons.set(name.replace(/\.[^.]+$/, ''), file.content);
}

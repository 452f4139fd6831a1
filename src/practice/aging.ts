import { DEFAULT_DATA_DIR } from '../core/k3s/paths';
import { createServingCertificate } from './k3s/certificates';
import { ageAdmin, ageCertificates } from './k3s/ownCertificates';
import { dataDirOf } from './k3s/run';
import { writeKubeconfig, writeServing } from './k3s/serverFiles';
import type { World } from './world';

const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

/** Lets the certificates of all hosts end, or have ended, in so many milliseconds from now; what runs goes on with them. */
export async function ageFleet(world: World, ms: number): Promise<void> {
  const ends = world.clock.now() + ms;
  const servers = [...world.services];
  const folders = new Map(servers.map(({ host, config }) => [host, dataDirOf(config)]));
  for (const host of world.hosts.values()) ageCertificates(host, folders.get(host) ?? DEFAULT_DATA_DIR, ends);
  for (const cluster of world.clusters) {
    const names = [...cluster.names].sort();
    const pair = createServingCertificate(cluster.certificates, names, ends - LIFETIME_MS, ends);
    cluster.serving = { names: names.join(' '), pair };
    await pair;
  }
  for (const server of servers) {
    await ageAdmin(server.host, dataDirOf(server.config), server.cluster, ends);
    writeKubeconfig(server);
    await server.refreshCertificate();
    await writeServing(server, Math.floor((ends - LIFETIME_MS) / 1000));
  }
}

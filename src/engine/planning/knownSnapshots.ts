import type { ClusterNode } from '../../core/cluster/cluster';
import { optionText } from '../../core/cluster/options';
import { ON_DEMAND, readSnapshotName, SCHEDULED } from '../../core/k3s/snapshotName';
import type { KnownSnapshot, SnapshotPlace } from '../../core/health/snapshots';
import type { SnapshotObject } from '../../core/remote/listSnapshots';
import { nodeNameOf, type Situation } from './situation';

type Seen = Pick<Situation, 'cluster' | 'facts'>;

/** All snapshots that there are, the newest first: what lies on the disks of servers, and what the cluster knows beside that. */
export function knownSnapshots({ cluster, facts }: Seen, objects: readonly SnapshotObject[] = []): KnownSnapshot[] {
  const found = new Map<string, KnownSnapshot>();
  const add = (one: Omit<KnownSnapshot, 'places'>, place: SnapshotPlace): void => {
    const before = found.get(one.name);
    found.set(one.name, {
      ...(before ?? one),
      ...(one.tokenHash === undefined ? {} : { tokenHash: one.tokenHash }),
      places: [...(before?.places ?? []), place],
    });
  };
  const nodes = new Map(cluster.servers.map((server) => [nodeNameOf(server, facts.get(server.id)), server]));
  for (const server of cluster.servers) {
    const seen = facts.get(server.id);
    for (const [name, { size, time }] of seen?.snapshots?.files ?? []) {
      const node = nodeNameOf(server, seen) ?? '';
      const object = objects.find((one) => one.name === name && one.node.toLowerCase() === node);
      const path = `${seen?.snapshots?.folder ?? ''}/${name}`;
      const listed = object === undefined ? {} : { listed: object.size };
      add(
        { ...described(cluster, server, name, node), created: time * 1000, size, ...tokenOf(object) },
        { kind: 'disk', server: server.id, path, size, ...listed },
      );
    }
  }
  for (const object of objects) {
    const { name, node, location, size, created } = object;
    const server = nodes.get(node.toLowerCase());
    if (location === '' || (server !== undefined && facts.has(server.id))) continue;
    const owner = [...nodes].find(([known]) => known !== undefined && readSnapshotName(name, known) !== undefined);
    const words = described(cluster, owner?.[1], name, owner?.[0] ?? node);
    const place: SnapshotPlace =
      node === 's3' ? { kind: 's3', location, size } : { kind: 'unseen', node, location, size };
    add({ ...words, created, size, ...tokenOf(object) }, place);
  }
  return [...found.values()].sort((a, b) => b.created - a.created || (a.name < b.name ? -1 : 1));
}

function tokenOf(object: SnapshotObject | undefined): { readonly tokenHash?: string } {
  return object?.tokenHash === undefined ? {} : { tokenHash: object.tokenHash };
}

function described(
  cluster: Situation['cluster'],
  server: ClusterNode | undefined,
  name: string,
  node: string,
): Pick<KnownSnapshot, 'name' | 'base' | 'scheduled'> {
  const base = readSnapshotName(name, node)?.base ?? name;
  const scheduled = (server === undefined ? undefined : optionText(cluster, server, 'etcd-snapshot-name')) ?? SCHEDULED;
  return { name, base, scheduled: base === scheduled && base !== ON_DEMAND };
}

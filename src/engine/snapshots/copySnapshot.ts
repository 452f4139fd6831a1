import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { listed, megabytes } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { isSnapshotName } from '../../core/k3s/snapshotName';
import { proveSnapshot } from '../../core/remote/proveSnapshot';
import { sendFile } from '../../core/remote/sendFile';
import type { SnapshotProof } from '../../core/remote/snapshotProof';
import { target } from '../hosts/targets';
import { nodeNameOf } from '../planning/situation';
import { clusterCaHash } from '../planning/starts';
import type { KnownSnapshot, SnapshotPlace } from '../../core/health/snapshots';
import type { Download, Downloads } from '../ports';
import type { LookDependencies } from '../run/prepare';
import type { CopiedSnapshot, CopyOptions, MeantSnapshot, SnapshotSheet } from './copiedSnapshot';
import { listSnapshots, type SnapshotList } from './listSnapshots';

/**
 * Copies a snapshot to this machine: proved on its server, proved again by every byte that came, and with what opens it beside
 * it. One that is here already, byte for byte, is left as it is.
 */
export async function copySnapshot(
  cluster: Cluster,
  options: CopyOptions,
  deps: Pick<LookDependencies, 'hosts' | 'secrets' | 'parallel'> & { readonly downloads: Downloads },
): Promise<Result<CopiedSnapshot, Problem>> {
  const { snapshot, signal } = options;
  const list = await listSnapshots(cluster, deps, signal);
  if (!list.ok) return list;
  // The name becomes part of a path here, and a host may tell any.
  const found = list.value.snapshots
    .filter((one) => isSnapshotName(one.name))
    .find((one) =>
      'name' in snapshot
        ? one.name === snapshot.name
        : one.base === snapshot.base && diskOf(one, options) !== undefined,
    );
  const place = found === undefined ? undefined : diskOf(found, options);
  const server = cluster.servers.find(({ id }) => id === place?.server);
  if (found === undefined || place === undefined || server === undefined) return err(notThere(snapshot, list.value));
  const { name } = found;
  const run = signal === undefined ? {} : { signal };
  const size = place.listed ?? place.size;
  const proved = await deps.hosts.run(target(server), proveSnapshot(place.path, { size }), run);
  if (proved.kind !== 'done') return err(proved.problem);
  const path = options.place(name);
  const sheet = sheetOf(cluster, server, name, found.created, proved.value, list.value);
  const here = await deps.downloads.look(path);
  if (here?.size === proved.value.size && here.sha256 === proved.value.sha256) return ok({ path, sheet });
  const download = await deps.downloads.begin(path);
  if (!download.ok) return download;
  const received = await receive(server, place.path, proved.value, download.value, options, deps);
  if (received !== undefined) {
    await download.value.drop();
    return err(received);
  }
  const beside = await deps.downloads.begin(`${path}.json`);
  if (!beside.ok) {
    await download.value.drop();
    return beside;
  }
  await beside.value.write(new TextEncoder().encode(`${JSON.stringify(sheet, undefined, 2)}\n`));
  for (const file of [beside.value, download.value]) {
    const kept = await file.keep();
    if (!kept.ok) return kept;
  }
  return ok({ path, sheet });
}

type DiskPlace = Extract<SnapshotPlace, { readonly kind: 'disk' }>;

/** Where it lies on a server that it may come from. */
function diskOf({ places }: KnownSnapshot, { from }: CopyOptions): DiskPlace | undefined {
  const disks = places.flatMap((place) => (place.kind === 'disk' ? [place] : []));
  return disks.find(({ server }) => server === (from ?? server));
}

/** Why not every byte has come; undefined when all have. */
async function receive(
  server: ClusterNode,
  path: string,
  { size, sha256 }: SnapshotProof,
  download: Download,
  { signal, onReceived }: CopyOptions,
  { hosts }: Pick<LookDependencies, 'hosts'>,
): Promise<Problem | undefined> {
  let broken: string | undefined;
  const sink = async (piece: Uint8Array): Promise<void> => {
    try {
      if (broken === undefined) await download.write(piece);
    } catch (error) {
      broken = error instanceof Error ? error.message : String(error);
    }
    onReceived?.(download.state().size, size);
  };
  const sent = await hosts.run(target(server), sendFile(path), { sink, ...(signal === undefined ? {} : { signal }) });
  if (sent.kind !== 'done') return sent.problem;
  if (broken !== undefined)
    return problem('download-failed', say`${download.path} could not be written`, {
      why: broken,
      nextSteps: [say`Free disk space, or choose another folder.`],
    });
  const came = download.state();
  if (came.size === size && came.sha256 === sha256) return undefined;
  return problem('download-damaged', say`What came of ${path} is not what is on ${server.id}`, {
    host: server.id,
    why: say`${came.size} bytes with the sha256 ${came.sha256} came instead of ${size} with ${sha256}.`,
    nextSteps: [say`Copy it again: the file changed, or bytes were damaged on the way.`],
  });
}

function notThere(meant: MeantSnapshot, { snapshots, unseen }: SnapshotList): Problem {
  const name = 'name' in meant ? meant.name : `${meant.base}-…`;
  const found = snapshots.find((one) => one.name === name);
  const silent = [...unseen.keys()];
  if (found === undefined)
    return problem('snapshot-unknown', say`There is no snapshot ${name}`, {
      ...(silent.length === 0 ? {} : { why: say`${listed(silent)} could not be asked.` }),
      nextSteps: [
        snapshots.length === 0
          ? say`There is none at all.`
          : say`The newest are ${listed(snapshots.map((one) => one.name))}.`,
      ],
    });
  return problem('snapshot-elsewhere', say`${name} (${megabytes(found.size)}) is on no server that was asked`, {
    nextSteps: found.places.some(({ kind }) => kind === 's3')
      ? [say`It is in S3: get it there with a client of your S3.`]
      : [say`Bring its server back, or choose another server.`],
  });
}

function sheetOf(
  cluster: Cluster,
  server: ClusterNode,
  snapshot: string,
  created: number,
  { size, sha256, tokenHashes }: SnapshotProof,
  { facts }: SnapshotList,
): SnapshotSheet {
  const version = facts.get(server.id)?.k3sVersion;
  const caHash = clusterCaHash(cluster, facts);
  // A token that stands in the file as it is stays there.
  const token = cluster.token?.startsWith('${') === true ? cluster.token : undefined;
  return {
    cluster: cluster.name,
    snapshot,
    size,
    sha256,
    created: new Date(created).toISOString(),
    ...(version === undefined ? {} : { version }),
    ...(caHash === undefined ? {} : { caHash }),
    tokenHashes,
    ...(token === undefined ? {} : { token }),
    savedOn: server.id,
    servers: cluster.servers.map((one) => ({
      name: nodeNameOf(one, facts.get(one.id)) ?? one.id,
      address: one.address,
    })),
  };
}

import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { optionIsOn } from '../../core/cluster/options';
import { etcdMembers } from '../../core/cluster/roles';
import type { RestoreMarks } from '../../core/facts/restoreFacts';
import { isSnapshotName } from '../../core/k3s/snapshotName';
import { isPlainPath } from '../../core/remote/clusterReset';
import { shellWord } from '../../core/remote/shell';
import { ANEW, type RestoreIntent, type RestoreSource } from './restoreIntent';
import { sourceOfCopy } from './restoreCopy';
import { snapshotsOf } from './snapshotDeletion';
import type { Situation } from './situation';

/** The restore that has begun on servers of the file and is not over. */
export function unfinishedRestore({ cluster, facts }: Pick<Situation, 'cluster' | 'facts'>): RestoreMarks | undefined {
  const marks = cluster.servers.flatMap(({ id }) => facts.get(id)?.restore ?? []);
  return marks.find(({ reset }) => reset) ?? marks[0];
}

/** Where the data come from, or why that cannot be told. */
export function restoreSource(situation: Situation, intent: RestoreIntent): RestoreSource | Problem {
  const marks = unfinishedRestore(situation);
  if (marks !== undefined) return resumed(situation, intent, marks);
  const { cluster, facts } = situation;
  const members = etcdMembers(cluster);
  if (intent.survivor === true) {
    const server = members.find(({ id }) => id === intent.from);
    const seen = server === undefined ? undefined : facts.get(server.id);
    if (server === undefined || seen?.etcdData !== true) return noServer(members, intent.from ?? '');
    const folder = seen.snapshots?.folder ?? '/var/lib/rancher/k3s/server/db/snapshots';
    const path = `${folder}/survivor-${seen.hostname.toLowerCase()}-${seen.time}`;
    return { id: String(seen.time), from: server.id, path, time: seen.time, survivor: true };
  }
  if (intent.copy !== undefined) return sourceOfCopy(situation, intent, intent.copy);
  const { snapshot = '' } = intent;
  const known = snapshotsOf(situation);
  const places = known.get(snapshot)?.places ?? [];
  const disks = places.flatMap((place) =>
    place.kind === 'disk' && members.some(({ id }) => id === place.server) ? [place] : [],
  );
  const place =
    disks.find(({ server }) => server === intent.from) ?? (intent.from === undefined ? disks[0] : undefined);
  if (place === undefined) {
    const names = [...known]
      .filter(([, { places: at }]) => at.some(({ kind }) => kind === 'disk'))
      .map(([name]) => name);
    return problem(
      'snapshot-unknown',
      say`There is no snapshot "${snapshot}"${intent.from === undefined ? '' : say` on ${intent.from}`}`,
      {
        nextSteps: [
          names.length === 0
            ? say`No server that was reached has any.`
            : say`The newest on the servers are ${listed(names)}.`,
        ],
      },
    );
  }
  if (!isSnapshotName(snapshot) || !isPlainPath(place.path))
    return problem('snapshot-name', say`K3s cannot be told to restore from ${place.path}`, {
      host: place.server,
      nextSteps: [say`Copy it on its server to a path of letters, digits, dots and dashes in the folder of snapshots.`],
    });
  const time = facts.get(place.server)?.time ?? 0;
  const created = Math.floor((known.get(snapshot)?.created ?? 0) / 1000);
  const size = place.listed ?? place.size;
  return { id: String(time), from: place.server, path: place.path, size, time: created, survivor: false };
}

export function isProblem(found: RestoreSource | Problem): found is Problem {
  return 'code' in found;
}

/** What was begun is what goes on, whatever else is meant: half of two restores is none. */
function resumed(
  situation: Situation,
  { snapshot, copy, from }: RestoreIntent,
  marks: RestoreMarks,
): RestoreSource | Problem {
  const wanted = copy?.name ?? snapshot;
  const name = marks.snapshot.slice(marks.snapshot.lastIndexOf('/') + 1);
  if ((wanted !== undefined && wanted !== name) || (from !== undefined && from !== marks.from))
    return problem('other-restore', say`A restore from ${name} of ${marks.from} has begun and is not over`, {
      nextSteps: [
        say`Finish it first: "k3s-ha snapshot restore FILE ${shellWord(name)}". Then restore from another one.`,
      ],
    });
  const seen = situation.facts.get(marks.from)?.snapshots?.files.get(name);
  const survivor = name.startsWith('survivor-');
  return {
    id: marks.id,
    from: marks.from,
    path: marks.snapshot,
    ...(seen === undefined || survivor ? {} : { size: seen.size }),
    // The restore began after its snapshot was saved.
    time: seen?.time ?? Number(marks.id.replace(ANEW, '')),
    survivor,
  };
}

function noServer(members: readonly ClusterNode[], wanted: string): Problem {
  return problem(
    'no-survivor',
    say`${wanted === '' ? say`No server was named` : say`${wanted} has no data of etcd`}, so nothing can be restored from it`,
    {
      nextSteps: [say`Name one of ${listed(members.map(({ id }) => id))} that was reached and has data of etcd.`],
    },
  );
}

/** Whether K3s on a server would look for snapshots in S3. */
export function usesS3({ cluster }: Situation, server: ClusterNode): boolean {
  return optionIsOn(cluster, server, 'etcd-s3');
}

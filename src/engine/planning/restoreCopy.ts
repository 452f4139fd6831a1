import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import { dataDir, optionText } from '../../core/cluster/options';
import { etcdMembers, servesApi } from '../../core/cluster/roles';
import { compareK3sVersions, parseK3sVersion } from '../../core/k3s/versions';
import { isPlainPath } from '../../core/remote/clusterReset';
import { shellWord } from '../../core/remote/shell';
import { tokenHash } from '../../core/remote/snapshotProof';
import type { SnapshotCopy } from '../snapshots/readCopy';
import { ANEW, isAnew, type RestoreIntent, type RestoreSource } from './restoreIntent';
import type { Situation } from './situation';
import { clusterCaHash, firstServer, hasData } from './starts';

/** A copy of this computer as a source: the server that gets it, and where. Machines without a cluster begin with their first server. */
export function sourceOfCopy(
  { cluster, facts }: Situation,
  { from }: RestoreIntent,
  copy: SnapshotCopy,
): RestoreSource | Problem {
  const anew = cluster.servers.every(({ id }) => !hasData(facts.get(id)));
  const first = firstServer(cluster, facts);
  const able = etcdMembers(cluster).filter(
    (server) =>
      facts.has(server.id) &&
      (anew ? server === first && servesApi(cluster, server) : facts.get(server.id)?.units.k3s !== undefined),
  );
  const server =
    able.find(({ id }) => id === from) ??
    (from === undefined
      ? (able.find((one) => one === first && facts.get(one.id)?.init === 'systemd') ??
        able.find(({ id }) => facts.get(id)?.init === 'systemd') ??
        able[0])
      : undefined);
  const seen = server === undefined ? undefined : facts.get(server.id);
  if (server === undefined || seen === undefined)
    return problem('copy-no-server', say`${copy.name} cannot be restored on ${from ?? say`any server of the file`}`, {
      nextSteps: [
        anew
          ? say`These machines have no cluster yet, so ${first?.id ?? say`the first server`} begins: it has to answer, and to have etcd and an API.`
          : able.length === 0
            ? say`None that was reached has K3s as a server with etcd.`
            : say`Name one of ${listed(able.map(({ id }) => id))}, on which K3s is installed.`,
      ],
    });
  const folder =
    seen.snapshots?.folder ??
    optionText(cluster, server, 'etcd-snapshot-dir') ??
    `${dataDir(cluster, server)}/server/db/snapshots`;
  const path = `${folder}/${copy.name}`;
  if (!isPlainPath(path))
    return problem('snapshot-name', say`K3s cannot be told to restore from ${path}`, {
      host: server.id,
      nextSteps: [say`Give the copy a name of letters, digits, dots and dashes.`],
    });
  const named = Number(/-(\d{9,11})(?:\.zip)?$/.exec(copy.name)?.[1]);
  const told = copy.sheet === undefined ? named : Math.floor(Date.parse(copy.sheet.created) / 1000);
  // What K3s makes of nothing is newer than this look, whatever the clock of then said.
  const time = Math.min(Number.isFinite(told) ? told : seen.time, seen.time);
  const id = `${anew ? ANEW : ''}${seen.time}`;
  return { id, from: server.id, path, size: copy.size, time, survivor: false, copy };
}

/** Why a copy must not be restored on these machines, by what was written down with it. */
export function copyProblems(situation: Situation, { gone = [] }: RestoreIntent, source: RestoreSource): Problem[] {
  const { cluster, facts, desired } = situation;
  const { copy, from } = source;
  const sheet = copy?.sheet;
  if (copy === undefined || sheet === undefined) return [];
  const found: Problem[] = [];
  const token = isAnew(source) ? desired.get(from)?.tokenSha256 : facts.get(from)?.tokenSha256;
  if (token !== undefined && sheet.tokenHashes.length > 0 && !sheet.tokenHashes.includes(tokenHash(token)))
    found.push(
      problem(
        'copy-other-token',
        say`The token of ${isAnew(source) ? say`the cluster file` : from} does not open ${copy.name}`,
        {
          why: say`The certificate authorities in a snapshot are encrypted with the token of that time.`,
          nextSteps: [
            say`Take the token of ${sheet.cluster} as it was on ${sheet.created.slice(0, 10)}${sheet.token === undefined ? '' : say`; its file had it as ${sheet.token}`}.`,
          ],
        },
      ),
    );
  const present = clusterCaHash(cluster, facts);
  if (!isAnew(source) && sheet.caHash !== undefined && present !== undefined && sheet.caHash !== present)
    found.push(
      problem('copy-of-another-cluster', say`${copy.name} is of another cluster than the one that runs here`, {
        host: from,
        why: say`It has the authority ${sheet.caHash.slice(0, 12)}, and these machines have ${present.slice(0, 12)}: what runs here would be replaced, and its agents would be refused.`,
        nextSteps: [
          say`If what runs here is not needed, reset the cluster first ("k3s-ha reset FILE"): on empty machines the copy becomes the cluster of then.`,
        ],
      }),
    );
  const here = new Set(cluster.servers.flatMap(({ address, host }) => [address, host]));
  for (const { name, address } of sheet.servers) {
    if (here.has(address) || gone.includes(address) || gone.includes(name)) continue;
    found.push(
      problem(
        'server-not-proved-stopped',
        say`${name} (${address}) was a server of the cluster and is not in the file`,
        {
          why: say`Where it still runs, it would be a second cluster of the same name and authority, and agents would follow it.`,
          nextSteps: [
            say`Switch it off for good, then say so: "k3s-ha snapshot restore … --gone ${shellWord(address)}".`,
          ],
        },
      ),
    );
  }
  return [...found, ...releaseProblems(situation, source)];
}

/** Machines of nothing get the release of the file: the one of the snapshot, or a newer patch of it. */
function releaseProblems({ cluster }: Situation, source: RestoreSource): Problem[] {
  const then = parseK3sVersion(source.copy?.sheet?.version ?? '');
  const wanted = parseK3sVersion(cluster.k3s.version ?? '');
  if (!isAnew(source) || then === undefined || wanted === undefined) return [];
  if (then.major === wanted.major && then.minor === wanted.minor && compareK3sVersions(wanted, then) >= 0) return [];
  return [
    problem(
      'copy-other-release',
      say`The snapshot was saved by K3s ${source.copy?.sheet?.version}, and the file wants ${cluster.k3s.version}`,
      {
        why: say`A datastore is opened by the release that wrote it, or by a newer patch of the same minor version.`,
        nextSteps: [
          say`Write k3s.version: ${source.copy?.sheet?.version} into the file; upgrade when the cluster is back.`,
        ],
      },
    ),
  ];
}

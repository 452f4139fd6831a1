import { say } from '../../core/base/say';
import { count, megabytes } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import type { FileFacts, FileQuestion } from '../../core/facts/fileFacts';
import { manifestFolder } from '../../core/cluster/hostFiles';
import { mayHoldSecret } from '../../core/language/secretText';
import type { FileDifference } from '../../core/plan/difference';
import type { NodeContent } from './desired';
import { isShort, type DesiredFile } from './desiredFiles';
import { leavingKubeVip } from './kubeVipLeaving';
import type { Situation } from './situation';

/** A file beside config.yaml that comes, changes or goes on a host. */
export type FileChange = Placement | RemovedFile;

interface Placement extends AnyChange {
  readonly kind: 'place';
  readonly mode: string;
  /** Bytes, of a file that takes a while. */
  readonly size?: number;
}

export interface RemovedFile extends AnyChange {
  readonly kind: 'remove';
}

interface AnyChange {
  readonly path: string;
  /** Why, after "because". */
  readonly reason: string;
  readonly difference: FileDifference;
  /** K3s reads it only when it starts. */
  readonly restart: boolean;
}

/** What a plan wants to know of the files of a host; the sha256 of a secret is not told to other users of it. */
export function fileQuestions(
  content: Pick<NodeContent, 'files'> | undefined,
  expected: readonly string[],
): readonly FileQuestion[] {
  return [
    ...(content?.files ?? []).map(({ to, sha256, text, secret }) => ({
      path: to,
      ...(secret || text === undefined ? {} : { unlessSha256: sha256 }),
    })),
    ...expected.map((path) => ({ path })),
  ];
}

/** From this many bytes on the size of a file is worth a word. */
const LARGE = 1e6;

/** The files of a host that are not as the cluster file says, in the order of that, and those that it does not have any more. */
export function fileChanges(situation: Situation, node: ClusterNode): readonly FileChange[] {
  const { cluster, facts, desired } = situation;
  const seen = facts.get(node.id);
  const wanted = desired.get(node.id)?.files ?? [];
  if (seen === undefined) return [];
  const coming = wanted.flatMap((file): FileChange[] => {
    const present = seen.files.get(file.to);
    const reason = reasonToPlace(file, present);
    if (reason === undefined) return [];
    const { to, mode, restart } = file;
    const large = file.input.size < LARGE ? {} : { size: file.input.size };
    return [{ kind: 'place', path: to, mode, reason, difference: difference(file, present), restart, ...large }];
  });
  return [...coming, ...goingFiles(situation, node).filter(({ path }) => !takesObjectsAlong(cluster, node, path))];
}

/** Manifests that go on a server together with what K3s made of them. */
export function goingWithObjects(situation: Situation, node: ClusterNode): readonly RemovedFile[] {
  return goingFiles(situation, node).filter(({ path }) => takesObjectsAlong(situation.cluster, node, path));
}

/** Files that were placed, are not wanted any more, and are still as they were placed. */
function goingFiles({ cluster, facts, desired }: Situation, node: ClusterNode): readonly RemovedFile[] {
  const seen = facts.get(node.id);
  const places = new Set((desired.get(node.id)?.files ?? []).map(({ to }) => to));
  const leaving = leavingKubeVip(cluster, node, seen)?.path;
  return [...(seen?.placed ?? [])].flatMap(([path, { sha256, restart }]): RemovedFile[] => {
    const present = seen?.files.get(path);
    if (places.has(path) || path === leaving || present === undefined || !sha256.includes(present.sha256)) return [];
    const reason = say`the cluster file does not have it any more`;
    return [{ kind: 'remove', path, reason, difference: { path, before: inWords(present) }, restart }];
  });
}

/** Files that were placed, are not wanted any more, and were changed by somebody since: they are left. */
export function leftFiles({ facts, desired }: Situation, node: ClusterNode): readonly string[] {
  const seen = facts.get(node.id);
  const places = new Set((desired.get(node.id)?.files ?? []).map(({ to }) => to));
  return [...(seen?.placed ?? [])].flatMap(([path, { sha256 }]) => {
    const present = seen?.files.get(path);
    return places.has(path) || present === undefined || sha256.includes(present.sha256) ? [] : [path];
  });
}

/** Whether a file of a server is a manifest whose objects are to go with it. */
function takesObjectsAlong(cluster: Cluster, node: ClusterNode, path: string): boolean {
  if (!path.startsWith(`${manifestFolder(cluster, node)}/`)) return false;
  return (cluster.deleteManifests ?? []).includes(path.slice(path.lastIndexOf('/') + 1));
}

function reasonToPlace(
  { sha256, mode, owner = 'root:root' }: DesiredFile,
  present: FileFacts | undefined,
): string | undefined {
  if (present === undefined) return say`it is not there yet`;
  if (present.sha256 !== sha256) return say`its content differs from the file of this machine`;
  if (present.mode !== mode) return say`its mode is ${present.mode} and not ${mode}`;
  return belongsTo(present, owner) ? undefined : say`it belongs to ${present.owner} and not to ${owner}`;
}

/** Whether user and group are those, each by its name or its number. */
function belongsTo({ owner, ids }: FileFacts, wanted: string): boolean {
  const [names, numbers] = [owner.split(':'), ids.split(':')];
  return wanted.split(':').every((part, at) => part === names[at] || part === numbers[at]);
}

function difference({ to, sha256, input, text }: DesiredFile, present: FileFacts | undefined): FileDifference {
  const words = inWords({ sha256, size: input.size });
  if (present === undefined) return { path: to, after: text ?? words };
  if (present.sha256 === sha256) return { path: to, before: text ?? words, after: text ?? words };
  if (text === undefined) return { path: to, before: inWords(present), after: words };
  const there = present.text;
  const isShown = there !== undefined && isShort(there) && !mayHoldSecret(there);
  return { path: to, before: isShown ? there : inWords(present), after: text };
}

/** What is said of a content that is not shown. */
function inWords({ sha256, size }: Pick<FileFacts, 'sha256' | 'size'>): string {
  return `${size < LARGE ? count(size, 'byte') : megabytes(size)}, sha256 ${sha256.slice(0, 12)}…\n`;
}

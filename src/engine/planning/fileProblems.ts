import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { expectedFiles } from '../../core/cluster/hostFiles';
import type { Situation } from './situation';

/** What K3s on a host would not find, and what is in the way of a file that is to come. */
export function fileProblems({ cluster, facts, desired }: Situation, node: ClusterNode): readonly Problem[] {
  const seen = facts.get(node.id);
  if (seen === undefined) return [];
  const missing = expectedFiles(cluster, node)
    .filter(({ path }) => seen.files.get(path)?.kind !== 'file')
    .map(({ key, path }) =>
      problem('datastore-file-missing', `There is no file ${path} on ${node.id}, which datastore.${key} names`, {
        host: node.id,
        why: 'K3s would stop because it does not find it. An absolute path is one of the servers.',
        nextSteps: [
          'Put the file there, or keep it beside the cluster file and write its path from there: then it is sent to the servers.',
        ],
      }),
    );
  const blocked = (desired.get(node.id)?.files ?? [])
    .filter(({ to }) => seen.files.get(to)?.kind === 'folder')
    .map(({ to, use }) =>
      problem('file-place-taken', `${to} on ${node.id} is a folder, and ${use} sends a file there`, {
        host: node.id,
        nextSteps: ['Look at what is in that folder and move it away.'],
      }),
    );
  return [...missing, ...blocked];
}

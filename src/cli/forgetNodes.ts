import { createFiles } from '../adapters/files/files';
import { removeNodes } from '../core/authoring/changes';
import { problem } from '../core/base/problem';
import { applyEdits } from '../core/base/text';
import { listed } from '../core/base/words';
import { nodesOf } from '../core/cluster/roles';
import { readClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { fail, tell } from './output';

/** Takes nodes out of a cluster file, as it is now; comments and form of all other lines stay. */
export async function forgetNodes(path: string, ids: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const read = await readClusterFile(path, signal);
  if (!read.ok) return fail(read.error, EXIT.failed);
  const left = nodesOf(read.value.cluster).filter(({ id }) => ids.includes(id));
  if (left.length === 0) return EXIT.fine;
  const edits = removeNodes(read.value, left);
  if (!edits.ok)
    return fail(
      problem('file-not-changed', `${listed(ids)} left the cluster, but not ${path}`, {
        why: edits.error,
        nextSteps: ['Take the lines out by hand: otherwise the next apply would install K3s there again.'],
      }),
      EXIT.failed,
    );
  await createFiles({ followLinks: () => true }).writeAtomic(path, applyEdits(read.value.text, edits.value), 0o644);
  tell(`${path} does not name ${listed(ids)} any more.`);
  return EXIT.fine;
}

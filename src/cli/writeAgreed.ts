import { createFiles } from '../adapters/files/files';
import { problem, problemIn, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import type { ClusterFile } from './context';

/** Writes the file that the person has agreed to, if it still is what the plan was made of. */
export async function writeAgreed({ path, text: before }: ClusterFile, text: string): Promise<Result<void, Problem>> {
  // The person has chosen the path.
  const files = createFiles({ followLinks: (one) => one === path });
  try {
    if ((await files.read(path)) !== before) {
      return err(
        problem('file-changed', `${path} has changed since it was read, so nothing was done`, {
          nextSteps: ['Run the command again.'],
        }),
      );
    }
    if (text !== before) await files.writeAtomic(path, text, 0o644);
    return ok(undefined);
  } catch (error) {
    const known = problemIn(error);
    if (known === undefined) throw error;
    return err(known);
  }
}

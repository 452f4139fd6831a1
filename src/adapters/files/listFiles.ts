import { readdir } from 'node:fs/promises';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { explainFileError } from './fileProblem';
import { locateNamed, type NamedFolders } from './namedFile';

/** The files that a path stands for whose last part may hold `*` and `?`, in the order of their names. */
export async function listFiles(pattern: string, folders: NamedFolders): Promise<Result<readonly string[], Problem>> {
  const at = Math.max(pattern.lastIndexOf('/'), pattern.lastIndexOf('\\')) + 1;
  const [folder, last] = [pattern.slice(0, at), pattern.slice(at)];
  if (!/[*?]/.test(last)) return ok([pattern]);
  const named = await locateNamed(folder === '' ? '.' : folder, folders);
  if (!named.ok) return err(outside(pattern, named.error));
  try {
    const entries = await readdir(named.value.place, { withFileTypes: true });
    const matcher = nameMatcher(last);
    const names = entries.filter((entry) => !entry.isDirectory() && matcher(entry.name)).map(({ name }) => name);
    if (names.length > 0) return ok(names.sort().map((name) => `${folder}${name}`));
    return err(
      problem('file-missing', `No file in ${named.value.place} is called ${last}.`, {
        nextSteps: ['Correct the pattern in the cluster file, or put the files there.'],
      }),
    );
  } catch (error) {
    return err(explainFileError(error, named.value.place, 'read').problem);
  }
}

/** Whether names are those that `*` and `?` stand for; hidden ones only when the pattern says so. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${expression}$`, 's');
  return (name) => whole.test(name) && (!name.startsWith('.') || pattern.startsWith('.'));
}

/** A path that a repository may not choose. */
export function outside(path: string, { why, nextStep }: { readonly why: string; readonly nextStep: string }): Problem {
  return problem('file-outside', `${path} is not used.`, { why, nextSteps: [nextStep] });
}

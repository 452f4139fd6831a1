import { access, writeFile } from 'node:fs/promises';
import { problem, type Problem } from '../core/base/problem';
import { tell } from './output';

/** What is wrong with the name of a cluster; undefined when nothing is. */
export function nameFault(name: string): Problem | undefined {
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name) && name.length <= 63
    ? undefined
    : problem('name-invalid', `"${name}" is no name of a cluster: write lower-case letters, digits, dots and hyphens.`);
}

/** Values are shown nowhere: they stand in the file of the person, or have to be given. */
export function tellSecrets(names: readonly string[], file: string | undefined): void {
  if (names.length === 0) return;
  tell(
    file === undefined
      ? `Its secrets are not kept anywhere: ${names.join(', ')}. Import with --secrets FILE, or give them later.`
      : `Its secrets stand in ${file}: ${names.join(', ')}.`,
  );
}

/** Nothing is overwritten. */
export function taken(output: string): Problem {
  return problem('file-exists', `${output} exists already and is not overwritten.`, {
    nextSteps: ['Name another file with --output, or move this one away.'],
  });
}

/** Whether something stands at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes the file; false, and nothing is written, when something has come there meanwhile. */
export async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

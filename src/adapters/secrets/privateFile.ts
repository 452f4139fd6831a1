import type { Problem } from '../../core/base/problem';
import { problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import { shellWord } from '../../core/remote/shell';
import { errorCode } from '../files/errorCode';
import { readPlainFile, type Refusal } from '../files/plainFile';
import { contains, realPath } from '../files/realPath';

const OTHERS = 0o066;
/** No password, key or certificate bundle is longer, and a repository must not fill the memory. */
const MAX_BYTES = 2 ** 20;

/** What is asked of a private file besides its owner and its permissions. */
interface PrivateFileOptions {
  /** The file must really lie in this folder: text of a repository must not reach another one through a link in it. */
  readonly inside?: string;
}

/**
 * Reads a file that holds a secret; `undefined` when it does not exist. Refuses what is no regular file, what others
 * own, what they can read or write (Windows has no such bits and is not checked), and what is larger than 1 MiB.
 * `use` says in the problem what the file is for.
 */
export async function readPrivateFile(
  path: string,
  use: string,
  options: PrivateFileOptions = {},
): Promise<Result<string | undefined, Problem>> {
  const place = await locate(path, use, options.inside);
  if (!place.ok) return place;
  const links = options.inside === undefined ? 'follow' : 'refuse';
  const read = await readPlainFile(place.value, { links, own: true, closedTo: OTHERS }, MAX_BYTES);
  return read.ok ? read : err(refused(path, use, read.error));
}

/** The path to open: with all links followed already where it must lie inside a folder, so that no other one follows. */
async function locate(path: string, use: string, inside: string | undefined): Promise<Result<string, Problem>> {
  if (inside === undefined) return ok(path);
  try {
    const [folder, real] = await Promise.all([realPath(inside), realPath(path)]);
    return contains(folder, real) ? ok(real) : err(outside(path, use, folder, real));
  } catch (error) {
    return err(unreadable(path, use, error));
  }
}

function refused(path: string, use: string, refusal: Refusal): Problem {
  if (refusal.reason === 'system') return unreadable(path, use, refusal.cause);
  if (refusal.reason === 'permissions' || refusal.reason === 'owner') return exposed(path, use, refusal);
  return problem('secret-file-unreadable', `${use}: ${path} is not used.`, {
    why: refusal.why,
    nextSteps: ['Name a regular file that holds just the secret.'],
  });
}

function unreadable(path: string, use: string, error: unknown): Problem {
  const code = errorCode(error);
  const why = READ_FAULTS[code] ?? (code === '' ? String(error) : code);
  return problem('secret-file-unreadable', `${use}: ${path} cannot be read.`, {
    why,
    nextSteps: ['Check the path and its permissions.'],
  });
}

const READ_FAULTS: Partial<Record<string, string>> = {
  EACCES: 'Access is denied.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  ELOOP: 'Its symbolic links form a circle.',
};

function exposed(path: string, use: string, { reason, why }: Refusal): Problem {
  const command = reason === 'owner' ? 'chown "$(id -u)"' : 'chmod 600';
  return problem(
    `secret-file-${reason}`,
    `${use}: ${path} is open to other users of this machine, so it is not used.`,
    {
      why,
      nextSteps: [`Run \`${command} ${shellWord(path)}\`.`, 'If others could have read it, change the secret.'],
    },
  );
}

function outside(path: string, use: string, folder: string, real: string): Problem {
  return problem(
    'secret-file-outside',
    `${use}: ${path} leads out of the folder of the cluster file, so it is not used.`,
    {
      why: `It leads to ${real}, which is not inside ${folder}. A relative path stays inside, links included, so that a repository cannot choose another file.`,
      nextSteps: ['If you mean that file, write its absolute path, or one that begins with ~/, into the reference.'],
    },
  );
}

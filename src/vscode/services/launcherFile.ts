import { say } from '../../core/base/say';
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { LAUNCHER_MARK } from '../../core/authoring/launcher/launcherText';

/** Writes a launcher that anybody may run and only its owner may change, over an own one but over nothing else. */
export async function writeLauncher(path: string, text: string): Promise<Result<void, Problem>> {
  try {
    const present = await whose(path);
    if (present === 'foreign') return err(foreign(path));
    await mkdir(dirname(path), { recursive: true });
    // In one step: a shell may be reading the old one.
    const beside = `${path}.${process.pid}.new`;
    await writeFile(beside, text, { flag: 'wx', mode: 0o755 });
    await chmod(beside, 0o755);
    await rename(beside, path);
    return ok(undefined);
  } catch (error) {
    return err(failed(path, 'written', error));
  }
}

/** Takes an own launcher away; false when there is none. */
export async function removeLauncher(path: string): Promise<Result<boolean, Problem>> {
  try {
    const present = await whose(path);
    if (present === 'foreign') return err(foreign(path));
    if (present === 'own') await rm(path);
    return ok(present === 'own');
  } catch (error) {
    return err(failed(path, 'removed', error));
  }
}

async function whose(path: string): Promise<'nobody' | 'own' | 'foreign'> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return 'nobody';
  return found.isFile() && found.size < 10_000 && (await readFile(path, 'utf8')).includes(LAUNCHER_MARK)
    ? 'own'
    : 'foreign';
}

function foreign(path: string): Problem {
  return problem('launcher-foreign', say`${path} is another program, and was not touched.`, {
    nextSteps: [say`Move it away, then run the command again.`],
  });
}

function failed(path: string, what: string, error: unknown): Problem {
  return problem('launcher-failed', say`${path} could not be ${what}`, {
    why: error instanceof Error ? error.message : String(error),
    nextSteps: [say`Check who owns the folder, then run the command again.`],
  });
}

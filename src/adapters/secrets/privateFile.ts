import { open } from 'node:fs/promises';
import type { Problem } from '../../core/base/problem';
import { problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import { shellWord } from '../../core/k3s/shell';

const OTHERS = 0o066;

/**
 * Reads a file that holds a secret; `undefined` when it does not exist. Refuses one that other users of the machine can
 * read or write (Windows has no such bits and is not checked). `use` says in the problem what the file is for.
 */
export async function readPrivateFile(path: string, use: string): Promise<Result<string | undefined, Problem>> {
  try {
    const file = await open(path, 'r');
    try {
      // The open file is asked, so that nobody can swap it between question and reading.
      const { mode } = await file.stat();
      if (process.platform !== 'win32' && (mode & OTHERS) !== 0) return err(tooOpen(path, use, mode));
      return ok(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return ok(undefined);
    return err(problem('secret-file-unreadable', `${use}: ${path} cannot be read.`, { why: READ_FAULTS[String(code)] ?? String(code ?? error), nextSteps: ['Check the path and its permissions.'] }));
  }
}

const READ_FAULTS: Partial<Record<string, string>> = {
  EACCES: 'Access is denied.',
  EISDIR: 'It is a folder.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
};

function tooOpen(path: string, use: string, mode: number): Problem {
  return problem('secret-file-permissions', `${use}: ${path} is open to other users of this machine, so it is not used.`, {
    why: `Its permissions are ${(mode & 0o777).toString(8).padStart(4, '0')}; only the owner may have access.`,
    nextSteps: [`Run \`chmod 600 ${shellWord(path)}\`.`, 'If others could have read it, change the secret.'],
  });
}

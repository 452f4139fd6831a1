import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import { backupPath } from '../../core/kubeconfig/backupPath';
import type { MergeMode, MergeOptions } from '../../core/kubeconfig/merge';
import { merge } from '../../core/kubeconfig/merge';
import type { PreparedKubeconfig } from '../../core/kubeconfig/prepare';
import type { KubeconfigChange, SavedKubeconfig, Tightened } from '../../core/kubeconfig/saved';
import type { Files } from '../../engine/ports';
import { problemOf } from '../files/fileProblem';

const PRIVATE = 0o600;

interface SaveOptions extends MergeOptions {
  /** Writes down what changes, for who wants the file back as it was. */
  readonly remember?: (change: KubeconfigChange) => Promise<void>;
}

/**
 * Merges the access to a cluster into the kubeconfig at `path`. The file is locked meanwhile (kubectl respects the
 * lock), backed up beside itself when it changes, and replaced in one step. A file that others may read is made private
 * before the key gets in, also when it is in already. `now` is in milliseconds since 1970.
 */
export async function saveKubeconfig(
  files: Files,
  path: string,
  prepared: PreparedKubeconfig,
  mode: MergeMode,
  now: number,
  options: SaveOptions = {},
): Promise<Result<SavedKubeconfig, Problem>> {
  try {
    return await files.withLock(path, () => save(files, path, prepared, mode, now, options));
  } catch (error) {
    return err(problemOf(error));
  }
}

async function save(
  files: Files,
  path: string,
  prepared: PreparedKubeconfig,
  mode: MergeMode,
  now: number,
  options: SaveOptions,
): Promise<Result<SavedKubeconfig, Problem>> {
  const before = await files.read(path);
  const merged = merge(before, prepared, mode, options);
  if (!merged.ok) return merged;
  const { text, contextName } = merged.value;
  const modes = await files.tighten(path);
  const tightened =
    modes === undefined ? {} : { tightened: { from: octal(modes.from), to: octal(modes.to) } satisfies Tightened };
  if (text === before) return ok({ path, contextName, change: 'unchanged', ...tightened });
  const backup = before === undefined ? undefined : await backUp(files, path, before, now);
  // Before the file changes: a disk that is full then leaves it as it was.
  await options.remember?.({ path, backup, before, after: text });
  await files.writeAtomic(path, text, PRIVATE);
  return ok(
    backup === undefined
      ? { path, contextName, change: 'created', ...tightened }
      : { path, contextName, change: 'updated', backup, ...tightened },
  );
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

async function backUp(files: Files, path: string, text: string, now: number): Promise<string> {
  for (let number = 1; ; number++) {
    const backup = backupPath(path, now, number);
    if ((await files.read(backup)) !== undefined) continue;
    await files.writeAtomic(backup, text, PRIVATE);
    return backup;
  }
}

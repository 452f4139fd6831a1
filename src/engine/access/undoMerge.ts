import { problem, problemIn, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { say } from '../../core/base/say';
import type { KubeconfigChange } from '../../core/kubeconfig/saved';
import type { Sha256 } from '../planning/sha256';
import type { Files } from '../ports';

interface UndoDependencies {
  readonly files: Files;
  readonly sha256: Sha256;
}

/** A merge as it is written down: no text of a kubeconfig, which holds keys. */
interface MergeRecord {
  readonly path: string;
  readonly after: string;
  readonly backup?: { readonly path: string; readonly sha256: string };
}

/** What undoing a merge did. */
export interface UndoneMerge {
  readonly path: string;
  /** Where the file came back from; undefined when the merge had made it, and it holds no access any more. */
  readonly backup?: string;
}

const PRIVATE = 0o600;

/** A kubeconfig without any access, as kubectl reads it. */
const EMPTY =
  'apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\ncurrent-context: ""\npreferences: {}\n';

/** Writes down at `recordPath` what a merge did, in place of the one before. */
export async function rememberMerge(
  recordPath: string,
  { path, backup, before, after }: KubeconfigChange,
  { files, sha256 }: UndoDependencies,
): Promise<void> {
  const record: MergeRecord = {
    path,
    after: sha256(after),
    ...(backup === undefined || before === undefined ? {} : { backup: { path: backup, sha256: sha256(before) } }),
  };
  await write(files, recordPath, record);
}

/**
 * Puts a kubeconfig back to what it was before the merge that `recordPath` tells of: only while it is what that merge made of it,
 * and from the very copy that the merge kept. A second time there is nothing to undo.
 */
export async function undoMerge(
  recordPath: string,
  { files, sha256 }: UndoDependencies,
): Promise<Result<UndoneMerge, Problem>> {
  try {
    const record = parse(await files.read(recordPath));
    if (record === undefined) return err(NOTHING());
    const { path, backup } = record;
    return await files.withLock(path, async () => {
      const now = await files.read(path);
      if (now === undefined || sha256(now) !== record.after) return err(changed(path, backup?.path));
      const before = backup === undefined ? EMPTY : await files.read(backup.path);
      if (backup !== undefined && (before === undefined || sha256(before) !== backup.sha256))
        return err(copyChanged(path, backup.path));
      await files.writeAtomic(path, before ?? EMPTY, PRIVATE);
      await write(files, recordPath, undefined);
      return ok({ path, ...(backup === undefined ? {} : { backup: backup.path }) });
    });
  } catch (error) {
    const known = problemIn(error);
    if (known === undefined) throw error;
    return err(known);
  }
}

/** What was put back, in a sentence. */
export function undoneWords({ path, backup }: UndoneMerge): string {
  return backup === undefined
    ? say`${path} holds no access any more: the merge had made this file.`
    : say`${path} is as it was before the merge, from ${backup}.`;
}

async function write(files: Files, path: string, merge: MergeRecord | undefined): Promise<void> {
  await files.writeAtomic(path, `${JSON.stringify({ version: 1, merge }, undefined, 2)}\n`, PRIVATE);
}

/** A record that cannot be understood counts as none. */
function parse(text: string | undefined): MergeRecord | undefined {
  try {
    const { version, merge } = JSON.parse(text ?? '{}') as { version?: unknown; merge?: Partial<MergeRecord> };
    if (version !== 1 || typeof merge?.path !== 'string' || typeof merge.after !== 'string') return undefined;
    const { path, after, backup } = merge;
    if (backup === undefined) return { path, after };
    return typeof backup.path === 'string' && typeof backup.sha256 === 'string' ? { path, after, backup } : undefined;
  } catch {
    return undefined;
  }
}

const NOTHING = (): Problem =>
  problem('merge-unknown', say`There is no merge of this cluster file to undo`, {
    why: say`K3s HA has merged no kubeconfig for it here, or that merge is undone already.`,
    nextSteps: [
      say`See "kubectl config get-contexts", and take out what you do not want with "kubectl config delete-context".`,
    ],
  });

const changed = (path: string, backup: string | undefined): Problem =>
  problem('merge-changed', say`${path} was left as it is: it has changed since the merge`, {
    why: say`Putting it back would take what was changed since then away, too.`,
    nextSteps: [
      backup === undefined
        ? say`The merge had made this file: take the access out with "kubectl config delete-context".`
        : say`Compare it with the file as it was before the merge: ${backup}`,
    ],
  });

const copyChanged = (path: string, backup: string): Problem =>
  problem('merge-copy', say`${path} was left as it is: the copy from before the merge is gone or has changed`, {
    why: say`The copy was ${backup}.`,
    nextSteps: [say`Take the access out with "kubectl config delete-context".`],
  });

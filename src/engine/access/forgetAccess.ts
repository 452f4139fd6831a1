import { problemIn, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { backupPath } from '../../core/kubeconfig/backupPath';
import { withoutAccess } from '../../core/kubeconfig/forget';
import type { ForgottenAccess } from '../../core/kubeconfig/forgotten';
import type { Sha256 } from '../planning/sha256';
import type { Clock, Files, KubeconfigPlace } from '../ports';

interface ForgetDependencies {
  readonly files: Files;
  readonly sha256: Sha256;
  readonly clock: Clock;
}

const PRIVATE = 0o600;

/**
 * Takes the access to a cluster out of the person's own kubeconfigs, by the sha256 of its authority, which nobody else has: other
 * clusters of the same name or address stay. Each file is locked meanwhile, and copied before it changes.
 */
export async function forgetAccess(
  authority: string,
  places: readonly KubeconfigPlace[],
  deps: ForgetDependencies,
): Promise<Result<readonly ForgottenAccess[], Problem>> {
  const found: ForgottenAccess[] = [];
  try {
    for (const { path } of places.filter(({ origin }) => origin === 'own')) {
      if ((await deps.files.read(path)) === undefined) continue;
      const forgotten = await deps.files.withLock(path, () => forgetIn(path, authority, deps));
      if (!forgotten.ok) return forgotten;
      if (forgotten.value !== undefined) found.push(forgotten.value);
    }
    return ok(found);
  } catch (error) {
    const known = problemIn(error);
    if (known === undefined) throw error;
    return err(known);
  }
}

async function forgetIn(
  path: string,
  authority: string,
  { files, sha256, clock }: ForgetDependencies,
): Promise<Result<ForgottenAccess | undefined, Problem>> {
  const before = await files.read(path);
  const without = before === undefined ? ok(undefined) : withoutAccess(before, (pem) => sha256(pem) === authority);
  if (!without.ok) return err({ ...without.error, message: `${path}: ${without.error.message}` });
  if (before === undefined || without.value === undefined) return ok(undefined);
  const { text, ...gone } = without.value;
  const backup = await freePath(files, path, clock.now());
  await files.writeAtomic(backup, before, PRIVATE);
  await files.writeAtomic(path, text, PRIVATE);
  return ok({ ...gone, path, backup });
}

async function freePath(files: Files, path: string, now: number): Promise<string> {
  for (let number = 1; ; number++) {
    const backup = backupPath(path, now, number);
    if ((await files.read(backup)) === undefined) return backup;
  }
}

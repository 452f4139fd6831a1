import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';
import { proveSnapshot as prove } from '../../core/remote/proveSnapshot';
import { discardFile } from '../../core/remote/discardFile';
import type { SnapshotExpectation } from '../../core/remote/snapshotProof';
import { defineStep, ended } from './step';

/**
 * Proves that the cluster can be restored from a snapshot on the disk of a server, before anything is stopped for it. One that was
 * sent for this, with the sha256 `sent`, and is of no use goes away again: by its name it would be taken for a good one.
 */
export const proveSnapshot = defineStep<SnapshotExpectation & { readonly path: string; readonly sent?: string }>({
  kind: 'prove-snapshot',
  phase: 'check',
  estimateMs: 2000,
  says: ({ path }) => ({
    title: say`Prove that the cluster can be restored from ${path}`,
    doing: say`proving the snapshot`,
    counted: '',
  }),
  run: async ({ path, sent, ...expected }, at) => {
    const proved = await at.on(at.machine, prove(path, expected));
    if (proved.kind === 'done') at.progress(`${path}: ${megabytes(proved.value.size)}, sha256 ${proved.value.sha256}`);
    if (proved.kind === 'failed' && proved.problem.code === 'snapshot-unusable' && sent !== undefined)
      await at.on(at.machine, discardFile(path, sent));
    return ended(proved);
  },
});

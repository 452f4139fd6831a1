import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';
import { fileSha256 } from '../../core/remote/fileSha256';
import { uploadFile } from '../../core/remote/upload';
import { defineStep, ended } from './step';

interface SentSnapshot {
  /** Of this computer. */
  readonly copy: string;
  /** The address in S3 that this computer has it from. */
  readonly from?: string;
  /** On the server. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Puts a snapshot of this computer where a server keeps its own, exactly the bytes that were seen when the plan was made. */
export const sendSnapshot = defineStep<SentSnapshot>({
  kind: 'send-snapshot',
  phase: 'stage',
  estimateMs: 10_000,
  says: ({ copy, from, path, size, sha256 }) => {
    const what = from === undefined ? say`${copy} of this computer` : say`what this computer got from ${from}`;
    return {
      title: say`Send ${what} (${megabytes(size)}, sha256 ${sha256.slice(0, 12)}…) and keep it as ${path} (0600)`,
      doing: say`sending the snapshot`,
      counted: '',
    };
  },
  run: async ({ copy, path, sha256 }, at) => {
    const there = await at.on(at.machine, fileSha256(path));
    if (there.kind !== 'done') return ended(there);
    if (there.value?.sha256 === sha256) return { kind: 'done' };
    const read = await at.readHere(copy, sha256);
    if (!read.ok) return { kind: 'failed', problem: read.error };
    return ended(await at.on(at.machine, uploadFile(path, '0600', read.value)));
  },
});

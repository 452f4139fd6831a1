import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';
import type { MeantSnapshot } from '../snapshots/copiedSnapshot';
import { defineStep, type StepContext } from './step';

export interface KeptSnapshot {
  readonly snapshot: MeantSnapshot;
  /** Of this computer. */
  readonly folder: string;
}

/**
 * Copies a snapshot to this computer and proves it by every byte that came. What stands behind it cannot be undone without a
 * snapshot, and the servers on which it lies are those that are changed.
 */
export const keepSnapshot = defineStep<KeptSnapshot>({
  kind: 'keep-snapshot',
  phase: 'check',
  estimateMs: 10_000,
  says: ({ snapshot, folder }) => ({
    title: say`Copy ${'name' in snapshot ? snapshot.name : say`the snapshot ${snapshot.base}-…`} to ${folder} on this computer and prove that every byte has come`,
    doing: say`copying the snapshot to this computer`,
    counted: '',
  }),
  run: async ({ snapshot, folder }, at) => {
    const onReceived = receivedWords(at);
    const copied = await at.copyHere({ snapshot, folder, from: at.machine.id, onReceived });
    if (!copied.ok) return { kind: 'failed', problem: { host: at.machine.id, ...copied.error } };
    const { path, sheet } = copied.value;
    at.progress(
      say`${path} is here: ${megabytes(sheet.size)}, sha256 ${sheet.sha256}; the token of the cluster opens it${sheet.token === undefined ? '' : ` (${sheet.token})`}`,
    );
    return { kind: 'done' };
  },
});

/** How far it is, a tenth at a time. */
function receivedWords(at: StepContext): (bytes: number, size: number) => void {
  let told = 0;
  return (bytes, size) => {
    const tenth = Math.floor((10 * bytes) / size);
    if (tenth === told) return;
    told = tenth;
    at.progress(say`${megabytes(bytes)} of ${megabytes(size)} have come`);
  };
}

import { say } from '../../core/base/say';
import { count } from '../../core/base/words';
import { dataDir } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';
import type { StepOutcome } from '../../core/plan/step';
import { nodeImages } from '../../core/remote/nodeImages';
import { imagesCause, lackingWords } from '../planning/airgapImages';
import { defineStep, ended, stepFailed, type StepContext } from './step';

const PAUSE_MS = 1000;

/**
 * Waits until K3s has imported its images behind an air gap: each has to be there, and pinned, for kubelet deletes others.
 * Servers are ready while they still import.
 */
export const awaitImages = defineStep<{ readonly images: number }>({
  kind: 'await-images',
  phase: 'wait',
  estimateMs: 15_000,
  says: ({ images }) => ({
    title: say`Wait until the ${count(images, 'image')} of K3s are there and pinned`,
    doing: say`waiting for the images of K3s`,
    counted: '',
  }),
  run: waitForImages,
});

async function waitForImages(_: object, at: StepContext): Promise<StepOutcome> {
  const node = at.node(at.machine.id);
  const names = at.content(node.id).images;
  const command = nodeImages(dataDir(at.cluster, node), unitOf(node), names);
  const deadline = at.clock.now() + at.startTimeoutMs;
  let imported = false;
  for (;;) {
    const seen = await at.on(node, command);
    const over = at.clock.now() > deadline;
    // containerd is started after K3s is, so that at first it may not answer.
    const cancelled = seen.kind === 'failed' && seen.problem.code === 'remote-cancelled';
    if (seen.kind === 'unknown' || (seen.kind === 'failed' && (over || cancelled))) return ended(seen);
    if (seen.kind === 'done') {
      const { missing, loose } = seen.value;
      const lacking = missing.length + loose.length;
      if (lacking === 0) return { kind: 'done' };
      // The list was made before the journal was read, so that only the second look counts.
      if (over || (imported && seen.value.over)) {
        return stepFailed('images-lacking', node, `On ${node.id} ${lackingWords(seen.value)}`, {
          why: imagesCause(seen.value),
          nextSteps: [
            say`Check that the archive of images in the folder of the air gap is that of the release, and that the disk there has room.`,
            say`Run again: K3s imports its images at each start.`,
          ],
        });
      }
      imported = seen.value.over;
      at.progress(say`${names.length - lacking} of ${count(names.length, 'image')} there and pinned`);
    }
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}

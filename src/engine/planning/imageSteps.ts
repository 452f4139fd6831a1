import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { Step } from '../../core/plan/step';
import { awaitImages } from '../steps/awaitImages';
import { dropImageCache } from '../steps/dropImageCache';
import type { Situation } from './situation';

/** What stands behind every start of K3s on a node that imports its images behind an air gap. */
export function imageSteps({ desired }: Situation, node: ClusterNode): readonly Step[] {
  const images = desired.get(node.id)?.images.length ?? 0;
  return images === 0 ? [] : [awaitImages.step(node, { images }, say`nothing else brings them behind an air gap`)];
}

/** What has to be gone before the next start of K3s on a node, so that it imports all of its images. */
export function imageCacheSteps(node: ClusterNode, reason: string | undefined): readonly Step[] {
  return reason === undefined ? [] : [dropImageCache.step(node, {}, reason)];
}

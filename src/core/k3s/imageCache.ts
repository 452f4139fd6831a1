import { hasReached } from './versionGate';

/** The first releases whose K3s keeps images pinned that it does not import again. https://github.com/k3s-io/k3s/issues/14265 */
const KEEPING = ['v1.33.14+k3s1', 'v1.34.10+k3s1', 'v1.35.7+k3s1', 'v1.36.3+k3s1'];

/** Beside the archives of images: where it is, K3s imports only those that have changed. https://docs.k3s.io/installation/airgap */
export const IMAGE_CACHE = '.cache.json';

/** Whether images stay pinned where {@link IMAGE_CACHE} is; older releases take the labels away, and kubelet deletes the images. */
export function cacheKeepsPins(version: string | undefined): boolean {
  return hasReached(version, KEEPING);
}

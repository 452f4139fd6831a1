import { err, ok } from '../base/result';
import { IMAGE_CACHE } from '../k3s/imageCache';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: data-dir. Without the file K3s imports every archive at each start. */
export const DROP_IMAGE_CACHE_SCRIPT: RemoteScript = {
  id: 'drop-image-cache',
  text: `rm -f "$1/agent/images/${IMAGE_CACHE}"`,
};

/** Has K3s import its images anew at every start of it. */
export function dropImageCache(dataDir: string): RemoteCommand<void> {
  return {
    script: DROP_IMAGE_CACHE_SCRIPT,
    args: [dataDir],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('image-cache-stays', `${IMAGE_CACHE} could not be removed`, output)),
  };
}

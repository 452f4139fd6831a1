import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { IMAGE_CACHE } from '../../core/k3s/imageCache';
import { dropImageCache as drop } from '../../core/remote/dropImageCache';
import { defineStep, ended } from './step';

/** Takes the list away by which K3s passes over archives of images that it knows. */
export const dropImageCache = defineStep<object>({
  kind: 'drop-image-cache',
  phase: 'stage',
  estimateMs: 200,
  says: () => ({
    title: say`Remove ${IMAGE_CACHE} beside the archives of images`,
    doing: say`removing ${IMAGE_CACHE}`,
    counted: say`remove ${IMAGE_CACHE} on`,
  }),
  run: async (_, at) => ended(await at.on(at.machine, drop(dataDir(at.cluster, at.node(at.machine.id))))),
});

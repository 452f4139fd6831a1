import { complete } from '../../core/language/complete';
import { hover } from '../../core/language/hover';
import { applyFix } from '../commands/applyFix';
import { newCluster } from '../commands/newCluster';
import * as loadedViews from '../loadedViews';
import { exportTopology } from '../topology/exportTopology';

/** Takes the place of `lazy.ts`: a browser gets one bundle, with what needs no machine. */
export function loadLater() {
  return { applyFix, complete, exportTopology, hover, newCluster };
}

/** Takes the place of `lazyViews.ts`. */
export function loadViews(): typeof loadedViews {
  return loadedViews;
}

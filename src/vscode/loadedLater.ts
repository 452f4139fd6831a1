/** What of the extension is loaded by the first command or view that needs it, as a bundle of its own; see `lazy.ts`. */
export { connectCluster } from '../engine/access/connectCluster';
export { createOperations } from './operations/operations';

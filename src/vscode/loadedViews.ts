/** What explorer and diagram are made of, as a bundle of its own that the first of them loads; see `lazy.ts`. */
export { attentionCount } from '../views/attention';
export { clusterRow } from '../views/explorer';
export { rowChanges } from '../views/rowChanges';
export { servePanel } from './topology/panel';

/** What watches a running cluster, as a bundle of its own that the first view of one loads; see `lazy.ts`. */
export { createLiveMarks } from './clusters/liveMarks';
export { watchCluster } from './clusters/watchCluster';

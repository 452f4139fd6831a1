/** What watches a running cluster, as a bundle of its own that the first view of one loads; see `lazy.ts`. */
export { watchCluster } from './clusters/watchCluster';

import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'plan';

/** Rendering, hashing and comparing for fresh hosts, without the time on the network. */
export async function run() {
  const { planFor, freshFacts, normalise, parseDocument } = await fromSource(
    'plan',
    `
    export { planFor, freshFacts } from './test/support/plans';
    export { normalise } from './src/core/cluster/normalise';
    export { parseDocument } from './src/core/document/parse';`,
  );
  const rows = [];
  for (const hosts of [10, 100, 1000]) {
    const cluster = normalise(parseDocument(clusterText(hosts - 3)).data);
    const facts = freshFacts(cluster);
    const { p50, p95, runs } = await sample(() => planFor(cluster, facts), hosts > 100 ? 10 : 30);
    rows.push({
      what: `${hosts} fresh hosts`,
      value: p50.toFixed(2),
      unit: 'ms',
      note: `p95 ${p95.toFixed(2)} of ${runs}, ${planFor(cluster, facts).steps.length} steps`,
    });
  }
  return rows;
}

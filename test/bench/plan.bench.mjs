import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'plan';

/**
 * Rendering, hashing and comparing, without the time on the network: for hosts on which nothing is, for hosts that are as
 * the file says, and for those where every configuration differs. Each plan is made of a new look at the hosts.
 */
export async function run() {
  const { planFor, freshFacts, provisionedFacts, apiNode, nodeHealth, nodesOf, normalise, parseDocument } =
    await fromSource(
      'plan',
      `
    export { planFor, freshFacts, provisionedFacts } from './test/support/plans';
    export { apiNode } from './test/unit/health/nodes';
    export { nodeHealth } from './src/core/health/nodeHealth';
    export { nodesOf } from './src/core/cluster/roles';
    export { normalise } from './src/core/cluster/normalise';
    export { parseDocument } from './src/core/document/parse';`,
    );
  const read = (text) => normalise(parseDocument(text).data);
  const rows = [];
  for (const hosts of [10, 100, 1000]) {
    const text = clusterText(hosts - 3);
    const cluster = read(text);
    const other = read(
      text.replaceAll('tls-san', 'debug: true\n    tls-san').replace('agents:', 'agents:\n  config: { debug: true }'),
    );
    const there = provisionedFacts(cluster);
    const nodes = nodesOf(cluster).map(({ id, address }) => nodeHealth(apiNode({ name: id, ip: address }), Date.now()));
    const live = { live: { through: 'server-1', nodes } };
    const cases = [
      ['fresh', cluster, freshFacts(cluster), {}],
      ['provisioned', cluster, there, live],
      ['changed', other, there, live],
    ];
    for (const [what, wanted, facts, more] of cases) {
      const runs = hosts > 100 ? 20 : 30;
      const looks = Array.from({ length: runs + 6 }, () => new Map([...facts].map(([id, seen]) => [id, { ...seen }])));
      let plan;
      const { p50, p95 } = await sample(() => {
        plan = planFor(wanted, looks.pop(), more);
      }, runs);
      if (plan.problems.length > 0) throw new Error(plan.problems[0].message);
      if (what === 'provisioned' && plan.steps.length > 0) throw new Error('hosts that are as wanted get steps');
      rows.push({
        what: `${hosts} ${what} hosts`,
        value: p50.toFixed(2),
        unit: 'ms',
        note: `p95 ${p95.toFixed(2)} of ${runs}, ${plan.steps.length} steps`,
      });
    }
  }
  return rows;
}

import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'workloads';

/** Milliseconds in which every node and every zone of a large cluster is judged, on an idle machine. */
const TARGET = 100;

/** 5,000 pods on 100 nodes in three zones, read anew for each run, so that nothing is remembered. */
export async function run() {
  const { judgeWorkloads, seen, node, pod, normalise, parseDocument } = await fromSource(
    'workloads',
    `
    export { judgeWorkloads } from './src/core/workloads/judgeWorkloads';
    export { seen, node, pod } from './test/unit/workloads/objects';
    export { normalise } from './src/core/cluster/normalise';
    export { parseDocument } from './src/core/document/parse';`,
  );
  const cluster = normalise(parseDocument(clusterText(97)).data);
  const machines = [...cluster.servers, ...cluster.agents];
  const nodes = machines.map(({ id, address }) => node(id, address));
  const pods = Array.from({ length: 5000 }, (_, i) => pod(`app-${i % 1200}`, machines[(i * 7) % machines.length].id));
  const looks = Array.from({ length: 26 }, () => seen({ nodes, pods }));
  let failures = 0;
  const { p50, p95, runs } = await sample(() => {
    const { seen: read, live } = looks.pop();
    failures = judgeWorkloads(cluster, read, live).failures.length;
  }, 20);
  return [
    {
      what: `5,000 pods, ${failures} failures`,
      value: p50.toFixed(1),
      unit: 'ms',
      note: `p95 ${p95.toFixed(1)} of ${runs}${p50 > TARGET ? `, MISSED ${TARGET}` : `, target ${TARGET}`}`,
    },
  ];
}

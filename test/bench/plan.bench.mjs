import { createHash } from 'node:crypto';
import { clusterText, fromSource, sample } from './source.mjs';

export const name = 'plan';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Rendering, hashing and comparing for fresh hosts, without the time on the network. */
export async function run() {
  const { buildPlan, desiredNodes, normalise, parseDocument } = await fromSource(
    'plan',
    `
    export { buildPlan } from './src/engine/operations/provision';
    export { desiredNodes } from './src/engine/planning/desired';
    export { normalise } from './src/core/cluster/normalise';
    export { parseDocument } from './src/core/document/parse';`,
  );
  const secrets = { text: (written) => written, masks: [] };
  const rows = [];
  for (const hosts of [10, 100, 1000]) {
    const cluster = normalise(parseDocument(clusterText(hosts - 3)).data);
    const facts = new Map([...cluster.servers, ...cluster.agents].map((node) => [node.id, fresh(node)]));
    const { p50, p95, runs } = await sample(
      () => buildPlan(cluster, facts, desiredNodes(cluster, secrets, sha256)),
      hosts > 100 ? 10 : 30,
    );
    rows.push({
      what: `${hosts} fresh hosts`,
      value: p50.toFixed(2),
      unit: 'ms',
      note: `p95 ${p95.toFixed(2)} of ${runs}, ${buildPlan(cluster, facts, desiredNodes(cluster, secrets, sha256)).steps.length} steps`,
    });
  }
  return rows;
}

function fresh(node) {
  return {
    arch: 'x86_64',
    os: 'Debian',
    hostname: node.id,
    bootId: node.id,
    time: 0,
    init: 'systemd',
    cpus: 4,
    memoryKiB: 4e6,
    diskFreeKiB: 2e7,
    addresses: [],
    defaultRoute: true,
    listeningPorts: [22],
    memoryCgroup: true,
    firewall: 'none',
    units: {},
    restartPending: false,
    etcdData: false,
    sqliteData: false,
    serverToken: false,
    certificateNames: [],
  };
}

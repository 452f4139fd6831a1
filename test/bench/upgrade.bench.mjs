import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPracticeFleet } from '../../scripts/lib/practiceFleet.mjs';
import { benchFile } from './benchFile.mjs';
import { practiceHosts } from './practiceHosts.mjs';
import { fromSource } from './source.mjs';

export const name = 'upgrade (3 servers and 50 agents, simulated hosts in a process of their own)';

/** As many hosts at the same time as by default. */
const PARALLEL = 50;
const [SERVERS, AGENTS, NETWORK, SCALE] = [3, 50, 84, 0.2];
const BEFORE = 'v1.36.3+k3s1';
const AFTER = 'v1.36.4+k3s1';

/** Wall time of an upgrade against what its schedule needed at best, and what a client met through the load balancer meanwhile. */
export async function run() {
  const lib = await fromSource(
    'upgrade',
    `
    export { createSshHosts } from './src/adapters/ssh/hosts';
    export { createClusterApi } from './src/adapters/kubernetes/api';
    export { fetchKubeconfig } from './src/engine/access/fetchKubeconfig';
    export { startClient } from './test/support/steadyClient';
    export { createCliSecrets } from './src/adapters/secrets/cliSecrets';
    export { agreedDoor } from './test/support/agreedDoor';
    export { createFiles } from './src/adapters/files/files';
    export { systemClock } from './src/adapters/system/clock';
    export { sha256 } from './src/adapters/system/sha256';
    export { parseDocument } from './src/core/document/parse';
    export { normalise } from './src/core/cluster/normalise';
    export { timingsOf } from './src/core/plan/timings';
    export { timingsText } from './src/core/plan/timingsText';
    export { preparePlan } from './src/engine/run/prepare';
    export { runOperation } from './src/engine/run/runOperation';
    export { OPERATOR } from './test/support/operator';
    export { unreachableScripts } from './test/support/installScripts';`,
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-bench-'));
  const text = benchFile({ servers: SERVERS, agents: AGENTS, network: NETWORK, version: BEFORE }).replace(
    /^loadBalancer: \{(address: .*)\}$/m,
    `loadBalancer: {type: haproxy, $1, nodes: [{host: 127.${NETWORK}.0.5, name: lb-1}]}`,
  );
  const clusterFile = path.join(folder, 'cluster.k3s.yaml');
  writeFileSync(clusterFile, text);
  const fleet = await startPracticeFleet({ file: clusterFile, timeScale: SCALE });
  cpSync(path.join(folder, '.practice', 'known_hosts'), path.join(folder, '.ssh', 'known_hosts'));
  const { log, secrets, hosts } = practiceHosts(lib, folder);
  const deps = { hosts, secrets, sha256: lib.sha256, clock: lib.systemClock, parallel: PARALLEL };
  const apply = async (version) => {
    const spec = lib.normalise(lib.parseDocument(text.replace(BEFORE, version)).data);
    const prepared = await lib.preparePlan(spec, { ...deps, scripts: lib.unreachableScripts });
    if (prepared.plan.problems.length > 0) throw new Error(JSON.stringify(prepared.plan.problems));
    const report = await lib.runOperation(
      prepared,
      spec,
      {
        ...deps,
        operator: lib.OPERATOR,
        files: lib.createFiles({ followLinks: () => true }),
        log,
        startTimeoutMs: 60_000,
        journalPath: path.join(folder, 'journal'),
        recordsPath: path.join(folder, 'records'),
        fileVersion: { name: 'bench.k3s.yaml', sha256: 'f11e' },
      },
      log.debug,
      new AbortController().signal,
    );
    if (report.result !== 'done') throw new Error(JSON.stringify(report.problems));
    return { spec, timings: lib.timingsOf(prepared.plan.steps, report, PARALLEL) };
  };
  try {
    const { spec } = await apply(BEFORE);
    const fetched = await lib.fetchKubeconfig(spec, hosts, lib.createClusterApi({ log }));
    if (!fetched.ok) throw new Error(fetched.error.message);
    const client = lib.startClient(fetched.value.prepared.text);
    const { timings } = await apply(AFTER);
    await client.steady(30);
    const seen = await client.stop();
    console.log(`\n${lib.timingsText(timings).join('\n')}`);
    return [
      {
        what: 'upgrade: wall time against its lower bound',
        value: (timings.stepsMs / timings.boundMs).toFixed(3),
        unit: 'times',
        note: `${(timings.stepsMs / 1000).toFixed(1)} s of ${(timings.boundMs / 1000).toFixed(1)} s, time times ${SCALE}; 1.1 at most is wanted`,
      },
      {
        what: 'upgrade: failed requests through the load balancer',
        value: String(seen.failed.length),
        unit: `of ${seen.requests}`,
        note: `one each 100 ms; longest gap ${seen.longestGapMs.toFixed(0)} ms${seen.failed[0] === undefined ? '' : `; the first: ${JSON.stringify(seen.failed[0]).slice(0, 80)}`}`,
      },
    ];
  } finally {
    await hosts.dispose();
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

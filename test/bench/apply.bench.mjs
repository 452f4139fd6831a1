import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromSource, sample } from './source.mjs';

export const name = 'practice fleet (simulated hosts, ten times faster)';

const TIME_SCALE = 0.1;

/** Wall time of whole runs against the longest chain of their own steps: what is above 1 is ours. */
export async function run() {
  const lib = await fromSource(
    'apply',
    `
    export { createSshHosts } from './src/adapters/ssh/hosts';
    export { createCliSecrets } from './src/adapters/secrets/cliSecrets';
    export { agreedDoor } from './test/support/agreedDoor';
    export { createFiles } from './src/adapters/files/files';
    export { systemClock } from './src/adapters/system/clock';
    export { sha256 } from './src/adapters/system/sha256';
    export { parseDocument } from './src/core/document/parse';
    export { normalise } from './src/core/cluster/normalise';
    export { lowerBound } from './src/core/plan/order';
    export { preparePlan } from './src/engine/run/prepare';
    export { runOperation } from './src/engine/run/runOperation';
    export { OPERATOR } from './test/support/operator';
    export { target } from './src/engine/hosts/targets';
    export { apiReady } from './src/core/remote/kubectl';
    export { planFleet, startFleet } from './src/practice/fleet';`,
  );
  return [...(await cluster(lib, 3, 2, 81)), ...(await cluster(lib, 3, 20, 82))];
}

async function cluster(lib, servers, agents, network) {
  const folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-bench-'));
  const text = file(servers, agents, network);
  const spec = lib.normalise(lib.parseDocument(text).data);
  const fleet = await lib.startFleet({ ...lib.planFleet(spec), directory: folder, timeScale: TIME_SCALE });
  cpSync(path.join(folder, '.practice', 'known_hosts'), path.join(folder, '.ssh', 'known_hosts'));
  const quiet = () => undefined;
  const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const secrets = lib.agreedDoor(lib.createCliSecrets({ baseDir: folder, env: {}, file: path.join(folder, 'none') }));
  const hosts = lib.createSshHosts({
    secrets,
    prompter: { confirmHostKey: async () => 'reject', askSecret: async () => undefined },
    log,
    baseDir: folder,
    homeDir: folder,
    env: {},
  });
  const plan = () =>
    lib.preparePlan(spec, { hosts, secrets, clock: lib.systemClock, sha256: lib.sha256, parallel: 50 });
  const label = `${servers} servers, ${agents} agents`;
  try {
    const started = performance.now();
    const prepared = await plan();
    const planned = performance.now() - started;
    const report = await lib.runOperation(
      prepared,
      spec,
      {
        hosts,
        secrets,
        sha256: lib.sha256,
        operator: lib.OPERATOR,
        clock: lib.systemClock,
        files: lib.createFiles({ followLinks: () => true }),
        log,
        parallel: 50,
        startTimeoutMs: 60_000,
        journalPath: path.join(folder, 'journal'),
      },
      quiet,
      new AbortController().signal,
    );
    if (report.result !== 'done') throw new Error(report.problems.map((problem) => problem.message).join('; '));
    const bound = lib.lowerBound(prepared.plan.steps, report.durations);
    const again = performance.now();
    const { steps } = (await plan()).plan;
    const unchanged = performance.now() - again;
    if (steps.length > 0) throw new Error('the second plan is not empty');
    const trip = await sample(() => hosts.run(lib.target(spec.servers[0]), lib.apiReady()), 100);
    return [
      {
        what: `${label}: first look at all hosts`,
        value: planned.toFixed(0),
        unit: 'ms',
        note: 'connect, log in, probe, plan',
      },
      {
        what: `${label}: apply`,
        value: (report.wallMs / 1000).toFixed(2),
        unit: 's',
        note: `${(report.wallMs / bound).toFixed(3)} times the longest chain of its steps`,
      },
      { what: `${label}: second run`, value: unchanged.toFixed(0), unit: 'ms', note: 'no step, nothing restarted' },
      {
        what: `${label}: command on an open connection`,
        value: trip.p50.toFixed(2),
        unit: 'ms',
        note: `p95 ${trip.p95.toFixed(2)} of ${trip.runs}`,
      },
    ];
  } finally {
    await hosts.dispose();
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function file(servers, agents, network) {
  const address = (last) => `127.${network}.0.${last}`;
  const nodes = (role, count, first) =>
    Array.from({ length: count }, (_, i) => `    - {host: ${address(first + i)}, name: ${role}-${i + 1}}\n`).join('');
  return `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: bench}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: ${address(100)}}
datastore: {type: embedded-etcd}
token: \${file:.practice/token}
ssh: {user: practice, port: 2222, identityFile: .practice/id_ed25519, knownHostsFile: .practice/known_hosts}
servers:
  config: {tls-san: [${address(100)}]}
  nodes:
${nodes('server', servers, 11)}agents:
  nodes:
${nodes('agent', agents, 21)}`;
}

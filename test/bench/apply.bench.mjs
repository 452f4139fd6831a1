import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPracticeFleet } from '../../scripts/lib/practiceFleet.mjs';
import { benchFile } from './benchFile.mjs';
import { practiceHosts } from './practiceHosts.mjs';
import { fromSource, sample } from './source.mjs';

export const name = 'practice fleet (simulated hosts in a process of their own)';

/** As many hosts at the same time as by default. */
const PARALLEL = 50;

/** Wall time of whole runs against what their hosts needed at best, measured in the same run: what is above 1 is ours. */
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
    export { timingsOf } from './src/core/plan/timings';
    export { timingsText } from './src/core/plan/timingsText';
    export { preparePlan } from './src/engine/run/prepare';
    export { runOperation } from './src/engine/run/runOperation';
    export { OPERATOR } from './test/support/operator';
    export { unreachableScripts } from './test/support/installScripts';
    export { target } from './src/engine/hosts/targets';
    export { apiReady } from './src/core/remote/kubectl';`,
  );
  // Many simulated hosts need the two cores themselves, so time is not made faster for them.
  return [
    ...(await cluster(lib, { agents: 2, network: 81, timeScale: 0.1 })),
    ...(await cluster(lib, { agents: 20, network: 82, timeScale: 0.1 })),
    ...(await cluster(lib, { agents: 500, network: 83, timeScale: 1 })),
  ];
}

async function cluster(lib, { agents, network, timeScale }) {
  const servers = 3;
  const folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-bench-'));
  const text = benchFile({ servers, agents, network });
  const clusterFile = path.join(folder, 'cluster.k3s.yaml');
  writeFileSync(clusterFile, text);
  const spec = lib.normalise(lib.parseDocument(text).data);
  const fleet = await startPracticeFleet({ file: clusterFile, timeScale });
  cpSync(path.join(folder, '.practice', 'known_hosts'), path.join(folder, '.ssh', 'known_hosts'));
  const { log, secrets, hosts } = practiceHosts(lib, folder);
  const plan = () =>
    lib.preparePlan(spec, {
      hosts,
      secrets,
      scripts: lib.unreachableScripts,
      clock: lib.systemClock,
      sha256: lib.sha256,
      parallel: PARALLEL,
    });
  const label = `${servers} servers, ${agents} agents`;
  try {
    const started = performance.now();
    const prepared = await plan();
    const planned = performance.now() - started;
    const watched = watchProcess();
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
        parallel: PARALLEL,
        startTimeoutMs: 60_000,
        journalPath: path.join(folder, 'journal'),
        recordsPath: path.join(folder, 'records'),
        fileVersion: { name: 'bench.k3s.yaml', sha256: 'f11e' },
      },
      log.debug,
      new AbortController().signal,
    );
    const { longest, pause, before, peak } = watched.stop();
    if (report.result !== 'done') throw new Error(report.problems.map((problem) => problem.message).join('; '));
    const timings = lib.timingsOf(prepared.plan.steps, report, PARALLEL);
    console.log(
      `\n${label}, time ${timeScale === 1 ? 'as it is' : `times ${timeScale}`}\n${lib.timingsText(timings).join('\n')}`,
    );
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
        note: `${(timings.stepsMs / timings.boundMs).toFixed(3)} times what its hosts needed at best (${(timings.boundMs / 1000).toFixed(2)} s)`,
      },
      {
        what: `${label}: longest stretch of work on the event loop`,
        value: longest.toFixed(0),
        unit: 'ms',
        note: `of processor time; no timer was served for ${pause.toFixed(0)} ms at most, waits for the processor included`,
      },
      {
        what: `${label}: memory at most`,
        value: peak.toFixed(0),
        unit: 'MiB',
        note: `of the whole process; ${before.toFixed(0)} MiB before the run`,
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

/**
 * What this process is like while something runs. A stretch is what its thread works between two timers: other programs on the
 * same machine make pauses longer, and not stretches.
 */
function watchProcess() {
  const worked = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const resident = () => process.memoryUsage.rss() / 2 ** 20;
  const before = resident();
  let [longest, pause, peak, last, lastWorked] = [0, 0, before, performance.now(), worked()];
  const timer = setInterval(() => {
    const [now, nowWorked] = [performance.now(), worked()];
    [longest, pause] = [Math.max(longest, nowWorked - lastWorked), Math.max(pause, now - last)];
    [last, lastWorked] = [now, nowWorked];
    peak = Math.max(peak, resident());
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return { longest, pause, before, peak };
    },
  };
}

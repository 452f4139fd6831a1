// Tries texts that nobody meant on everything the editor does with a cluster file: `npm run fuzz -- [runs] [seed]`, 100,000 runs unless told.
// A failure prints the seed of its text; the same seed gives the same text again.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CACHE, inRoot } from './lib/paths.mjs';
import { modernNode, mustRun } from './lib/processes.mjs';
import { die } from './lib/say.mjs';
import { setup } from './setup.mjs';

/** Nothing that a person types may keep the editor waiting longer. */
const LIMIT_MS = 200;

try {
  await setup(['npm']);
  if (process.execPath !== modernNode()) await mustRun(modernNode(), process.argv.slice(1), { show: 'live' });
  else await main(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1));
} catch (error) {
  die(error);
}

async function main(runs, seed) {
  const folder = path.join(CACHE, 'fuzz');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, 'fuzz.cjs');
  const contents = `export { fuzz } from './test/fuzz/run'; export { readCorpus } from './test/fuzz/corpus';`;
  await build({
    stdin: { contents, resolveDir: inRoot(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    define: { 'import.meta.dirname': JSON.stringify(inRoot('test', 'fuzz')) },
    outfile,
    logLevel: 'warning',
  });
  const { fuzz, readCorpus } = (await import(pathToFileURL(outfile).href)).default;
  const result = fuzz(readCorpus(), {
    seed,
    runs,
    limitMs: LIMIT_MS,
    // What this thread computes: a machine that is busy with other things does not make the editor slow.
    now: computed,
    onProgress: (done) => {
      if (done % 5000 === 0) console.log(`${done} texts`);
    },
  });
  console.log(
    `${result.runs} texts from seed ${seed} in ${(result.totalMs / 1000).toFixed(0)} s of computing; the slowest step of all took ${result.slowestMs.toFixed(0)} ms; ${result.failures.length} failures`,
  );
  for (const failure of result.failures) {
    const file = path.join(folder, `${failure.seed}.k3s.yaml`);
    writeFileSync(file, failure.text);
    console.log(`\n${failure.seed}: ${failure.reason}\n  ${path.relative(process.cwd(), file)}`);
  }
  process.exitCode = result.failures.length === 0 ? 0 : 1;
}

/** Milliseconds. */
function computed() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

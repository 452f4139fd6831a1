// How much of the rules and of the reading of cluster files the tests hold in place: `npm run mutation -- [again] [part of a path]`.
// Every small change of the code (a mutant) should be noticed by a golden file, an example or a test of the folder. The ones that
// nobody notices are listed in .cache/mutation.json. Texts that only the documentation shows are not changed. It takes long, so it is no part of `npm test`;
// `again` tries only those that nobody noticed the last time, and the files that have changed since. That is right as long as tests are only added.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CACHE, inRoot } from './lib/paths.mjs';
import { modernNode, mustRun } from './lib/processes.mjs';
import { die, since, table } from './lib/say.mjs';
import { setup } from './setup.mjs';

const LEAST_PERCENT = 85;

const TOTALS = ['rules', 'cluster'];

try {
  await setup(['npm']);
  if (process.execPath !== modernNode()) await mustRun(modernNode(), process.argv.slice(1), { show: 'live' });
  else await main(process.argv.slice(2));
} catch (error) {
  die(error);
}

async function main(args) {
  const start = performance.now();
  const part = args.find((arg) => arg !== 'again') ?? '';
  const folder = path.join(CACHE, 'mutation');
  mkdirSync(folder, { recursive: true });
  const bundle = path.join(folder, 'tests.cjs');
  const { instrumentAndBundle } = await import('./lib/mutation/instrument.mjs');
  const mutants = (await instrumentAndBundle(bundle)).filter(({ file }) => file.includes(part));
  const file = path.join(CACHE, 'mutation.json');
  const isKnown = args.includes('again') ? knownFrom(file) : () => false;
  const tried = mutants.filter((mutant) => !isKnown(mutant));
  console.log(`${mutants.length} mutants, ${tried.length} to be tried`);
  const results = await runAll(tried, bundle);
  const survivors = tried.filter(({ id }) => results.get(id).noticed === undefined);
  const lost = new Set(survivors.map(({ id }) => id));
  const scores = scoresOf(mutants, (id) => !lost.has(id));
  const files = Object.fromEntries(
    [...new Set(mutants.map((mutant) => mutant.file))].map((name) => [name, hashOf(name)]),
  );
  writeFileSync(
    file,
    `${JSON.stringify({ scores, survivors: survivors.map((mutant) => ({ ...placeOf(mutant), isCovered: results.get(mutant.id).isCovered })), files }, undefined, 2)}\n`,
  );
  console.log(
    `\n${table(
      ['area', 'mutants', 'noticed', '%'],
      scores.map(({ area, mutants: count, noticed, percent }) => [area, count, noticed, percent.toFixed(1)]),
    )}`,
  );
  const endless = [...results.values()].filter(
    ({ noticed }) => noticed === 'the clock' || noticed === 'the memory',
  ).length;
  console.log(
    `\n${endless} of the noticed ran out of time or memory, ${survivors.length} survivors in ${path.relative(process.cwd(), file)}; ${since(start)}`,
  );
  process.exitCode = scores.some(({ area, percent }) => TOTALS.includes(area) && percent < LEAST_PERCENT) ? 1 : 0;
}

function hashOf(name) {
  return createHash('sha256')
    .update(readFileSync(inRoot(name)))
    .digest('hex');
}

/** A mutant without its number, which changes with the code around it. */
function placeOf({ file, line, column, mutator, original, replacement }) {
  return { file, line, column, mutator, original, replacement };
}

/** Tells which mutants were noticed the last time and stand in files that have not changed since. */
function knownFrom(file) {
  if (!existsSync(file)) return () => false;
  const last = JSON.parse(readFileSync(file, 'utf8'));
  const survivors = new Set(last.survivors.map((survivor) => JSON.stringify(placeOf(survivor))));
  const same = new Set(
    Object.keys(last.files).filter((name) => existsSync(inRoot(name)) && hashOf(name) === last.files[name]),
  );
  return (mutant) => same.has(mutant.file) && !survivors.has(JSON.stringify(placeOf(mutant)));
}

/** Per area, and for the rules and the cluster as a whole. */
function scoresOf(mutants, isNoticed) {
  const counts = new Map();
  for (const { id, file } of mutants) {
    const [, , total, area] = file.split('/');
    for (const name of new Set([total, area.endsWith('.ts') ? total : `${total}/${area}`])) {
      const count = counts.get(name) ?? { area: name, mutants: 0, noticed: 0 };
      counts.set(name, { ...count, mutants: count.mutants + 1, noticed: count.noticed + (isNoticed(id) ? 1 : 0) });
    }
  }
  return [...counts.values()]
    .map((count) => ({ ...count, percent: (100 * count.noticed) / count.mutants }))
    .sort((a, b) => a.area.localeCompare(b.area));
}

/** What became of every mutant, by its id: the group of tests that noticed it, and whether any came by at all. */
async function runAll(mutants, bundle) {
  const results = new Map();
  const waiting = [...mutants];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      while (waiting.length > 0) await runSome(waiting, bundle, results);
    }),
  );
  return results;
}

/** One worker, until nothing is left or it is out of memory, which a mutant may bring about. */
function runSome(waiting, bundle, results) {
  const examples = globSync('examples/**/cluster.k3s.yaml', { cwd: inRoot() })
    .sort()
    .map((name) => inRoot(name));
  const worker = new Worker(new URL('./lib/mutation/worker.mjs', import.meta.url), {
    workerData: { bundle, examples },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  return new Promise((resolve, reject) => {
    let current;
    worker.on('message', (result) => {
      if (current !== undefined) {
        results.set(current.id, result);
        if (results.size % 500 === 0) console.log(`${results.size} done`);
      }
      current = waiting.shift();
      if (current === undefined) void worker.terminate();
      else worker.postMessage({ id: current.id, file: current.file });
    });
    worker.on('error', (error) => {
      if (current === undefined || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
      else results.set(current.id, { noticed: 'the memory', isCovered: true });
    });
    worker.on('exit', () => resolve());
  });
}

// Measures what people wait for: runs test/bench/*.bench.mjs and prints one table. `npm run bench -- load` runs only matching files.
//
// A bench file exports `name` and `run()`, which resolves with rows `{ what, value, unit, note? }`; where it can only run on some machines also
// `impossible()`, which resolves with the reason or nothing.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, inRoot, manifest } from './lib/paths.mjs';
import { modernNode, mustRun } from './lib/processes.mjs';
import { die, failure, step, table, yellow } from './lib/say.mjs';
import { setup } from './setup.mjs';

const folder = inRoot('test', 'bench');

try {
  await setup(['npm']);
  if (process.execPath !== modernNode()) {
    // benches may use what only a new Node has
    await mustRun(modernNode(), process.argv.slice(1), { show: 'live' });
  } else {
    await main();
  }
} catch (error) {
  die(error);
}

async function main() {
  const wanted = process.argv.slice(2);
  const files = readdirSync(folder)
    .filter(
      (file) => file.endsWith('.bench.mjs') && (wanted.length === 0 || wanted.some((word) => file.includes(word))),
    )
    .sort();
  if (files.length === 0)
    throw failure(`No bench matches ${wanted.join(' ')}. There are: ${readdirSync(folder).join(', ')}`);
  await step('build', () => mustRun(modernNode(), ['esbuild.mjs']));

  const rows = [];
  for (const file of files) {
    const { name, run, impossible } = await import(pathToFileURL(path.join(folder, file)).href);
    const reason = await impossible?.();
    if (reason !== undefined) {
      console.log(yellow(`! ${name}: ${reason}`));
      continue;
    }
    const measured = await step(name, run);
    rows.push(...measured.map((row) => ({ bench: name, ...row })));
  }
  if (rows.length === 0) return;
  console.log(
    `\n${table(
      ['bench', 'what', 'value', 'unit', 'note'],
      rows.map(({ bench, what, value, unit, note }, i) => [
        bench === rows[i - 1]?.bench ? '' : bench,
        what,
        value,
        unit,
        note,
      ]),
    )}`,
  );
  const file = path.join(CACHE, 'bench.json');
  mkdirSync(CACHE, { recursive: true });
  const machine = { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cpus: cpus().length };
  writeFileSync(file, `${JSON.stringify({ version: manifest().version, machine, rows }, null, 2)}\n`);
  console.log(`\nAlso in ${path.relative(process.cwd(), file)}`);
}

// Holds the simulated K3s of the practice fleet against recordings of a real one: `npm run fidelity`, with `--all` for what is the same, too.
// Differences that are meant stand in test/fidelity/explained.json, a sentence each. Exit status 1: a difference that nobody explains, or an
// explanation that nothing needs.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CACHE, inRoot } from './lib/paths.mjs';
import { modernNode, mustRun } from './lib/processes.mjs';
import { bold, die, dim, green, red, since, table, yellow } from './lib/say.mjs';
import { setup } from './setup.mjs';

const SHOWN = 60;

try {
  await setup(['npm']);
  if (process.execPath !== modernNode()) await mustRun(modernNode(), process.argv.slice(1), { show: 'live' });
  else await main(process.argv.includes('--all'));
} catch (error) {
  die(error);
}

async function main(all) {
  const start = performance.now();
  const { compareAll, isFailure } = await bundled();
  const findings = await compareAll((text) => console.log(dim(text)));
  const count = (verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const colour = { same: green, differs: yellow, 'not simulated': yellow, 'not recorded': yellow };
  const rows = findings
    .filter(({ verdict }) => all || verdict !== 'same')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((finding) => [(colour[finding.verdict] ?? red)(finding.verdict), finding.id, finding.why]);
  console.log(table(['', 'what', 'why'], rows));
  const failures = findings.filter(isFailure);
  for (const { id, verdict, recorded, simulated, why } of failures)
    console.log(
      `\n${red(verdict)} ${bold(id)}${why === '' ? `\n  recorded:  ${shortened(recorded, simulated)}\n  simulated: ${shortened(simulated, recorded)}` : ''}`,
    );
  console.log(
    `\n${count('same')} same, ${count('differs')} differ as explained, ${count('not simulated')} not simulated, ${count('not recorded')} not recorded, ${failures.length} wrong, after ${since(start)}`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** A text from a little before where it differs from the other. */
function shortened(text, other) {
  const at = [...text].findIndex((character, i) => character !== other[i]);
  const from = Math.max(0, at - SHOWN);
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 5 * SHOWN)}${text.length > from + 5 * SHOWN ? '…' : ''}`;
}

async function bundled() {
  const folder = path.join(CACHE, 'fidelity');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, 'fidelity.cjs');
  await build({
    entryPoints: [inRoot('test', 'fidelity', 'main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    packages: 'external',
    define: { 'import.meta.dirname': JSON.stringify(inRoot('test', 'fidelity')) },
    outfile,
    logLevel: 'warning',
  });
  return (await import(pathToFileURL(outfile).href)).default;
}

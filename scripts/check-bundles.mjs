// Checks what the build made: sizes that people wait for, and that heavy packages are only where they belong.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { CACHE, vsixFile } from './lib/paths.mjs';
import { VSIX_BUDGET } from './package.mjs';
import { die, failure, green, red } from './lib/say.mjs';

const KIB = 1024;

/** Bytes that a bundle may have. Data that is generated from the schema is not code and is left out. */
const BUDGETS = {
  'dist/extension.js': 690 * KIB,
  'dist/ssh.js': 420 * KIB,
  'dist/kube.js': 2200 * KIB,
  'dist/topology.js': 220_000,
};

const GENERATED = /^schemas\/|\/generated\//;

/** Packages that cost tens of milliseconds to load, and the only bundles that may hold them. */
const HEAVY = {
  ssh2: ['dist/ssh.js', 'dist/practice.js'],
  '@kubernetes/client-node': ['dist/kube.js'],
};

/** `{ what, ok }` for each check of what the last build left. */
function checks() {
  const file = `${CACHE}/bundles.json`;
  if (!existsSync(file)) throw failure('Nothing is built. Run: npm run build');
  const outputs = JSON.parse(readFileSync(file, 'utf8'));
  const results = [];
  for (const [name, limit] of Object.entries(BUDGETS)) {
    if (!outputs[name]) continue;
    const generated = Object.entries(outputs[name].inputs)
      .filter(([input]) => GENERATED.test(input))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    const bytes = outputs[name].bytes - generated;
    const note = generated > 0 ? ` (and ${kilo(generated)} of generated data)` : '';
    results.push({ what: `${name} has ${kilo(bytes)}${note}, limit ${kilo(limit)}`, ok: bytes <= limit });
  }
  for (const [pkg, allowed] of Object.entries(HEAVY)) {
    const holders = Object.keys(outputs).filter((name) =>
      Object.keys(outputs[name].inputs).some((input) => input.includes(`node_modules/${pkg}/`)),
    );
    const wrong = holders.filter((name) => !allowed.includes(name));
    results.push({
      what:
        wrong.length > 0
          ? `${pkg} is in ${wrong.join(', ')}; only ${allowed.join(', ')} may hold it`
          : `${pkg} is only in its own bundles`,
      ok: wrong.length === 0,
    });
  }
  if (existsSync(vsixFile())) {
    const { size } = statSync(vsixFile());
    results.push({ what: `the package has ${kilo(size)}, limit ${kilo(VSIX_BUDGET)}`, ok: size <= VSIX_BUDGET });
  }
  return results;
}

const kilo = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

try {
  const results = checks();
  for (const { what, ok } of results) console.log(`${ok ? green('✓') : red('✗')} ${what}`);
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
} catch (error) {
  die(error);
}

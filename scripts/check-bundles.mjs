// Checks what the build made: sizes that people wait for, and that heavy packages are only where they belong.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { CACHE, vsixFile } from './lib/paths.mjs';
import { VSIX_BUDGET } from './package.mjs';
import { die, failure, green, red } from './lib/say.mjs';

const KIB = 1024;

/**
 * Bytes that bundles which are loaded together may have: those of `files`, or one `with` all that it loads at once. Data that is generated from the schema is not code and is left
 * out.
 */
const BUDGETS = [
  { what: 'what the editor loads at its start', with: 'dist/extension.js', limit: 570_000 },
  { what: 'dist/operations.js', files: ['dist/operations.js'], limit: 640_000 },
  { what: 'dist/live.js', files: ['dist/live.js'], limit: 60_000 },
  { what: 'dist/lessons.js', files: ['dist/lessons.js'], limit: 40_000 },
  { what: 'dist/edits.js', files: ['dist/edits.js'], limit: 60_000 },
  { what: 'dist/views.js', files: ['dist/views.js'], limit: 120_000 },
  { what: 'dist/ssh.js', files: ['dist/ssh.js'], limit: 480_000 },
  { what: 'dist/kube.js', files: ['dist/kube.js'], limit: 2200 * KIB },
  { what: 'dist/releases.js', files: ['dist/releases.js'], limit: 40_000 },
  { what: 'dist/objects.js', files: ['dist/objects.js'], limit: 40_000 },
  { what: 'dist/archives.js', files: ['dist/archives.js'], limit: 60_000 },
  { what: 'dist/imports.js', files: ['dist/imports.js'], limit: 400_000 },
  { what: 'dist/databases.js', files: ['dist/databases.js'], limit: 340_000 },
  { what: 'dist/browser.js', files: ['dist/browser.js'], limit: 700_000 },
  { what: 'dist/topology.js', files: ['dist/topology.js'], limit: 220_000 },
];

const GENERATED = /^schemas\/|\/generated\//;

/** Packages that are large or cost tens of milliseconds to load, and the only bundles that may hold them. */
const HEAVY = {
  ssh2: ['dist/ssh.js', 'dist/practice.js'],
  '@kubernetes/client-node': ['dist/kube.js'],
  mysql2: ['dist/databases.js'],
  pg: ['dist/databases.js'],
  fflate: ['dist/imports.js'],
  unbash: ['dist/imports.js'],
};

/** `{ what, ok }` for each check of what the last build left. */
function checks() {
  const file = `${CACHE}/bundles.json`;
  if (!existsSync(file)) throw failure('Nothing is built. Run: npm run build');
  const outputs = JSON.parse(readFileSync(file, 'utf8'));
  const results = [];
  for (const { what, files, with: first, limit } of BUDGETS) {
    const built = (files ?? loadedWith(first, outputs)).flatMap((name) => outputs[name] ?? []);
    if (built.length === 0) continue;
    const generated = sum(
      built
        .flatMap(({ inputs }) => Object.entries(inputs))
        .filter(([input]) => GENERATED.test(input))
        .map(([, { bytesInOutput }]) => bytesInOutput),
    );
    const bytes = sum(built.map((output) => output.bytes)) - generated;
    const note = generated > 0 ? ` (and ${kilo(generated)} of generated data)` : '';
    results.push({ what: `${what} has ${kilo(bytes)}${note}, limit ${kilo(limit)}`, ok: bytes <= limit });
  }
  results.push(...doubled(outputs));
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

/** A bundle and the bundles that it loads at once. */
function loadedWith(first, outputs) {
  const found = new Set([first]);
  for (const name of found)
    for (const { path, external } of outputs[name]?.imports ?? []) if (external !== true) found.add(path);
  return [...found];
}

/** Code that the extension loads is in one of its bundles only. */
function doubled(outputs) {
  const own = [
    'dist/extension.js',
    'dist/operations.js',
    'dist/views.js',
    'dist/live.js',
    'dist/lessons.js',
    'dist/edits.js',
  ].flatMap((name) => loadedWith(name, outputs));
  const inputs = [...new Set(own)].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
  const twice = inputs.filter((input, i) => inputs.indexOf(input) !== i);
  return [
    {
      what: twice.length > 0 ? `the extension has ${twice.join(', ')} twice` : 'the extension has nothing twice',
      ok: twice.length === 0,
    },
  ];
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const kilo = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

try {
  const results = checks();
  for (const { what, ok } of results) console.log(`${ok ? green('✓') : red('✗')} ${what}`);
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
} catch (error) {
  die(error);
}

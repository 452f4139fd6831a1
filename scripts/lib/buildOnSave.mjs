import { mkdirSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { CACHE, inRoot } from './paths.mjs';

/** Sources are below these folders. */
const SOURCES = ['src', 'webview', 'schemas'];

/** Written after each build without an error. test/host/reload looks at it. */
const BUILT = path.join(CACHE, 'built');

/** Ms within which changes belong to one save: editors write a file in several steps. */
const SAVE_MS = 20;

/**
 * Builds all bundles, and after every save those that the saved files are part of. The system tells about a save at once;
 * esbuild's own watcher may need two seconds (https://esbuild.github.io/api/#watch). Resolves after the first build and goes on.
 * .vscode/tasks.json and scripts/lib/dev.mjs read the lines that are printed.
 */
export async function buildOnSave(options) {
  const bundles = await Promise.all(
    options.map(async (each) => ({ context: await esbuild.context(each), inputs: undefined })),
  );
  const saved = new Set();
  let building = false;
  const buildSaved = async () => {
    if (building) return; // what is saved meanwhile is built afterwards
    building = true;
    for (let stale = affected(bundles, saved); stale.length > 0; stale = affected(bundles, saved)) {
      saved.clear();
      await buildAll(stale);
    }
    saved.clear();
    building = false;
  };
  await buildAll(bundles);
  let pause;
  for (const folder of SOURCES) {
    watch(inRoot(folder), { recursive: true }, (_event, name) => {
      saved.add(`${folder}/${String(name).split(path.sep).join('/')}`);
      clearTimeout(pause);
      pause = setTimeout(buildSaved, SAVE_MS);
    });
  }
}

/** The bundles that any of the files is part of, and after any change those that could not be built. */
function affected(bundles, files) {
  return files.size === 0
    ? []
    : bundles.filter(({ inputs }) => inputs === undefined || [...files].some((file) => inputs.has(file)));
}

async function buildAll(bundles) {
  const start = performance.now();
  console.log('[watch] build started');
  await Promise.all(
    bundles.map(async (bundle) => {
      bundle.inputs = undefined;
      const result = await bundle.context.rebuild().catch((error) => {
        if (!error.errors) throw error; // otherwise esbuild has already printed what is wrong
      });
      if (result) bundle.inputs = new Set(Object.keys(result.metafile.inputs));
    }),
  );
  const failed = bundles.filter(({ inputs }) => inputs === undefined).length;
  if (failed === 0) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(BUILT, '');
  }
  const ms = (performance.now() - start).toFixed(0);
  console.log(
    `[watch] build finished after ${ms} ms, ${failed === 0 ? 'no errors' : `with errors in ${failed} of ${bundles.length} bundles`}`,
  );
}

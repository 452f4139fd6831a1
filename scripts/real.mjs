// Tries the operations of the product on machines that you name, by the packaged command line, and looks at each outcome from outside:
// `npm run test:real -- --spec FILE`; `--help` tells the rest.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CACHE, inRoot, manifest } from './lib/paths.mjs';
import { modernNode, mustRun } from './lib/processes.mjs';
import { die, step } from './lib/say.mjs';

/** The libraries that the packaged command line loads. */
const packaged = {
  name: 'bundles of the package',
  setup: (bundle) =>
    bundle.onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path: name, importer }) =>
      importer === inRoot('src', 'adapters', 'lazy.ts') ? { path: inRoot('dist', name), external: true } : undefined,
    ),
};

try {
  const args = process.argv.slice(2);
  if (!args.includes('--no-build') && !args.some((arg) => arg === '--help' || arg === '-h'))
    await step('build', () => mustRun(modernNode(), ['esbuild.mjs']));
  const { main } = await bundled();
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => controller.abort(signal));
  const { name, version } = manifest();
  const place = {
    folder: process.env.INIT_CWD ?? process.cwd(), // where npm was called, not where it runs us
    cli: inRoot('dist', 'cli.js'),
    product: `${name} ${version}`,
  };
  process.exitCode = await main(args, place, controller.signal);
} catch (error) {
  die(error);
}

/** What is in test/real. */
async function bundled() {
  const folder = path.join(CACHE, 'real');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, 'real.cjs');
  await build({
    entryPoints: [inRoot('test', 'real', 'main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['cpu-features', '*.node'],
    mainFields: ['module', 'main'],
    plugins: [packaged],
    outfile,
    logLevel: 'warning',
  });
  return (await import(pathToFileURL(outfile).href)).default;
}

// Packs dist/ and what belongs to it into k3s-ha-<version>.vsix, and the command line alone into k3s-ha-<version>.tgz. Builds first, unless --no-build is given.
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { CACHE, inRoot, vsixFile } from './lib/paths.mjs';
import { modernNode, mustRun } from './lib/processes.mjs';
import { die, failure, step } from './lib/say.mjs';
import { packageCommandLine } from './npmPackage.mjs';

/** What people download on a bad line; each language of the words needs about 100 kB of it. */
export const VSIX_BUDGET = 2_900_000;

/** Builds and packs; resolves with the path of the package. */
export async function packageExtension({ build = true } = {}) {
  const file = vsixFile();
  if (!build && readdirSync(inRoot('dist')).some((name) => name.endsWith('.map'))) {
    throw failure('dist/ holds a development build, which needs node_modules. Run: npm run package');
  }
  if (build) await step('build', () => mustRun(modernNode(), ['esbuild.mjs']));
  await step(`pack ${path.basename(file)}`, async () => {
    rmSync(file, { force: true });
    const vsce = inRoot('node_modules', '@vscode', 'vsce', 'vsce');
    await mustRun(
      modernNode(),
      [
        vsce,
        'package',
        '--no-dependencies',
        '--allow-missing-repository',
        '--no-rewrite-relative-links',
        '--out',
        file,
      ],
      { cwd: stage() },
    );
  });
  const { size } = statSync(file);
  console.log(`  ${path.basename(file)} ${(size / 1000).toFixed(0)} kB`);
  if (size > VSIX_BUDGET)
    throw failure(
      `${path.basename(file)} has ${size} bytes; the limit is ${VSIX_BUDGET}. Look at what grew in .cache/bundles.json.`,
    );
  return file;
}

/**
 * Copies what .vscodeignore lets through, by its top folders, to a folder of its own: vsce looks at every file below the
 * place where it runs, and here that would be all of node_modules.
 */
function stage() {
  const folder = path.join(CACHE, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const allowed = readFileSync(inRoot('.vscodeignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1).split('/')[0]);
  for (const name of globSync(['.vscodeignore', ...new Set(allowed)], { cwd: inRoot() }))
    cpSync(inRoot(name), path.join(folder, name), { recursive: true });
  return folder;
}

if (process.argv[1] === import.meta.filename)
  await packageExtension({ build: !process.argv.includes('--no-build') })
    .then(packageCommandLine)
    .catch(die);

// Packs the command line alone into k3s-ha-<version>.tgz, which `npm install --global` takes; `npm run package` runs it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE, inRoot, manifest, npmFile } from './lib/paths.mjs';
import { mustRun } from './lib/processes.mjs';
import { failure, step } from './lib/say.mjs';

/** All that it runs: the command line and the bundles that it loads when it needs them. */
const BUNDLES = ['cli', 'ssh', 'kube', 'releases', 'objects', 'archives', 'databases', 'imports', 'practice'];

/** Packs what is in dist/, installs that into an empty folder and starts it there. */
export async function packageCommandLine() {
  const file = npmFile();
  await step(`pack ${path.basename(file)}`, async () => {
    const folder = stage();
    await mustRun('npm', ['pack', '--silent', '--pack-destination', inRoot()], { cwd: folder });
  });
  console.log(`  ${path.basename(file)} ${(statSync(file).size / 1000).toFixed(0)} kB`);
  await step(`install and start ${path.basename(file)}`, () => tryIt(file));
}

function stage() {
  const folder = path.join(CACHE, 'npm');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'dist'), { recursive: true });
  for (const name of BUNDLES) cpSync(inRoot('dist', `${name}.js`), path.join(folder, 'dist', `${name}.js`));
  cpSync(inRoot('dist', 'l10n'), path.join(folder, 'dist', 'l10n'), { recursive: true });
  cpSync(inRoot('LICENSE'), path.join(folder, 'LICENSE'));
  writeFileSync(path.join(folder, 'README.md'), readme());
  const { name, version, license, keywords } = manifest();
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify(
      {
        name,
        version,
        description: 'Check, draw, plan and run highly available K3s clusters from one cluster.k3s.yaml.',
        license,
        keywords,
        bin: { 'k3s-ha': 'dist/cli.js' },
        files: ['dist'],
        engines: { node: '>=20' },
      },
      undefined,
      2,
    ),
  );
  return folder;
}

/** The page of the command line without what is only in the repository. */
function readme() {
  return readFileSync(inRoot('docs', 'cli.md'), 'utf8').replace(/\[([^\]]+)\]\((?!https:)[^)]*\)/g, '$1');
}

async function tryIt(file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-npm-'));
  try {
    writeFileSync(path.join(folder, 'package.json'), '{}');
    await mustRun('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', file], {
      cwd: folder,
    });
    const said = await mustRun('npm', ['exec', '--offline', '--', 'k3s-ha', '--version'], { cwd: folder });
    if (said.trim() !== manifest().version)
      throw failure(`The installed package says that it is version ${said.trim()}, not ${manifest().version}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

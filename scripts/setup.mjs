// Gets a machine ready: npm packages, a browser, a VS Code to test in, Debian packages for single suites.
// Runs on Node 20 with nothing installed, may be run again at any time, and does only what is missing.
//
//   node scripts/setup.mjs              everything that `npm test` can use
//   node scripts/setup.mjs npm vscode   only that
//
// Exit status: 0 all ready, 3 something was skipped (said in red at the end), 1 failed.
import { existsSync, readFileSync } from 'node:fs';
import { findChromium } from '../test/host/browser.mjs';
import { installHosts } from '../test/host/install.mjs';
import { installWithApt, missingPackages } from './lib/debian.mjs';
import { refuseLinkedFolder } from './lib/linkedFolder.mjs';
import { inRoot } from './lib/paths.mjs';
import { mustRun } from './lib/processes.mjs';
import { bold, die, dim, failure, red, step } from './lib/say.mjs';

/** What each part makes ready; all of them at the same time. Each resolves with nothing, or with what is missing and how to get it. */
const PARTS = {
  npm: installPackages,
  vscode: installVsCode,
  chromium: async (debian) => {
    const { remedy } = await debian;
    if (findChromium()) return undefined;
    return {
      missing: 'a Chromium or Chrome',
      remedy: `${remedy ?? 'Install Chromium or Chrome.'} A browser in another place: set CHROMIUM to its path.`,
    };
  },
  adapters: (debian) => stillMissing('adapters', debian),
  fleet: (debian) => stillMissing('fleet', debian),
};

/**
 * Sets up the named parts and resolves with the list of what could not be: `{ part, missing, remedy }`.
 * Whether that matters is for the caller to decide; it has been said on the screen.
 */
export async function setup(parts = Object.keys(PARTS)) {
  const debian = installDebian(parts);
  const gaps = await Promise.all(parts.map(async (part) => ({ part, ...(await PARTS[part](debian)) })));
  const skipped = gaps.filter(({ missing }) => missing !== undefined);
  for (const { part, missing, remedy } of skipped) {
    console.log(red(`! ${part}: ${missing} is missing, so what needs it is skipped.`));
    console.log(`  ${remedy}`);
  }
  return skipped;
}

/** Installs the packages of all parts in one go; resolves with `{ remedy }` when people have to do something. */
async function installDebian(parts) {
  const browser = parts.includes('chromium') && !findChromium() ? ['webview'] : [];
  const names = [
    ...new Set(
      [...browser, 'adapters', 'fleet']
        .filter((suite) => suite === 'webview' || parts.includes(suite))
        .flatMap(missingPackages),
    ),
  ];
  return names.length === 0 ? {} : { remedy: await installWithApt(names) };
}

async function stillMissing(suite, debian) {
  const { remedy } = await debian;
  const missing = missingPackages(suite);
  return missing.length === 0 ? undefined : { missing: missing.join(', '), remedy };
}

async function installPackages() {
  if (packagesAreCurrent()) return undefined;
  refuseLinkedFolder(inRoot('node_modules'));
  await step('npm packages (npm ci)', () => mustRun('npm', ['ci', '--loglevel', 'error']));
  return undefined;
}

/** Compares the lock file with npm's own record of what it installed; packages for other platforms may be absent. */
function packagesAreCurrent() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packages(record);
  return Object.entries(packages(inRoot('package-lock.json'))).every(([where, wanted]) => {
    if (where === '') return true;
    const have = installed[where];
    return have ? have.version === wanted.version && have.integrity === wanted.integrity : wanted.optional === true;
  });
}

async function installVsCode() {
  try {
    await installHosts({ report: step });
    return undefined;
  } catch (error) {
    console.log(dim(error.message));
    return { missing: 'VS Code from npm', remedy: 'See the message above, then run: node scripts/setup.mjs vscode' };
  }
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((part) => !(part in PARTS));
  if (unknown.length > 0) {
    die(failure(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`));
  } else {
    await setup(asked.length > 0 ? asked : undefined).then((skipped) => {
      if (skipped.length === 0) console.log(bold('Everything is ready.'));
      process.exitCode = skipped.length === 0 ? 0 : 3;
    }, die);
  }
}

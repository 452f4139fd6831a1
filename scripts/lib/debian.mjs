import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { mustRun, onPath } from './processes.mjs';
import { step } from './say.mjs';

/** Keeps Debian's packages from starting their daemons while they are installed. */
const POLICY = '/usr/sbin/policy-rc.d';

/** `[{ name, program, suites }]` of debian-packages.txt. */
function readList() {
  return readFileSync(inRoot('scripts', 'debian-packages.txt'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/))
    .map(([name, program, ...suites]) => ({ name, program, suites }));
}

/** Packages that a suite needs and whose program is not on this machine. Daemons live in sbin, which is not on everybody's PATH. */
export function missingPackages(suite) {
  const found = (program) => onPath(program) !== undefined || existsSync(path.join('/usr/sbin', program));
  return readList()
    .filter((entry) => entry.suites.includes(suite) && !found(entry.program))
    .map((entry) => entry.name);
}

/** Installs packages where that is possible without asking; otherwise resolves with the sentence that tells people how. */
export async function installWithApt(names) {
  const command = `apt-get install --no-install-recommends ${names.join(' ')}`;
  if (process.platform !== 'linux')
    return `Only a Linux machine can run this part. On Debian or Ubuntu: sudo ${command}`;
  if (!onPath('apt-get'))
    return `Install them with the package manager of this machine. On Debian or Ubuntu: sudo ${command}`;
  if (process.getuid() !== 0) return `Run: sudo ${command}`;
  try {
    await step(`Debian packages: ${names.join(' ')}`, () => withoutDaemons(() => aptInstall(names)));
    return undefined;
  } catch (error) {
    return `${error.message}\n  Then run: ${command}`;
  }
}

async function aptInstall(names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--quiet', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...names];
  try {
    await mustRun('apt-get', install, { env });
  } catch {
    // a new machine has no package index, an old one has an outdated one
    await mustRun('apt-get', ['update', '--quiet'], { env });
    await mustRun('apt-get', install, { env });
  }
}

async function withoutDaemons(work) {
  if (existsSync(POLICY)) return work(); // the machine has a policy of its own, and that one stands
  const undo = () => rmSync(POLICY, { force: true });
  const interrupted = () => process.exit(130);
  process.once('exit', undo);
  process.once('SIGINT', interrupted);
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    undo();
    process.off('exit', undo);
    process.off('SIGINT', interrupted);
  }
}

// Installs the VS Code servers that package.json here names. Everything comes from npm and is pinned by the lock file;
// no install script runs and nothing is compiled. What VS Code expects its native modules to do is arranged below.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseLinkedFolder } from '../../scripts/lib/linkedFolder.mjs';
import { mustRun } from '../../scripts/lib/processes.mjs';
import { HOST_FOLDER, HOST_MODULES, HOST_NAMES, vscodeHost } from './hosts.mjs';

const STAMP = path.join(HOST_MODULES, '.ready');
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];

/** Installs and prepares both hosts unless they are ready. `report(what, work)` runs a step and tells about it. */
export async function installHosts({ report }) {
  const stamp = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  refuseLinkedFolder(HOST_MODULES);
  await report('VS Code servers (npm ci in test/host)', () => mustRun('npm', ['ci', ...QUIET], { cwd: HOST_FOLDER }));
  // newest first: the floor borrows from it
  for (const host of ['newest', 'floor'].map(vscodeHost)) {
    await report(`VS Code ${host.version()} made ready without a compiler`, () => prepare(host));
  }
  shrinkNode();
  writeFileSync(STAMP, stamp);
}

/** Changes when the pinned packages or the preparation change. */
function fingerprint() {
  const hash = createHash('sha256');
  const standins = readdirSync(path.join(HOST_FOLDER, 'standins')).map((name) => path.join('standins', name));
  for (const file of ['package-lock.json', path.basename(fileURLToPath(import.meta.url)), ...standins])
    hash.update(readFileSync(path.join(HOST_FOLDER, file)));
  return hash.digest('hex');
}

async function prepare(host) {
  const modules = path.join(host.folder, 'node_modules');
  for (const file of ['package.json', 'npm-shrinkwrap.json']) withoutGitDependency(path.join(host.folder, file));
  // --legacy-peer-deps: the shrinkwrap lacks a peer of its own package.json. Optional packages are 110 MB for features we do not test;
  // the one that matters, @parcel/watcher, stands in our own package.json and is found one level up.
  const ci = ['ci', '--omit=dev', '--omit=optional', '--legacy-peer-deps', ...QUIET];
  await mustRun('npm', ci, { cwd: host.folder });
  await mustRun('npm', ci, { cwd: path.join(host.folder, 'extensions') });
  rmSync(path.join(modules, '@parcel', 'watcher'), { recursive: true, force: true });

  const standin = (name, file) =>
    cpSync(path.join(HOST_FOLDER, 'standins', file), path.join(modules, name, 'index.js'));
  standin('@vscode/spdlog', 'spdlog.cjs');
  for (const name of ['@vscode/native-watchdog', 'native-watchdog'])
    if (existsSync(path.join(modules, name))) standin(name, 'watchdog.cjs');

  if (host.name === 'floor') borrowBinaries(modules, path.join(vscodeHost('newest').folder, 'node_modules'));
  dropUnused(host.folder, modules);
}

/** 1.105 takes one package from a git repository; npm cannot install that offline, and we have the released version of it. */
function withoutGitDependency(file) {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  for (const holder of [json, json.packages?.['']])
    if (/^[\w-]+\/[\w-]+#/.test(holder?.dependencies?.['@parcel/watcher'] ?? ''))
      delete holder.dependencies['@parcel/watcher'];
  if (/^git\+/.test(json.packages?.['node_modules/@parcel/watcher']?.resolved ?? ''))
    delete json.packages['node_modules/@parcel/watcher'];
  writeFileSync(file, JSON.stringify(json));
}

/** The older packages download or compile their binaries while they are installed; the newer ones of the same interface bring them along. */
function borrowBinaries(modules, newer) {
  const platform = `${process.platform}-${process.arch}`;
  const search = path.join(newer, '@vscode/ripgrep-universal/bin', platform);
  if (existsSync(search)) cpSync(search, path.join(modules, '@vscode/ripgrep/bin'), { recursive: true });
  rmSync(path.join(modules, 'node-pty'), { recursive: true, force: true });
  cpSync(path.join(newer, 'node-pty'), path.join(modules, 'node-pty'), { recursive: true });
}

/** Only saves disk space: nothing that an extension's tests can notice. */
function dropUnused(folder, modules) {
  const unused = ['@github', '@microsoft/mxc-sdk', '@vscode/windows-process-tree', '@vscode/sqlite3/deps'].map((name) =>
    path.join(modules, name),
  );
  unused.push(...['copilot', 'mermaid-markdown-features'].map((name) => path.join(folder, 'extensions', name)));
  for (const place of unused) rmSync(place, { recursive: true, force: true });
}

function shrinkNode() {
  for (const name of readdirSync(HOST_MODULES).filter((entry) =>
    HOST_NAMES.some((host) => entry.startsWith(`node-${host}-`)),
  )) {
    for (const part of ['include', 'share'])
      rmSync(path.join(HOST_MODULES, name, part), { recursive: true, force: true });
  }
}

// Runs the suite in a VS Code: `node test/integration/launch.mjs [floor|newest|installed|desktop]`.
//
//   floor, newest   the packaged extension, unpacked, in a VS Code from npm (test/host)
//   installed       the package installed as people install it, in the newest one
//   desktop         the checkout, in a desktop VS Code that @vscode/test-electron downloads (needs that network and a display)
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { CACHE, inRoot, ROOT, vsixFile } from '../../scripts/lib/paths.mjs';
import { die, failure } from '../../scripts/lib/say.mjs';
import { vscodeHost } from '../host/hosts.mjs';
import { discard, newRunFolder } from '../host/runFolder.mjs';
import { installVsix } from '../host/server.mjs';

const tests = inRoot('out', 'test', 'suite', 'index.js');
const workspace = inRoot('test', 'integration', 'workspace');
const shim = inRoot('test', 'host', 'code-shim.mjs');

/** Installs the package into `extensionsDir` and returns the folder that VS Code unpacked it to. */
async function install(host, folder, extensionsDir) {
  if (!existsSync(vsixFile())) throw failure(`${path.basename(vsixFile())} does not exist. Run: npm run package`);
  await installVsix({ host, vsix: vsixFile(), dataDir: folder, extensionsDir });
  const unpacked = readdirSync(extensionsDir).find((name) => name.startsWith('k3s-ha.k3s-ha-'));
  if (!unpacked) throw failure(`VS Code ${host.version()} installed nothing from ${vsixFile()}.`);
  return path.join(extensionsDir, unpacked);
}

async function launch(where) {
  const env = { K3S_TEST_RUN: `integration-${where}`, ...resultFiles(where) };
  if (where === 'desktop') {
    return runTests({
      version: process.env.VSCODE_VERSION ?? 'stable',
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: tests,
      launchArgs: [workspace, '--disable-extensions'],
      extensionTestsEnv: env,
    });
  }
  const host = vscodeHost(where === 'floor' ? 'floor' : 'newest');
  const folder = newRunFolder();
  try {
    const installed = path.join(folder, 'installed');
    const unpacked = await install(host, folder, installed);
    const asInstalled = where === 'installed';
    return await runTests({
      vscodeExecutablePath: shim,
      extensionDevelopmentPath: asInstalled ? inRoot('test', 'integration', 'stub') : unpacked,
      extensionTestsPath: tests,
      launchArgs: [workspace, `--extensions-dir=${asInstalled ? installed : path.join(folder, 'none')}`],
      extensionTestsEnv: {
        ...env,
        VSCODE_HOST: host.name,
        ...(asInstalled ? { K3S_TEST_ONLY: 'activation,manifest' } : {}),
      },
    });
  } finally {
    discard(folder);
  }
}

/** Counts for scripts/test.mjs and measured values for scripts/bench.mjs. */
function resultFiles(where) {
  const folder = path.join(CACHE, 'results');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `integration-${where}`);
  rmSync(`${file}.measures.jsonl`, { force: true });
  return { K3S_TEST_RESULT: `${file}.json`, K3S_TEST_MEASURES: `${file}.measures.jsonl` };
}

const where = process.argv[2] ?? 'newest';
if (!['floor', 'newest', 'installed', 'desktop'].includes(where))
  die(failure(`No such VS Code: ${where}. Give floor, newest, installed or desktop.`));
else
  await launch(where).then(
    (code) => (process.exitCode = code),
    (error) => die(failure(`The run at ${where} failed: ${error.message}`)),
  );

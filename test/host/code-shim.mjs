#!/usr/bin/env node
// Looks like the executable of VS Code to @vscode/test-electron: give its path as `vscodeExecutablePath`.
// VSCODE_HOST picks the host (`newest` or `floor`), VSCODE_HOST_TIMEOUT the seconds that a suite may take.
import { spawnSync } from 'node:child_process';
import { vscodeHost } from './hosts.mjs';
import { runSuite } from './runSuite.mjs';

const flags = new Map();
const folders = [];
for (const argument of process.argv.slice(2)) {
  const flag = /^--([\w-]+)(?:=(.*))?$/s.exec(argument);
  if (flag) flags.set(flag[1], flag[2]);
  else folders.push(argument);
}

const host = vscodeHost(process.env.VSCODE_HOST ?? 'newest');
if (flags.has('install-extension')) {
  process.exitCode = spawnSync(host.node, [host.main, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} else {
  const { code } = await runSuite({
    host,
    extension: flags.get('extensionDevelopmentPath'),
    tests: flags.get('extensionTestsPath'),
    workspace: folders[0],
    extensionsDir: flags.get('extensions-dir'),
    resultFile: process.env.K3S_TEST_RESULT,
    timeoutMs: Number(process.env.VSCODE_HOST_TIMEOUT ?? 180) * 1000,
    name: process.env.K3S_TEST_RUN ?? `suite-${host.name}`,
  });
  process.exitCode = code;
}

const { unwatchFile, watchFile } = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

/** Written by scripts/lib/buildOnSave.mjs after each build without an error. */
const BUILT = path.join(__dirname, '../../../.cache/built');

/** How often the time of that file is looked at, in ms. */
const EVERY_MS = 100;

exports.activate = (context) => {
  watchFile(BUILT, { interval: EVERY_MS }, (now) => {
    // a file that does not exist yet is told once, with zeros
    if (now.mtimeMs > 0) void vscode.commands.executeCommand('workbench.action.reloadWindow');
  });
  context.subscriptions.push({ dispose: () => unwatchFile(BUILT) });
};

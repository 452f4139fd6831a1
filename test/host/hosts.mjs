import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { modernNode } from '../../scripts/lib/processes.mjs';

export const HOST_FOLDER = path.dirname(fileURLToPath(import.meta.url));
export const HOST_MODULES = path.join(HOST_FOLDER, 'node_modules');

/** `floor` is the oldest VS Code that package.json promises (`engines.vscode`), `newest` the newest one we know. */
export const HOST_NAMES = ['floor', 'newest'];

/** Where a host's VS Code server is, and the Node that runs it. The floor gets the very Node that VS Code 1.105 ships. */
export function vscodeHost(name) {
  const folder = path.join(HOST_MODULES, `vscode-${name}`, 'lib', 'vscode');
  const ownNode = path.join(HOST_MODULES, `node-${name}-${process.platform}-${process.arch}`, 'bin', 'node');
  return {
    name,
    folder,
    main: path.join(folder, 'out', 'server-main.js'),
    // Looked for when it is needed: while the servers are being installed, so is our own Node.
    get node() {
      return existsSync(ownNode) ? ownNode : modernNode();
    },
    version: () => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version,
  };
}

// Builds the diagram, the fake host and the real core for a plain browser: node webview/harness/build.mjs FOLDER
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'out/harness'));
mkdirSync(folder, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    topology: 'webview/main.ts',
    fakeHost: 'webview/harness/fakeHost.ts',
    core: 'test/webview/harnessCore.ts',
  },
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'chrome138',
  logLevel: 'warning',
});
for (const name of ['index.html', 'themes.css'])
  copyFileSync(path.join(import.meta.dirname, name), path.join(folder, name));
console.log(path.join(folder, 'index.html'));

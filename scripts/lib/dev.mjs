import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { inRoot, ROOT } from './paths.mjs';
import { modernNode, startGroup, stopGroup } from './processes.mjs';
import { failure } from './say.mjs';

/** Opens the cluster file and the diagram beside it, so that the first sight is not an empty window. */
export const OPENING_EXTENSION = inRoot('test', 'host', 'opening');

/** What a development window loads in place of the package: the checkout, and what reloads the window after each build. */
export const DEV_EXTENSIONS = [ROOT, inRoot('test', 'host', 'reload')];

/** Puts extensions into a folder by links. VS Code's server takes no --extensionDevelopmentPath outside of tests. */
export function linkExtensions(folder, extensions) {
  mkdirSync(folder, { recursive: true });
  for (const extension of extensions)
    symlinkSync(extension, path.join(folder, `linked-${path.basename(extension)}`), 'junction');
}

const BUILT = /^\[watch\] build finished .*$/m;

/**
 * Starts `npm run watch`, shows what it says, and waits for its first build.
 * Resolves with `{ stop(), onExit(listener) }`; a first build with errors is no failure here: the next save may mend it.
 */
export async function startBuilds() {
  const child = startGroup(modernNode(), [inRoot('esbuild.mjs'), '--watch'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      said = BUILT.test(said) ? said : said + chunk;
      if (BUILT.test(said)) resolve();
    });
    child.on('error', (error) => reject(failure(`The build could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => reject(failure(`The build ended with ${code ?? signal}.`)));
  });
  return {
    stop: () => stopGroup(child),
    onExit: (listener) => child.once('exit', (code, signal) => listener(code ?? signal)),
  };
}

import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { modernNode, startGroup, stopGroup } from './processes.mjs';
import { failure } from './say.mjs';

const READY_TIMEOUT_MS = 30_000;

/** The example that `npm start`, `npm run practice` and the UI tests use. */
export const PRACTICE_FOLDER = inRoot('examples', 'practice');
export const PRACTICE_FILE = path.join(PRACTICE_FOLDER, 'cluster.k3s.yaml');

/** Where practice runs put their kubeconfig, so that nobody's own file is touched. The folder is ignored by Git. */
export const PRACTICE_KUBECONFIG = path.join(PRACTICE_FOLDER, '.practice', 'kubeconfig');

/**
 * Starts the simulated hosts of a cluster file, the practice example by default, and waits until they answer.
 * `timeScale` is the factor on simulated waits. Resolves with `{ hosts, stop(), onExit(listener) }`; `hosts` are addresses.
 */
export async function startPracticeFleet({ file = PRACTICE_FILE, timeScale = 0.1 } = {}) {
  const program = inRoot('dist', 'practice.js');
  if (!existsSync(program)) throw failure('dist/practice.js does not exist. Run: npm run build');
  // its stdin stays open: the fleet ends when that closes, so it cannot outlive us
  const child = startGroup(modernNode(), [program, '--file', file, '--time-scale', String(timeScale)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  try {
    const { hosts } = await ready(child);
    // the cluster of an earlier fleet is gone with it, and this one will have another CA
    rmSync(PRACTICE_KUBECONFIG, { force: true });
    return {
      hosts: hosts.map(({ address }) => address),
      stop: () => stopGroup(child),
      onExit: (listener) => child.once('exit', (code, signal) => listener(code ?? signal)),
    };
  } catch (error) {
    await stopGroup(child);
    throw error;
  }
}

/** The fleet prints one line of JSON with `"ready": true` when every host answers; resolves with that. */
function ready(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why) => {
      clearTimeout(timer);
      reject(failure(`The practice fleet ${why}.\n${said.trim()}\nIs another one running? Stop it and try again.`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${READY_TIMEOUT_MS / 1000} s`), READY_TIMEOUT_MS);
    const read = (chunk) => {
      if (said.length < 20_000) said += chunk;
      const line = /^\{.*"ready"\s*:\s*true.*\}$/m.exec(said)?.[0];
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(JSON.parse(line));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => fail(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
  });
}

import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { colored, failure } from './say.mjs';

const WINDOWS = process.platform === 'win32';

/** The oldest Node that runs our tools, and the extension itself. */
const OLDEST_NODE = [22, 19];

/** A Node that is new enough: this one, or the one that npm installed beside our tools. */
export function modernNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  const bundled = inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  throw failure(
    `This needs Node ${OLDEST_NODE.join('.')} or newer, and this is Node ${process.versions.node}. Install a newer Node (any way you like) and run the command again.`,
  );
}

/** Absolute path of a program on PATH, or undefined. */
export function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, WINDOWS ? `${name}.exe` : name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/**
 * Runs a program to its end and resolves with `{ code, output }`; `code` is 128 when a signal ended it.
 * `show: 'live'` passes the output on, `'never'` only collects it. Never reads from our stdin.
 */
export function run(command, args, { cwd = inRoot(), env = {}, show = 'never' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      // a pipe hides the terminal from the program, so it is told
      env: { ...process.env, ...(show === 'live' && colored ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: WINDOWS && command === 'npm',
    });
    let output = '';
    const collect = (target) => (chunk) => {
      output += chunk;
      if (show === 'live') target.write(chunk);
    };
    child.stdout.on('data', collect(process.stdout));
    child.stderr.on('data', collect(process.stderr));
    child.on('error', (error) => reject(failure(`${command} could not be started: ${error.message}`)));
    child.on('close', (code) => resolve({ code: code ?? 128, output }));
  });
}

/** Like {@link run}, but a status other than 0 is an error that carries the output. */
export async function mustRun(command, args, options = {}) {
  const result = await run(command, args, options);
  if (result.code === 0) return result.output;
  const said = options.show === 'live' ? '' : `\n${result.output.trim()}`;
  throw failure(`${path.basename(command)} ${args.join(' ')} ended with status ${result.code}.${said}`);
}

/** Starts a long-running program as the head of a process group, so that {@link stopGroup} ends its children too. */
export function startGroup(command, args, options = {}) {
  return spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...process.env, ...options.env },
    detached: !WINDOWS,
  });
}

/** Ends a group started by {@link startGroup}: politely, then after `patience` ms by force. Resolves when its head is gone. */
export function stopGroup(child, patience = 3000) {
  const signal = (name) => {
    try {
      if (WINDOWS) child.kill(name);
      else process.kill(-child.pid, name);
    } catch {
      // already gone
    }
  };
  if (child.pid === undefined) return Promise.resolve();
  if (child.exitCode !== null || child.signalCode !== null) {
    signal('SIGKILL'); // the head is gone, its children may not be
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const force = setTimeout(() => signal('SIGKILL'), patience);
    child.once('exit', () => {
      clearTimeout(force);
      signal('SIGKILL');
      resolve();
    });
    signal('SIGTERM');
  });
}

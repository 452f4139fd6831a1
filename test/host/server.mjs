import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { mustRun, startGroup, stopGroup } from '../../scripts/lib/processes.mjs';
import { QUIET_SETTINGS } from './settings.mjs';

const READY = /Extension host agent listening on (\d+)/;
const START_TIMEOUT_MS = 60_000;

/** Keeps VS Code from looking for extensions on the network. */
const NO_GALLERY = { EXTENSIONS_GALLERY: '{}' };

const folders = (dataDir, extensionsDir) => {
  const userDir = path.join(dataDir, 'user');
  const extensions = extensionsDir ?? path.join(dataDir, 'extensions');
  mkdirSync(path.join(userDir, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true }); // a missing folder makes VS Code find no extension at all
  return {
    userDir,
    args: [
      '--server-data-dir',
      path.join(dataDir, 'server'),
      '--user-data-dir',
      userDir,
      '--extensions-dir',
      extensions,
    ],
  };
};

/**
 * Starts a VS Code server on a free loopback port, with all its data under `dataDir`.
 *
 * `trustsEverything` turns the question whether a workspace is trusted off.
 * `testDriver` lets the page run an extension's test suite; it also hides notifications, so runs through the UI leave it off.
 * Resolves with `{ port, authority, url(folder, payload), stop(), onExit(listener) }`. `stop()` ends the whole process group.
 */
export async function startServer({
  host,
  dataDir,
  extensionsDir,
  settings = {},
  testDriver = false,
  trustsEverything = true,
  env = {},
}) {
  const { userDir, args } = folders(dataDir, extensionsDir);
  writeFileSync(
    path.join(userDir, 'User', 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2),
  );
  // whoever reaches the port can run programs as us: other users of the machine must not
  const token = randomBytes(16).toString('hex');
  const tokenFile = path.join(dataDir, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });

  const child = startGroup(
    host.node,
    [
      host.main,
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--connection-token-file',
      tokenFile,
      '--accept-server-license-terms',
      ...(trustsEverything ? ['--disable-workspace-trust'] : []),
      '--disable-telemetry',
      '--telemetry-level',
      'off',
      '--disable-experiments',
      '--disable-getting-started-override',
      ...(testDriver ? ['--enable-smoke-test-driver'] : []),
      ...args,
    ],
    // sockets and temporary files go where the run is, and go away with it
    {
      env: { ...env, ...NO_GALLERY, TMPDIR: dataDir, XDG_RUNTIME_DIR: dataDir, NODE_ENV: '', VSCODE_IPC_HOOK_CLI: '' },
    },
  );
  const port = await listening(child, path.join(dataDir, 'server.log')).catch(async (error) => {
    await stopGroup(child);
    throw error;
  });
  const authority = `127.0.0.1:${port}`;
  return {
    port,
    authority,
    url(folder, payload = []) {
      const url = new URL(`http://${authority}/`);
      url.searchParams.set('tkn', token);
      if (folder) url.searchParams.set('folder', folder);
      if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
      return url.href;
    },
    onExit: (listener) => child.once('exit', (code, signal) => listener(code ?? signal)),
    stop: () => stopGroup(child),
  };
}

function listening(child, logFile) {
  const log = createWriteStream(logFile);
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why) => reject(new Error(`The VS Code server ${why}.\n${text.slice(-4000)}`));
    const timer = setTimeout(() => fail(`did not start within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    const read = (chunk) => {
      log.write(chunk);
      if (text.length < 100_000) text += chunk;
      const port = READY.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => fail(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal}`);
    });
  });
}

/** Installs a .vsix as `code --install-extension` does. */
export async function installVsix({ host, vsix, dataDir, extensionsDir }) {
  const { args } = folders(dataDir, extensionsDir);
  await mustRun(host.node, [host.main, '--install-extension', vsix, '--accept-server-license-terms', ...args], {
    env: { ...NO_GALLERY, TMPDIR: dataDir },
  });
}

// Tries the extension out: `npm start` builds it, installs it into a VS Code of its own that runs in the browser, opens
// examples/practice and starts the practice fleet, a cluster of simulated hosts. Ctrl-C ends all of it.
//
//   --desktop     use the `code` on PATH instead, with a profile of its own
//   --no-fleet    without the practice fleet
//   --no-build    with the package that is there
//   --dev         the checkout instead of a package; every save builds it and reloads the window (`npm run dev`)
//   --check       open it in a headless browser, look whether everything is there, and end (for tests)
import { spawn } from 'node:child_process';
import { mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../test/host/browser.mjs';
import { vscodeHost } from '../test/host/hosts.mjs';
import { discard, newRunFolder } from '../test/host/runFolder.mjs';
import { installVsix, startServer } from '../test/host/server.mjs';
import { packageExtension } from './package.mjs';
import { DEV_EXTENSIONS, linkExtensions, OPENING_EXTENSION, startBuilds } from './lib/dev.mjs';
import { ARTIFACTS, CACHE, inRoot, manifest, vsixFile } from './lib/paths.mjs';
import { PRACTICE_FOLDER, PRACTICE_KUBECONFIG, startPracticeFleet } from './lib/practiceFleet.mjs';
import { onPath } from './lib/processes.mjs';
import { bold, die, dim, failure, green, since, step } from './lib/say.mjs';
import { setup } from './setup.mjs';

const started = performance.now();
const { values: options } = parseArgs({
  options: {
    desktop: { type: 'boolean', default: false },
    'no-fleet': { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    dev: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

/** What to undo at the end, last one first. */
const undo = [];
let stopping = false;
const interrupted = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});

try {
  await Promise.race([main(), interrupted]);
} catch (error) {
  die(error);
} finally {
  stopping = true;
  for (const stop of undo.reverse()) await stop();
}
process.exit();

async function main() {
  const parts = ['npm', ...(options.desktop ? [] : ['vscode']), ...(options.check ? ['chromium'] : [])];
  if ((await setup(parts)).length > 0) throw failure('Setup is not complete, see above.');
  if (options.dev) undo.push((await startBuilds()).stop);
  else if (!options['no-build']) await packageExtension();
  if (!options['no-fleet']) {
    const fleet = await step('practice fleet: three servers, two agents, a load balancer', () => startPracticeFleet());
    undo.push(fleet.stop);
    fleet.onExit((how) => stopping || console.log(dim(`The practice fleet ended (${how}).`)));
  }
  if (options.desktop) return openDesktop();
  const server = await step('VS Code', openServer);
  const address = server.url(PRACTICE_FOLDER);
  if (options.check) return check(address);
  welcome(address);
  openInBrowser(address);
  return new Promise((resolve) => server.onExit(resolve));
}

async function openServer() {
  const host = vscodeHost('newest');
  const dataDir = newRunFolder();
  undo.push(() => discard(dataDir));
  const extensionsDir = path.join(dataDir, 'extensions');
  // what is there when the first package is installed counts as installed, too
  linkExtensions(extensionsDir, [...(options.dev ? DEV_EXTENSIONS : []), OPENING_EXTENSION]);
  if (!options.dev) await installVsix({ host, vsix: vsixFile(), dataDir, extensionsDir });
  const settings = {
    'git.enabled': true,
    'workbench.tips.enabled': true,
    'editor.accessibilitySupport': 'auto',
    'files.exclude': { '**/.git': true, '**/.practice': true },
    ...(options.dev ? { 'files.hotExit': 'onExitAndWindowClose' } : {}),
  };
  const server = await startServer({
    host,
    dataDir,
    extensionsDir,
    settings,
    env: { KUBECONFIG: PRACTICE_KUBECONFIG },
  });
  undo.push(server.stop);
  return server;
}

/** A desktop VS Code with folders of its own: the person's extensions and settings stay as they are. */
async function openDesktop() {
  const code = onPath('code');
  if (!code) throw failure('There is no `code` on PATH. Install VS Code, or run npm start without --desktop.');
  const own = [
    '--user-data-dir',
    path.join(CACHE, 'desktop', 'user'),
    '--extensions-dir',
    path.join(CACHE, 'desktop', 'extensions'),
  ];
  const runCode = (args) =>
    new Promise((resolve, reject) => {
      const child = spawn(code, [...own, ...args], {
        stdio: 'inherit',
        env: { ...process.env, KUBECONFIG: PRACTICE_KUBECONFIG },
      });
      child.on('error', reject);
      child.on('exit', resolve);
    });
  if (!options.dev) await runCode(['--install-extension', vsixFile(), '--force']);
  welcome(undefined);
  await runCode([
    '--wait',
    '--new-window',
    ...[...(options.dev ? DEV_EXTENSIONS : []), OPENING_EXTENSION].map(
      (folder) => `--extensionDevelopmentPath=${folder}`,
    ),
    PRACTICE_FOLDER,
  ]);
}

function welcome(address) {
  console.log(`
${green(bold('K3s HA is ready'))} ${dim(`after ${since(started)}`)}
${address ? `\n  Open ${bold(address)}\n` : ''}
What to try first:
  1. The cluster file is open on the left. Hover over an option; delete the tls-san line and look at the first lines of the file.
  2. The diagram is beside it. Click a server and press Space to see what survives without it.
  3. ${bold('K3s HA: Preview Plan')}, then ${bold('K3s HA: Provision Cluster')}: it runs on simulated hosts of this computer.
  4. The ${bold('K3s HA')} explorer shows the nodes, live.

The kubeconfig goes to ${path.relative(process.cwd(), PRACTICE_KUBECONFIG)}; your own is not touched.
${options.dev ? 'Every save in src, webview or schemas builds what it touches and reloads the window.\n' : ''}${dim('Ctrl-C stops everything.')}
`);
}

/** Where there is a display, a click less. Nothing depends on it. */
function openInBrowser(address) {
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const [opener, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  if (!display) return;
  const child = spawn(opener, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log(dim('No browser could be opened from here; open the address yourself.')));
  child.unref();
}

/** What a newcomer must see: the example's file, our explorer with the cluster in it. */
async function check(address) {
  const title = manifest().contributes.viewsContainers.activitybar[0].title;
  const browser = await openBrowser();
  undo.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const picture = path.join(ARTIFACTS, 'start.png');
  mkdirSync(path.dirname(picture), { recursive: true });
  try {
    await step('the workbench shows the cluster file on the left', async () => {
      await page.goto(address);
      await page
        .locator('.editor-group-container')
        .first()
        .locator('.view-line')
        .filter({ hasText: 'kind:' })
        .first()
        .waitFor({ timeout: 60_000 });
    });
    await step('the diagram stands beside it, all of its width in sight', async () => {
      const frame = page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
      await frame.locator('[data-part="server:server-3"]').waitFor({ timeout: 60_000 });
      const hidden = await frame.locator('body').evaluate((body) => {
        const { innerWidth } = body.ownerDocument.defaultView;
        return [...body.querySelectorAll('.part .shape')].filter((shape) => {
          const { left, right } = shape.getBoundingClientRect();
          return left < 0 || right > innerWidth;
        }).length;
      });
      if (hidden > 0) throw failure(`${hidden} parts of the diagram are out of sight.`);
    });
    await step('the explorer shows the cluster', async () => {
      const tab = page.locator('.activitybar').getByRole('tab', { name: title }).first();
      if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
      await page
        .locator('.sidebar')
        .getByRole('treeitem', { name: /practice/ })
        .first()
        .waitFor();
    });
    if (options.dev) {
      await step('a save builds and reloads the window', async () => {
        const reloaded = page.waitForEvent('load', { timeout: 30_000 });
        const now = new Date();
        utimesSync(inRoot('src', 'extension.ts'), now, now); // what an editor that saves without a change does
        await reloaded;
        await page
          .locator('.sidebar')
          .getByRole('treeitem', { name: /practice/ })
          .first()
          .waitFor({ timeout: 60_000 });
      });
    }
  } finally {
    await page.screenshot({ path: picture });
    console.log(`Screenshot: ${picture}`);
  }
}

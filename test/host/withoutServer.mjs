import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { openBrowser } from './browser.mjs';
import { vscodeHost } from './hosts.mjs';
import { discard, newRunFolder } from './runFolder.mjs';
import { startServer } from './server.mjs';

const TYPES = { '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css', '.svg': 'image/svg+xml' };
const ANYONE = { 'access-control-allow-origin': '*' };
const PLACE = '/k3s-ha-web';

/** What the page is told otherwise: no agent on a server, our extension from its own address, and nothing else in the way. */
function alone(settings, authority) {
  const config = JSON.parse(settings.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
  delete config.remoteAuthority;
  delete config.folderUri;
  return JSON.stringify({
    ...config,
    additionalBuiltinExtensions: [{ scheme: 'http', authority, path: PLACE }],
    configurationDefaults: {
      'workbench.startupEditor': 'none',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'chat.disableAIFeatures': true,
    },
  })
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
}

/** code-server keeps the settings of a person on its server; VS Code keeps them in the browser, and so does this one again. */
function asUpstream(workbench) {
  const kept = workbench.replace(
    /(get userRoamingDataHome\(\)\{return )\w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)\}/,
    '$1$2.file("/User").with({scheme:$3.vscodeUserData})}',
  );
  const found = kept.replace('remoteAuthority:location.host}', 'remoteAuthority:undefined}');
  if (kept === workbench || found === kept) throw new Error('This VS Code is not made as the one that is known here.');
  return found;
}

/**
 * A VS Code as at vscode.dev: the page alone, without an extension host on a server. Our extension runs in a worker of the
 * browser, from dist/browser.js, as it would come from a marketplace. See withoutServer.d.mts for the types.
 */
export async function openWithoutServer() {
  const dataDir = newRunFolder();
  const server = await startServer({ host: vscodeHost('newest'), dataDir });
  let browser;
  const close = async () => {
    await browser?.close().catch(() => {});
    await server.stop();
    discard(dataDir);
  };
  try {
    browser = await openBrowser();
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    await context.route(`**${PLACE}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const file = inRoot(decodeURIComponent(pathname.slice(pathname.indexOf(PLACE) + PLACE.length + 1)));
      if (!existsSync(file) || !statSync(file).isFile()) return route.fulfill({ status: 404, headers: ANYONE });
      const contentType = TYPES[path.extname(file)] ?? 'application/octet-stream';
      return route.fulfill({ body: readFileSync(file), headers: ANYONE, contentType });
    });
    await context.route('**/workbench.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: asUpstream(await response.text()) });
    });
    await context.route(
      ({ pathname }) => pathname === '/',
      async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(
          /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)/,
          (_, before, settings) => before + alone(settings, server.authority),
        );
        await route.fulfill({ response, body });
      },
    );
    const page = await context.newPage();
    await page.goto(server.url());
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

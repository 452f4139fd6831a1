import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openBrowser } from './browser.mjs';
import { vscodeHost } from './hosts.mjs';
import { discard, keep, newRunFolder } from './runFolder.mjs';
import { installVsix, startServer } from './server.mjs';

const START_TIMEOUT_MS = 60_000;

/**
 * Opens a workbench as a person sees it: the package installed, a copy of `workspace` opened, notifications shown.
 * See workbench.d.mts for the types.
 */
export async function openWorkbench({
  hostName = 'newest',
  vsix,
  workspace,
  settings = {},
  viewport = { width: 1400, height: 900 },
  trustsEverything,
  env = {},
}) {
  const host = vscodeHost(hostName);
  const dataDir = newRunFolder();
  const extensionsDir = path.join(dataDir, 'extensions');
  const folder = path.join(dataDir, path.basename(workspace));
  // keys and state of a practice fleet that ran there belong to that fleet
  if (existsSync(workspace))
    cpSync(workspace, folder, { recursive: true, filter: (source) => path.basename(source) !== '.practice' });
  else mkdirSync(folder);
  let server;
  let browser;
  const close = async () => {
    await browser?.close().catch(() => {});
    await server?.stop();
    discard(dataDir);
  };
  try {
    await installVsix({ host, vsix, dataDir, extensionsDir });
    server = await startServer({ host, dataDir, extensionsDir, settings, trustsEverything, env });
    browser = await openBrowser();
    const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(server.url(folder));
    await page.locator('.monaco-workbench').waitFor({ timeout: START_TIMEOUT_MS });
    return {
      page,
      folder,
      version: host.version(),
      close,
      /** Saves logs and a screenshot under .cache/artifacts/<name> and resolves with that path. */
      async keepArtifacts(name) {
        await page.screenshot({ path: path.join(dataDir, 'end.png') }).catch(() => {});
        return keep(dataDir, name);
      },
    };
  } catch (error) {
    const artifacts = keep(dataDir, 'workbench-start');
    await close();
    error.message += `\nLogs: ${artifacts}`;
    throw error;
  }
}

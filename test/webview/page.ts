import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { topologyHtml } from '../../src/contract/html';
import type { FromWebview } from '../../src/contract/messages';

const ORIGIN = 'http://topology.test';
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export interface Harness {
  /** Size of the two files that ship, in bytes. */
  readonly bundleBytes: number;
  open(
    scenario: string,
    options?: { readonly theme?: Theme; readonly width?: number; readonly height?: number; readonly words?: Words },
  ): Promise<OpenPage>;
  close(): Promise<void>;
}

/** Another language than English: what the editor says in it, and what the page does. */
export interface Words {
  readonly editor: Readonly<Record<string, string>>;
  readonly page: Readonly<Record<string, string>>;
}

/** VS Code's own four, and one of somebody else. */
export type Theme = 'light' | 'dark' | 'hc-dark' | 'hc-light' | 'dracula';

export interface OpenPage {
  readonly page: Page;
  /** Errors and policy violations that the browser reported. */
  readonly complaints: readonly string[];
  posted(): Promise<readonly FromWebview[]>;
  refused(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The diagram in a real Chromium with the page that the extension serves; the fake host and the core come in from outside the page's policy. */
export async function startHarness(): Promise<Harness> {
  const folder = mkdtempSync(path.join(tmpdir(), 'topology-'));
  execFileSync(process.execPath, [path.resolve('webview/harness/build.mjs'), folder]);
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const files: Record<string, readonly [type: string, body: string]> = {
    '/topology.js': ['text/javascript', read('topology.js')],
    '/topology.css': ['text/css', `${read('themes.css')}\n${read('topology.css')}`],
  };
  const host = `${read('core.js')}\n${read('fakeHost.js')}`;
  const bundleBytes = Buffer.byteLength(read('topology.js')) + Buffer.byteLength(read('topology.css'));
  rmSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    bundleBytes,
    open: (scenario, options) => openPage(browser, files, host, scenario, options),
    close: () => browser.close(),
  };
}

function htmlIn(words: Words | undefined): string {
  return topologyHtml({
    scriptUri: `${ORIGIN}/topology.js`,
    styleUri: `${ORIGIN}/topology.css`,
    nonce: 'n0nce',
    cspSource: ORIGIN,
    title: 'Topology',
    ...(words === undefined ? {} : { words: { language: 'zh-cn', texts: new Map(Object.entries(words.page)) } }),
  });
}

async function openPage(
  browser: Browser,
  files: Record<string, readonly [string, string]>,
  host: string,
  scenario: string,
  { theme = 'light', width = 1200, height = 900, words }: Parameters<Harness['open']>[1] = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: htmlIn(words) });
    const file = files[pathname];
    return file === undefined ? route.abort() : route.fulfill({ contentType: file[0], body: file[1] });
  });
  if (words !== undefined) await page.addInitScript(`coreWords = ${JSON.stringify(words.editor)}`);
  await page.addInitScript(host);
  await page.goto(`${ORIGIN}/?scenario=${scenario}&theme=${theme}`);
  await page.locator('[data-part="clients"]').waitFor();
  return {
    page,
    complaints,
    posted: () => page.evaluate<FromWebview[]>('window.posted'),
    refused: () => page.evaluate<unknown[]>('window.refused'),
    close: () => context.close(),
  };
}

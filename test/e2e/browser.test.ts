import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ARTIFACTS } from '../../scripts/lib/paths.mjs';
import { openWithoutServer } from '../host/withoutServer.mjs';
import { editorPage } from './pages/editor';
import { notificationsPage } from './pages/notifications';
import { palettePage } from './pages/palette';
import { webviewPage } from './pages/panels';
import { quickInputPage } from './pages/quickInput';

let page: Page;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ page, close } = await openWithoutServer());
  page.setDefaultTimeout(20_000);
});
afterAll(() => close());

test('in a browser without a server a cluster file is written, checked, completed, explained and drawn', async () => {
  const quickInput = quickInputPage(page);
  const palette = palettePage(page, quickInput);
  const editor = editorPage(page, quickInput);
  await palette.run('K3s HA: New Cluster File');
  await quickInput.pick(/Embedded etcd/);
  await quickInput.type(/Servers, the fixed address/, 'servers 10.0.0.[11-13], address 10.0.0.100');
  await quickInput.type(/Who logs in to the machines by SSH/, '');
  await editor.line('tls-san:').waitFor();

  await editor.goToEndOf(/^\s*-\s10\.0\.0\.100$/);
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Backspace');
  await editor.squiggles('error').first().waitFor();
  expect(await editor.hover('tls-san')).toMatch(/TLS|certificate/i);
  await editor.goToEndOf('secrets-encryption:');
  await page.keyboard.press('Enter');
  expect(await editor.completions()).toEqual(expect.arrayContaining(['advertise-address']));
  await page.keyboard.press('Escape');

  await palette.run('K3s HA: Show Topology');
  const { frame } = webviewPage(page);
  await frame().locator('[data-part="server:server-3"]').waitFor();
  mkdirSync(path.join(ARTIFACTS, 'screenshots'), { recursive: true });
  await page.screenshot({ path: path.join(ARTIFACTS, 'screenshots', 'browser.png') });

  await palette.run('K3s HA: Preview Plan');
  await notificationsPage(page).waitFor(/Preview Plan needs a computer that reaches your machines/, 20_000);
});

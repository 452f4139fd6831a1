import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { useWorkbench } from './driver';

const HOME = mkdtempSync(path.join(tmpdir(), 'k3s-ha-e2e-'));
const VIEW = 'Clusters';
/** What has the keyboard while a text editor has it: the field that it reads keys from. */
const IN_EDITOR = /editor is not accessible|cluster\.k3s\.yaml/;

afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** The whole way from nothing to a cluster that is played with, by somebody without a mouse; each test goes on where the last one ended. */
describe('by keyboard alone', () => {
  const workbench = useWorkbench({
    viewport: { width: 1400, height: 900 },
    env: { HOME, KUBECONFIG: path.join(HOME, 'kubeconfig') },
    settings: { 'k3s-ha.practice.timeScale': 0.05, 'workbench.colorTheme': 'Default Dark Modern' },
    workspace: inRoot('examples', 'nothing-yet'),
  });
  let presses: () => Promise<number>;
  beforeAll(async () => {
    presses = await workbench().keyboard.countPresses();
  });
  afterAll(async () => expect(await presses()).toBe(0));

  const visible = (stops: readonly { name: string; seen: boolean }[]): void =>
    expect(stops.filter(({ seen }) => !seen).map(({ name }) => name)).toEqual([]);

  test('an empty workspace offers a new cluster file where Tab leads', async () => {
    const { keyboard, sideBar, page, quickInput, screenshot } = workbench();
    await keyboard.run('K3s HA: Focus on Clusters View');
    const offer = sideBar.welcome('New Cluster File');
    await keyboard.goTo(offer);
    await screenshot('keyboard-welcome');
    await page.keyboard.press('Enter');
    await quickInput.input.waitFor();
    await keyboard.pick('Practice fleet');
  });

  test('the new file is there, with the keyboard in it, and is saved', async () => {
    const { editor, page, keyboard } = workbench();
    await editor.line('name: agent-2').waitFor();
    await expect.poll(async () => (await keyboard.focused())?.name).toMatch(IN_EDITOR);
    await page.keyboard.press('Control+s');
    await page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
  });

  test('the practice fleet starts, and its message leaves the keyboard where it is', async () => {
    const { keyboard, notifications } = workbench();
    await keyboard.run('K3s HA: Start Practice Fleet');
    await notifications.waitFor(/5 simulated hosts are running/, 60_000);
    expect((await keyboard.focused())?.name).toMatch(IN_EDITOR);
  });

  test('every question is answered by Tab and Enter, and the run takes the keyboard from nobody', async () => {
    const { keyboard, notifications, page, screenshot } = workbench();
    await keyboard.run('K3s HA: Provision Cluster');
    for (const [question, answer] of [
      ['gives something of this computer', 'Agree'],
      ['Provision practice?', 'Provision'],
    ] as const) {
      const dialog = page.getByRole('dialog').filter({ hasText: question });
      await dialog.waitFor({ timeout: 60_000 });
      await keyboard.goTo(dialog.getByRole('button', { name: answer, exact: true }));
      await screenshot(`keyboard-${answer.toLowerCase()}`);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
    }
    await keyboard.keeps(() => notifications.waitFor(/Context "practice" is in/, 120_000));
  });

  test('the tree is walked with arrow keys, and a menu opens on a row', async () => {
    const { keyboard, sideBar, page, menu, screenshot } = workbench();
    await keyboard.run('K3s HA: Focus on Clusters View');
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    const row = page.locator('.sidebar .monaco-list-row.focused').filter({ hasText: /^server-2/ });
    await page.keyboard.press('Home');
    for (let steps = 0; steps < 20 && (await row.count()) === 0; steps++) await page.keyboard.press('ArrowDown');
    await row.waitFor();
    await page.keyboard.press('Shift+F10');
    await menu.entry('Open Shell').waitFor();
    await screenshot('keyboard-menu');
    await page.keyboard.press('Escape');
    await row.waitFor();
  });

  test('the diagram is reached, a server fails in thought, and all is back to now', async () => {
    const { keyboard, webview, page, screenshot } = workbench();
    await keyboard.run('K3s HA: Show Topology');
    const frame = webview.frame();
    const server = frame.locator('[data-part="server:server-2"]');
    await server.waitFor({ timeout: 60_000 });
    await expect.poll(() => frame.locator('.mode').textContent(), { timeout: 60_000 }).toBe('now');
    await page.keyboard.press('Control+2');
    const first = frame.locator('.diagram [data-part][tabindex="0"]');
    visible(await keyboard.goTo(first));
    for (let steps = 0; steps < 12 && (await keyboard.focused())?.name !== 'server:server-2'; steps++) {
      const at = (await keyboard.focused())?.name ?? '';
      await page.keyboard.press(at.startsWith('server:') ? 'ArrowRight' : 'ArrowDown');
    }
    expect(await keyboard.focused()).toEqual({ name: 'server:server-2', seen: true });
    await page.keyboard.press('Space');
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('what if');
    await expect.poll(() => frame.locator('.verdict').textContent()).toContain('What if server-2 fails?');
    expect(await keyboard.focused()).toEqual({ name: 'server:server-2', seen: true });
    await screenshot('keyboard-what-if');
    const back = frame.getByRole('button', { name: 'Back to Now' });
    visible(await keyboard.goTo(back, 'Shift+Tab'));
    await page.keyboard.press('Enter');
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('now');
    await screenshot('keyboard-back');
    expect((await keyboard.focused())?.seen).toBe(true);
  });

  test('F12 leads from a part to its lines, and the keyboard goes along', async () => {
    const { keyboard, page, webview } = workbench();
    const part = webview.frame().locator('.diagram [data-part][tabindex="0"]');
    await keyboard.goTo(part);
    await page.keyboard.press('F12');
    await page.getByRole('button', { name: /^Ln [1-9]\d*, Col/ }).waitFor();
    await expect.poll(async () => (await keyboard.focused())?.name).toMatch(IN_EDITOR);
  });

  test('the practice fleet stops', async () => {
    const { keyboard, notifications } = workbench();
    await keyboard.run('K3s HA: Stop Practice Fleet');
    await notifications.waitFor(/practice fleet has stopped/, 60_000);
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { useWorkbench } from './driver';

/** A home of its own: nobody's kubeconfig, SSH keys or secrets are used or touched. */
const HOME = mkdtempSync(path.join(tmpdir(), 'k3s-ha-e2e-'));
const VIEW = 'Clusters';
const FINDING = /agent-2 has no interface eth9, which the file names as flannel-iface\. Correct flannel-iface/;

afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** What is known of hosts before they are touched; each test goes on where the last one ended. */
describe('hosts that are looked at', () => {
  const workbench = useWorkbench({
    viewport: { width: 1600, height: 1000 },
    env: { HOME, KUBECONFIG: path.join(HOME, 'kubeconfig') },
    settings: { 'k3s-ha.practice.timeScale': 0.05, 'workbench.colorTheme': 'Default Dark Modern' },
  });
  const inBothThemes = async (name: string): Promise<void> => {
    const { palette, page, screenshot } = workbench();
    await screenshot(`${name}-dark`);
    await palette.run('Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await screenshot(`${name}-light`);
    await palette.run('Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs-dark').waitFor();
  };
  const file = (name: string): string => readFileSync(path.join(workbench().folder, name), 'utf8');

  test('are checked: what is found stands at the line of its machine and leads to its page', async () => {
    const { editor, palette, notifications, problems, sideBar, page } = workbench();
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Start Practice Fleet');
    await notifications.waitFor(/5 simulated hosts are running/, 60_000);
    await sideBar.open('K3s HA');
    await editor.open('cluster.k3s.yaml');
    await page.keyboard.press('Control+End');
    await editor.goToEndOf('name: agent-2');
    await page.keyboard.press('Enter');
    await editor.type('config: { flannel-iface: eth9 ');
    await editor.save();
    await palette.run('K3s HA: Check Hosts');
    await notifications.answerDialog('gives something of this computer', 'Agree');
    await notifications.waitFor(/5 of 5 machines examined: 1 error, 0 warnings/, 120_000);
    await notifications.press(/machines examined/, 'Show Problems');
    await problems.item(FINDING).waitFor();
    await problems.goTo(FINDING);
    const at = file('cluster.k3s.yaml')
      .split('\n')
      .findIndex((text) => text.includes('127.77.0.22'));
    await page.getByRole('button', { name: new RegExp(`^Ln ${at + 1}, `) }).waitFor();
    await inBothThemes('hosts-checked');
    await page.locator('.markers-panel a', { hasText: 'node-ip-elsewhere' }).click({ modifiers: ['Control'] });
    await editor.tab('node-ip-elsewhere.md').waitFor();
    await palette.run('View: Close Editor');
    await palette.run('View: Hide Panel');
  });

  test('carry their mark in tree and diagram, which say the same', async () => {
    const { editor, palette, sideBar, webview, page, screenshot } = workbench();
    await sideBar.row(VIEW, /^Needs Attention, 1/).waitFor();
    const row = sideBar.row(VIEW, /^agent-2.*1 error/);
    await row.waitFor();
    expect(await sideBar.tooltip(VIEW, /^agent-2.*1 error/)).toMatch(FINDING);
    await screenshot('hosts-checked-tooltip');
    await page.keyboard.press('Escape');
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Show Topology');
    const part = webview.frame().locator('[data-part="agent:agent-2"]');
    await part.waitFor({ timeout: 60_000 });
    await expect.poll(() => part.getAttribute('aria-label')).toContain('1 error');
    await part.click();
    await webview.frame().getByText(FINDING).filter({ visible: true }).first().waitFor();
    await inBothThemes('hosts-checked-diagram');
    await palette.run('View: Close All Editors');
  });
});

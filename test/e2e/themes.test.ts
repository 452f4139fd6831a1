import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { useWorkbench, type Driver } from './driver';

const HOME = mkdtempSync(path.join(tmpdir(), 'k3s-ha-e2e-'));
const VIEW = 'Clusters';

/** VS Code's own four, with the class by which the window shows that it has them. */
const THEMES = [
  ['light', 'Default Light Modern', '.monaco-workbench.vs'],
  ['dark', 'Default Dark Modern', '.monaco-workbench.vs-dark'],
  ['hc-dark', 'Default High Contrast', '.monaco-workbench.hc-black'],
  ['hc-light', 'Default High Contrast Light', '.monaco-workbench.hc-light'],
] as const;
const SIZES = [
  { width: 1400, height: 900 },
  { width: 1024, height: 700 },
] as const;

/** As large as the clusters that people ask about. */
const LARGE = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: factory-floor-north}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: 10.0.0.100}
datastore: {type: embedded-etcd}
token: \${secret:factory-token}
servers:
  config: {tls-san: [10.0.0.100]}
  nodes:
    - {host: '10.0.0.[11-13]', name: 'factory-server-[1-3]'}
agents:
  nodes:
    - {host: '10.0.1.[1-100]', name: 'factory-agent-[1-100]', zone: assembly-hall-west}
    - {host: '10.0.2.[1-100]', name: 'factory-agent-[101-200]', zone: assembly-hall-east}
`;

afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** What people look at most, in every theme and at both sizes: `npm run screens` takes these pictures alone. */
describe('every theme and size', () => {
  const workbench = useWorkbench({
    viewport: SIZES[0],
    env: { HOME, KUBECONFIG: path.join(HOME, 'kubeconfig') },
    settings: { 'k3s-ha.practice.timeScale': 0.05 },
  });

  /** Pictures of what stands there now; `check` looks at each. */
  async function inEach(name: string, check: (driver: Driver) => Promise<void>): Promise<void> {
    const driver = workbench();
    const { page, folder, screenshot } = driver;
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    for (const [theme, setting, sign] of THEMES) {
      writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': setting }));
      await page.locator(sign).waitFor();
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await check(driver);
        await screenshot(`${name}-${theme}-${size.width}`);
      }
    }
    await page.setViewportSize(SIZES[0]);
  }

  /** Rows of the explorer of which something is cut off. */
  const cutRows = ({ page }: Driver): Promise<string[]> =>
    page
      .locator('.sidebar .monaco-list-row .monaco-icon-label-container')
      .evaluateAll((labels) =>
        labels
          .filter((label) => label.scrollWidth > label.clientWidth)
          .map((label) => (label as unknown as { innerText: string }).innerText),
      );

  test('the plan document', async () => {
    const { editor, palette, notifications, sideBar } = workbench();
    await palette.run('K3s HA: Start Practice Fleet');
    await notifications.waitFor(/5 simulated hosts are running/, 60_000);
    await sideBar.open('K3s HA');
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Preview Plan');
    await notifications.answerDialog('gives something of this computer', 'Agree');
    await editor.lens('Apply Plan').waitFor({ timeout: 60_000 });
    await palette.run('Notifications: Clear All Notifications');
    await inEach('screen-plan', async () => {
      await editor.lens('Apply Plan').waitFor();
    });
  });

  test('the explorer with failures, where nothing is cut off', async () => {
    const { editor, palette, notifications, sideBar } = workbench();
    await palette.run('K3s HA: Provision Cluster');
    await notifications.answerDialog('Provision practice?', 'Provision');
    await notifications.waitFor(/Context "practice" is in/, 120_000);
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await sideBar.pressMenu(VIEW, /^server-2/, 'Simulation', 'Simulate: Power Off');
    await sideBar.row(VIEW, /^server-2.*down/).waitFor({ timeout: 60_000 });
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
    await palette.run('Notifications: Clear All Notifications');
    await inEach('screen-failures', async (driver) => {
      await sideBar.row(VIEW, /^server-2.*down/).waitFor();
      expect(await cutRows(driver)).toEqual([]);
    });
  });

  test('the diagram beside the file, no server of which is cut off at a side', async () => {
    const { palette, webview, page } = workbench();
    await palette.run('K3s HA: Show Topology');
    const frame = webview.frame();
    await frame.locator('[data-part="server:server-2"]').waitFor({ timeout: 60_000 });
    await inEach('screen-diagram', async () => {
      await expect.poll(() => frame.locator('.mode').textContent()).toBe('now');
      for (const server of ['server-1', 'server-2', 'server-3']) {
        const part = frame.locator(`[data-part="server:${server}"]`);
        const width = page.viewportSize()?.width ?? 0;
        await expect
          .poll(async () => {
            const box = await part.boundingBox();
            return box !== null && box.x > 0 && box.x + box.width <= width;
          })
          .toBe(true);
      }
    });
    await palette.run('View: Close All Editors');
  });

  test('3 servers and 200 agents, of which nothing is cut off', async () => {
    const { folder, sideBar, screenshot } = workbench();
    writeFileSync(path.join(folder, 'factory.k3s.yaml'), LARGE);
    await sideBar.row(VIEW, /^factory-floor-north/).waitFor({ timeout: 60_000 });
    await sideBar.row(VIEW, /^Agents, 200/).waitFor();
    await screenshot('screen-large');
    expect(await cutRows(workbench())).toEqual([]);
  });

  test('the practice fleet stops', async () => {
    const { palette, notifications } = workbench();
    await palette.run('K3s HA: Stop Practice Fleet');
    await notifications.waitFor(/practice fleet has stopped/, 60_000);
  });
});

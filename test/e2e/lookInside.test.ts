import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { useWorkbench } from './driver';

const HOME = mkdtempSync(path.join(tmpdir(), 'k3s-ha-e2e-'));
const VIEW = 'Clusters';

/** One that can run on agent-1 only, and one with a pod on any node. */
const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata: {name: till, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: till}}
  template:
    metadata: {labels: {app: till}}
    spec: {nodeSelector: {kubernetes.io/hostname: agent-1}, containers: [{name: till, image: till}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: window, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: window}}
  template:
    metadata: {labels: {app: window}}
    spec: {containers: [{name: window, image: window}]}
`;

afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** What a running cluster shows of itself, and what becomes of it when parts are taken away; each test goes on where the last one ended. */
describe('a cluster that is looked into', () => {
  const workbench = useWorkbench({
    viewport: { width: 1600, height: 1000 },
    env: { HOME, KUBECONFIG: path.join(HOME, 'kubeconfig') },
    settings: { 'k3s-ha.practice.timeScale': 0.05, 'workbench.colorTheme': 'Default Light Modern' },
  });

  test('is provisioned', async () => {
    const { palette, editor, notifications, sideBar, folder } = workbench();
    const file = path.join(folder, 'cluster.k3s.yaml');
    mkdirSync(path.join(folder, 'addons'));
    writeFileSync(path.join(folder, 'addons', 'shop.yaml'), SHOP);
    writeFileSync(file, `${readFileSync(file, 'utf8')}manifests: [./addons/shop.yaml]\n`);
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Start Practice Fleet');
    await notifications.waitFor(/5 simulated hosts are running/, 60_000);
    await sideBar.open('K3s HA');
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Provision Cluster');
    await notifications.answerDialog('gives something of this computer', 'Agree');
    await notifications.answerDialog('Provision practice?', 'Provision');
    await notifications.waitFor(/Context "practice" is in/, 120_000);
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await palette.run('Notifications: Clear All Notifications');
  });

  test('tells which of its workloads stop with which node and zone, also in what is played through', async () => {
    const { sideBar, palette, webview, screenshot, editor } = workbench();
    await sideBar.expand(VIEW, /^Workloads/);
    await sideBar.row(VIEW, /^Workloads.*whichever single node fails/).waitFor({ timeout: 60_000 });
    await sideBar.row(VIEW, /^agent-1, 1 stop/).waitFor();
    await sideBar.row(VIEW, /^zone rack-a, 1 stop/).waitFor();
    await sideBar.expand(VIEW, /^agent-1, 1 stop/);
    await sideBar.row(VIEW, /shop\/till/).waitFor();
    await screenshot('workloads');
    await palette.run('K3s HA: Show Topology');
    const frame = webview.frame();
    await frame.locator('[data-part="agent:agent-1"]').click({ timeout: 60_000 });
    await frame.getByRole('button', { name: 'Let it fail' }).click();
    await frame
      .locator('.answers')
      .getByText(/Of what ran at \d\d:\d\d UTC: .*till/)
      .waitFor();
    await screenshot('workloads-what-if');
    await frame.getByRole('button', { name: /^Back to/ }).click();
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
  });

  test('is exported as an inventory for another tool, without its secrets', async () => {
    const { sideBar, quickInput, editor, notifications, palette, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^practice/, 'Export…');
    await quickInput
      .option(/k3s-ansible/)
      .first()
      .waitFor();
    await screenshot('export-forms');
    await quickInput.pick(/k3s-ansible/);
    await notifications.waitFor(/1 file for .*k3s-ansible.*without secrets/);
    await editor.line('k3s_cluster:').waitFor();
    const text = (await editor.lines()).join('\n');
    expect(text).toMatch(/127\.77\.0\.1[123]/);
    await screenshot('exported');
    await palette.run('View: Revert and Close Editor');
    await palette.run('Notifications: Clear All Notifications');
    await editor.open('cluster.k3s.yaml');
  });

  test('loses a server: red, in words, as a problem with a page, and both go with the power', async () => {
    const { sideBar, problems, notifications, page, palette, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^server-2/, 'Simulation', 'Simulate: Power Off');
    await notifications.waitFor(/Simulation: server-2 is switched off/);
    const down = sideBar.row(VIEW, /^server-2.*(down|does not answer)/);
    await down.waitFor({ timeout: 60_000 });
    await down.locator('.codicon-error').waitFor();
    await problems.open();
    const problem = problems.item(/server-2 is down since/);
    await problem.waitFor({ timeout: 60_000 });
    await sideBar.row(VIEW, /^Needs Attention/).waitFor();
    await screenshot('server-down');
    await problem.getByText('server-down', { exact: true }).click();
    const preview = page
      .locator('.tabs-container')
      .getByRole('tab', { name: /server-down/ })
      .first();
    await preview.waitFor({ timeout: 60_000 });
    await screenshot('server-down-page');
    await palette.run('View: Close Editor');
    await sideBar.pressMenu(VIEW, /^server-2/, 'Simulation', 'Simulate: Power On');
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await problem.waitFor({ state: 'detached', timeout: 60_000 });
    await palette.run('View: Hide Panel');
    await palette.run('Notifications: Clear All Notifications');
  });

  test.each([
    ['Cut Off from the Network', 'Join the Network', 'cut off from the network'],
    ['Hang', 'Go On', 'hanging'],
    ['Fill the Disk', 'Free the Disk', 'out of disk space'],
    ['Change the SSH Host Key', 'Show the Old SSH Host Key', 'showing another SSH key'],
  ])('has an agent that is told to: %s, and gets it back by: %s', async (on, off, words) => {
    const { sideBar, notifications, palette, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^agent-2/, 'Simulation', `Simulate: ${on}`);
    await notifications.waitFor(new RegExp(`Simulation: agent-2 is ${words}`));
    await sideBar.row(VIEW, new RegExp(`^agent-2.*${words}`)).waitFor({ timeout: 60_000 });
    await screenshot(`simulated-${on.replaceAll(' ', '-').toLowerCase()}`);
    await sideBar.pressMenu(VIEW, /^agent-2/, 'Simulation', `Simulate: ${off}`);
    await notifications.waitFor(new RegExp(`Simulation: agent-2 is no longer ${words}`));
    await sideBar.row(VIEW, new RegExp(`^agent-2(?!.*${words})`)).waitFor({ timeout: 60_000 });
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await palette.run('Notifications: Clear All Notifications');
  });

  test('has the same menu on the parts of the diagram, by the mouse and by the key for menus', async () => {
    const { palette, webview, menu, notifications, page, sideBar, screenshot, editor } = workbench();
    await palette.run('K3s HA: Show Topology');
    const frame = webview.frame();
    const server = frame.locator('[data-part="server:server-3"]');
    await server.waitFor({ timeout: 60_000 });
    await menu.ask(() => server.click({ button: 'right' }), 'Simulation');
    await screenshot('diagram-menu');
    await menu.take('Simulation', 'Simulate: Power Off');
    await notifications.waitFor(/Simulation: server-3 is switched off/);
    await expect.poll(() => server.getAttribute('aria-label'), { timeout: 60_000 }).toMatch(/down|does not answer/);
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('now');
    await screenshot('diagram-server-down');
    const byKey = async (): Promise<void> => {
      await server.focus();
      await page.keyboard.press('Shift+F10');
    };
    await menu.ask(byKey, 'Simulation');
    await menu.take('Simulation', 'Simulate: Power On');
    await notifications.waitFor(/Simulation: server-3 is no longer switched off/);
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await palette.run('Notifications: Clear All Notifications');
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
  });

  test('is worked on from the diagram as from the explorer: what a node is, its journal, cordon and uncordon', async () => {
    const { palette, webview, menu, notifications, page, editor, screenshot, sideBar } = workbench();
    await palette.run('K3s HA: Show Topology');
    const part = (id: string) => webview.frame().locator(`[data-part="${id}"]`);
    const agent = part('agent:agent-1');
    await agent.waitFor({ timeout: 60_000 });
    await menu.ask(() => agent.click({ button: 'right' }), 'Drain…');
    const titles = await menu.titles();
    expect(titles).toEqual(
      expect.arrayContaining([
        'Open Shell',
        'Follow Journal',
        'Cordon',
        'Restart K3s…',
        'Reboot Machine…',
        'Remove Node…',
      ]),
    );
    expect(titles).not.toContain('Uncordon');
    await menu.take('Cordon');
    await notifications.waitFor(/agent-1 gets no new pods/, 60_000);
    await sideBar.row(VIEW, /^agent-1.*cordoned/).waitFor({ timeout: 60_000 });
    await agent.focus();
    // The menu follows the state; it opens by the keyboard, too.
    for (let turns = 10; ; turns--) {
      await page.keyboard.press('Shift+F10');
      await menu.entry('Drain…').waitFor();
      if ((await menu.titles()).includes('Uncordon') || turns === 0) break;
      await page.keyboard.press('Escape');
      await menu.entry('Drain…').waitFor({ state: 'detached' });
    }
    await menu.take('Uncordon');
    await notifications.waitFor(/agent-1 takes pods again/, 60_000);
    await menu.ask(() => part('server:server-1').click({ button: 'right' }), 'Follow Journal');
    await menu.take('Follow Journal');
    await editor.tab(/server-1.*log/).waitFor({ timeout: 60_000 });
    await screenshot('diagram-journal');
    await palette.run('View: Close All Editors');
    await palette.run('Notifications: Clear All Notifications');
    await editor.open('cluster.k3s.yaml');
  });

  test('has two of its zones parted, by name, and joined again', async () => {
    const { sideBar, quickInput, notifications, palette, screenshot, editor } = workbench();
    await sideBar.pressMenu(VIEW, /^server-1/, 'Simulation', 'Simulate: Part Zones…');
    await quickInput.pick(/rack-a.*rack-c/);
    await notifications.waitFor(/Simulation: rack-a and rack-c do not reach each other/);
    await screenshot('zones-parted');
    await sideBar.pressMenu(VIEW, /^server-1/, 'Simulation', 'Simulate: Join All Zones');
    await notifications.waitFor(/all zones reach each other again/);
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
    await palette.run('Notifications: Clear All Notifications');
  });

  test('teaches: the first lesson compares what was expected with what happens, and the tour goes on or ends', async () => {
    const { palette, quickInput, page, sideBar, screenshot } = workbench();
    const title = page.locator('.quick-input-widget .quick-input-title');
    await palette.run('K3s HA: Take the Practice Tour');
    await quickInput
      .option(/1\. Lose a server/)
      .first()
      .waitFor({ timeout: 60_000 });
    await screenshot('tour-lessons');
    await quickInput.pick(/1\. Lose a server/);
    await quickInput
      .option(/It answers no more/)
      .first()
      .waitFor({ timeout: 60_000 });
    await screenshot('tour-question');
    await quickInput.pick(/It answers no more/);
    await sideBar.row(VIEW, /^server-3.*(down|does not answer)/).waitFor({ timeout: 60_000 });
    await quickInput
      .option(/Bring It Back/)
      .first()
      .waitFor({ timeout: 120_000 });
    await screenshot('tour-result');
    expect(await title.innerText()).toMatch(/1 of 5.*a surprise/);
    expect((await quickInput.options()).join('\n')).toMatch(/You[^]*The cluster[^]*The diagram[^]*Kubernetes/);
    await quickInput.pick(/Bring It Back/);
    await quickInput
      .option(/Next Lesson/)
      .first()
      .waitFor({ timeout: 120_000 });
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await screenshot('tour-next');
    await quickInput.pick(/Next Lesson/);
    await quickInput
      .option(/It goes on answering/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await title.innerText()).toMatch(/2 of 5/);
    await quickInput.cancel();
  });

  test('is left in the middle of a lesson, and every simulated host is back', async () => {
    const { palette, quickInput, sideBar, notifications } = workbench();
    await palette.run('K3s HA: Take the Practice Tour');
    await quickInput
      .option(/1\. Lose a server/)
      .first()
      .waitFor({ timeout: 60_000 });
    await quickInput.pick(/1\. Lose a server/);
    await quickInput
      .option(/It goes on answering/)
      .first()
      .waitFor({ timeout: 60_000 });
    await quickInput.pick(/It goes on answering/);
    await sideBar.row(VIEW, /^server-3.*(down|does not answer)/).waitFor({ timeout: 60_000 });
    await quickInput
      .option(/Bring It Back/)
      .first()
      .waitFor({ timeout: 120_000 });
    await quickInput.cancel();
    // Whoever leaves at the result is asked whether to go on only when everything is back.
    await quickInput
      .option(/End the Tour/)
      .first()
      .waitFor({ timeout: 120_000 });
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await quickInput.pick(/End the Tour/);
    await palette.run('Notifications: Clear All Notifications');
    expect(await notifications.texts()).toEqual([]);
  });

  test('is drilled: what is taken away is chosen and agreed to, watched, brought back, and reported', async () => {
    const { palette, editor, sideBar, quickInput, notifications, page, screenshot } = workbench();
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
    await sideBar.pressMenu(VIEW, /^practice/, 'Failover Drill…');
    await quickInput.box(/K3s on server-2 stopped/).waitFor({ timeout: 60_000 });
    await screenshot('drill-parts');
    for (const other of ['server-1', 'server-3', 'agent-1'])
      await quickInput.untick(new RegExp(`K3s on ${other} stopped`));
    await quickInput.accept();
    const dialog = page.getByRole('dialog').filter({ hasText: 'Take one part of practice away for real' });
    await dialog.waitFor({ timeout: 60_000 });
    await screenshot('drill-question');
    await notifications.answerDialog('Take one part of practice away for real', 'Take Parts Away');
    await quickInput.type(/Type practice to go on.*go down for real/, 'practice');
    await sideBar.row(VIEW, /^server-2.*(down|does not answer|watching)/).waitFor({ timeout: 60_000 });
    await screenshot('drill-runs');
    await notifications.waitFor(/1 part of practice taken away and brought back within/, 180_000);
    await editor.tab(/^Preview .*\.md/).waitFor({ timeout: 60_000 });
    const report = workbench().webview.frame();
    await report.getByText('These machines are simulated.').first().waitFor({ timeout: 60_000 });
    await report.getByText('K3s on server-2 stopped').first().waitFor();
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await screenshot('drill-report');
    await palette.run('View: Close All Editors');
    await palette.run('Notifications: Clear All Notifications');
    await editor.open('cluster.k3s.yaml');
  });

  test('is stopped', async () => {
    const { palette, notifications } = workbench();
    await palette.run('K3s HA: Stop Practice Fleet');
    await notifications.waitFor(/practice fleet has stopped/, 60_000);
  });
});

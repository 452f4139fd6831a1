import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { useWorkbench } from './driver';

const HOME = mkdtempSync(path.join(tmpdir(), 'k3s-ha-e2e-'));
const KUBECONFIG = path.join(HOME, 'kubeconfig');
const VIEW = 'Clusters';

afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** What is done to a cluster for years, as somebody does it who has the explorer and the palette; each test goes on where the last one ended. */
describe('a cluster that runs', () => {
  const workbench = useWorkbench({
    viewport: { width: 1600, height: 1000 },
    env: { HOME, KUBECONFIG },
    settings: { 'k3s-ha.practice.timeScale': 0.05, 'workbench.colorTheme': 'Default Light Modern' },
  });

  test('is provisioned', async () => {
    const { palette, editor, notifications, sideBar } = workbench();
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

  test('has machines that are looked into: what they are, what they write, and a shell on them', async () => {
    const { sideBar, editor, page, palette, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^agent-1/, 'Describe');
    await editor.tab('agent-1.txt').waitFor({ timeout: 60_000 });
    await editor.line(/Ready/).waitFor();
    await screenshot('node-described');
    await sideBar.pressMenu(VIEW, /^server-1/, 'Follow Journal');
    await editor.tab(/server-1.*log/).waitFor({ timeout: 60_000 });
    await editor.line(/k3s/).waitFor({ timeout: 60_000 });
    await screenshot('node-journal');
    await sideBar.pressMenu(VIEW, /^agent-2/, 'Open Shell');
    await page.locator('.terminal-outer-container .xterm').first().waitFor({ timeout: 60_000 });
    await page.locator('.panel').getByText('agent-2').first().waitFor({ timeout: 60_000 });
    await screenshot('node-shell');
    await palette.run('View: Toggle Panel Visibility');
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
  });

  test('is compared with a file that says otherwise, and what runs is taken into it', async () => {
    const { sideBar, editor, notifications, problems, palette, screenshot } = workbench();
    await editor.goToEndOf('secrets-encryption:');
    await editor.type('\ndebug: true');
    await sideBar.pressMenu(VIEW, /^practice/, 'Show Drift');
    await notifications.waitFor(/3 differences on 3 machines\. Nothing was changed/, 60_000);
    await problems.open();
    await problems.item(/On server-1, server-2 and server-3 debug is not set, and the file says true/).waitFor();
    await sideBar.row(VIEW, /^server-1.*not as in the file|server-1.*debug is not set/).waitFor({ timeout: 60_000 });
    await screenshot('drift');
    await palette.run('Notifications: Clear All Notifications');
    await sideBar.pressMenu(VIEW, /^server-1/, 'Compare with File');
    await editor.tab(/server-1: .*config\.yaml/).waitFor({ timeout: 60_000 });
    await screenshot('drift-compared');
    await palette.run('View: Close All Editors');
    await sideBar.pressMenu(VIEW, /^practice/, 'Adopt Changes');
    await problems.item(/debug is not set/).waitFor({ state: 'detached' });
    await editor.save();
    expect((await editor.lines()).join('\n')).not.toContain('debug: true');
    await palette.run('View: Toggle Panel Visibility');
  });

  test('has a node cordoned, taken back at once, and a machine rebooted', async () => {
    const { sideBar, notifications, palette, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^agent-1/, /^Cordon/);
    await notifications.waitFor(/agent-1 gets no new pods/, 60_000);
    await sideBar.row(VIEW, /^agent-1.*cordoned/).waitFor({ timeout: 60_000 });
    await screenshot('node-cordoned');
    await notifications.press(/agent-1 gets no new pods/, 'Undo');
    await notifications.waitFor(/agent-1 takes pods again/, 60_000);
    await sideBar.pressMenu(VIEW, /^agent-1/, 'Reboot Machine…');
    await notifications.answerDialog(/Reboot agent-1/, 'Reboot');
    await notifications.waitFor(/agent-1 is back after [\d.]+ s/, 180_000);
    await sideBar.row(VIEW, /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    await palette.run('Notifications: Clear All Notifications');
  });

  test('gets a snapshot, which stands in the explorer', async () => {
    const { sideBar, notifications, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^practice/, 'Take Snapshot');
    await notifications.waitFor(/A snapshot of practice was saved on server-\d/, 120_000);
    await sideBar.expand(VIEW, /^Snapshots/);
    await sideBar.row(VIEW, /UTC, server-\d/).waitFor({ timeout: 60_000 });
    await screenshot('snapshots');
  });

  test('is upgraded by a release that is named: the file has it, and the plan does it', async () => {
    const { sideBar, quickInput, editor, notifications, page, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^practice/, 'Upgrade K3s…');
    await quickInput
      .option(/Another Release/)
      .first()
      .waitFor();
    await screenshot('upgrade-releases');
    await quickInput.pick(/Another Release/);
    await quickInput.type(/The release as K3s tags it/, 'v1.36.4+k3s1');
    await quickInput.pick(/On a Server Only/);
    const question = page.getByRole('dialog').filter({ hasText: 'Upgrade practice to v1.36.4+k3s1?' });
    await editor.pressLens('Apply Plan', question);
    await question.filter({ hasText: /never fewer than 2 of 3 are up/ }).waitFor();
    await screenshot('upgrade');
    await notifications.answerDialog('Upgrade practice to v1.36.4+k3s1?', 'Upgrade');
    await notifications.waitFor(/practice is up: 5 nodes Ready|Context "practice"/, 180_000);
    for (const node of ['server-1', 'agent-2'])
      await sideBar.row(VIEW, new RegExp(`${node}.*v1\\.36\\.4\\+k3s1`)).waitFor({ timeout: 60_000 });
  });

  test('loses a node, in the cluster and in the file', async () => {
    const { sideBar, notifications, editor, palette, page, screenshot } = workbench();
    await palette.run('View: Close All Editors');
    await palette.run('Notifications: Clear All Notifications');
    await editor.open('cluster.k3s.yaml');
    await editor.save();
    const question = page.getByRole('dialog').filter({ hasText: /Remove agent-2/ });
    await sideBar.pressMenu(VIEW, /agent-2/, 'Remove Node…');
    await question.waitFor({ timeout: 60_000 });
    await screenshot('remove-node');
    await notifications.answerDialog(/Remove agent-2/, /^Remove/);
    await notifications.waitFor(/agent-2.*left|agent-2.*gone|removed/i, 180_000);
    await sideBar.row(VIEW, /practice.*4\/4 ready/).waitFor({ timeout: 60_000 });
    await expect.poll(async () => (await editor.lines()).join('\n')).not.toContain('127.77.0.22');
    await screenshot('removed-node');
    // One undo brings the description back; the machine is not touched by that.
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await editor.lines()).join('\n')).toContain('127.77.0.22');
    await page.keyboard.press('Control+Shift+z');
    await editor.save();
  });

  test('has its certificates renewed, machine by machine', async () => {
    const { sideBar, notifications, screenshot } = workbench();
    await sideBar.pressMenu(VIEW, /^practice/, 'Renew Certificates');
    await notifications.answerDialog(/Renew the certificates of/, 'Renew');
    await notifications.waitFor(/have new certificates after/, 180_000);
    await screenshot('certificates-renewed');
  });

  test('gets another encryption key, has the names and snapshots that it wants, and a node that is drained', async () => {
    const { sideBar, notifications, quickInput, palette, page, screenshot } = workbench();
    await palette.run('Notifications: Clear All Notifications');
    await sideBar.pressMenu(VIEW, /^practice/, 'Rotate Encryption Keys');
    // It is proposed; here the copy on a server is enough.
    await page
      .getByRole('checkbox', { name: /Copy a Snapshot/ })
      .first()
      .click();
    await quickInput.accept();
    await notifications.answerDialog(/Encrypt every Secret of practice/, 'Rotate');
    await quickInput.type(/Type practice to go on/, 'practice');
    await notifications.waitFor(/Every server of practice has the new key/, 180_000);
    await sideBar.pressMenu(VIEW, /^practice/, 'Repair Certificate Names');
    await notifications.waitFor(/has the wanted names and no others/, 60_000);
    await palette.run('K3s HA: Prune Snapshots');
    await quickInput.type(/How many on-demand snapshots/, '5');
    await notifications.waitFor(/has no more snapshots than are to stay/, 60_000);
    await sideBar.pressMenu(VIEW, /^agent-1/, 'Drain…');
    await notifications.answerDialog(/Drain agent-1 of practice\?/, 'Drain');
    await notifications.waitFor(/agent-1 was drained within/, 60_000);
    await sideBar.row(VIEW, /^agent-1.*cordoned/).waitFor({ timeout: 60_000 });
    await screenshot('drained');
  });

  test('comes back from a snapshot once its name is typed', async () => {
    const { sideBar, notifications, quickInput, palette, screenshot } = workbench();
    await palette.run('Notifications: Clear All Notifications');
    await sideBar.pressMenu(VIEW, /UTC, server-\d/, 'Restore from Snapshot');
    await notifications.answerDialog(/Restore practice\?/, 'Restore');
    await quickInput.type(/Type practice to go on/, 'practice');
    await screenshot('restoring');
    await notifications.waitFor(/practice is restored and proved/, 240_000);
    // What was drained after it takes pods again.
    await sideBar.row(VIEW, /^agent-1(?!.*cordoned)/).waitFor({ timeout: 60_000 });
    await screenshot('restored');
  });

  test('gets the token that its file names now, and a snapshot of the old one is deleted', async () => {
    const { sideBar, notifications, quickInput, palette, folder, screenshot } = workbench();
    await palette.run('Notifications: Clear All Notifications');
    writeFileSync(path.join(folder, '.practice', 'token'), `${'c0ffee'.repeat(5)}\n`, { mode: 0o600 });
    await sideBar.pressMenu(VIEW, /^practice/, 'Rotate Token');
    await notifications.answerDialog(/Take practice from its present token/, 'Rotate');
    await quickInput.type(/Type practice to go on/, 'practice');
    await notifications.waitFor(/practice runs with its new token/, 180_000);
    await screenshot('token-rotated');
    await sideBar.pressMenu(VIEW, /UTC, server-\d/, 'Delete Snapshot');
    await notifications.answerDialog(/Delete this snapshot of practice\?/, 'Delete');
    await notifications.waitFor(/The snapshot of practice is gone/, 60_000);
  });

  test('is taken off all machines once its name is typed', async () => {
    const { sideBar, notifications, quickInput, palette, screenshot } = workbench();
    await palette.run('Notifications: Clear All Notifications');
    await sideBar.pressMenu(VIEW, /^practice/, 'Reset Cluster…');
    await quickInput.tick(/Take Its Access Out of My Kubeconfig/);
    await screenshot('reset-wishes');
    await quickInput.accept();
    await notifications.answerDialog(/Take K3s off all machines of practice\?/, 'Reset');
    await quickInput.type(/Type practice to go on/, 'practice');
    await notifications.waitFor(/Nothing of practice is left on its machines/, 180_000);
    await screenshot('reset');
    await expect.poll(() => readFileSync(KUBECONFIG, 'utf8')).not.toContain('127.77.0.100');
    await palette.run('K3s HA: Stop Practice Fleet');
  });
});

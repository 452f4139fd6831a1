import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { useWorkbench } from './driver';

/** A home of its own: its SSH has never seen these hosts. */
const HOME = mkdtempSync(path.join(tmpdir(), 'k3s-ha-e2e-'));

const HOSTS = ['127.77.0.11', '127.77.0.12', '127.77.0.13', '127.77.0.21', '127.77.0.22'];

afterAll(() => rmSync(HOME, { recursive: true, force: true }));

/** A file for a cluster that somebody else has set up; each test goes on where the last one ended. */
describe('a cluster that runs already', () => {
  const workbench = useWorkbench({
    viewport: { width: 1600, height: 1000 },
    env: { HOME, KUBECONFIG: path.join(HOME, 'kubeconfig') },
    settings: { 'k3s-ha.practice.timeScale': 0.05, 'workbench.colorTheme': 'Default Dark Modern' },
  });

  test('is there, and no file describes it', async () => {
    const { editor, palette, notifications, folder } = workbench();
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Start Practice Fleet');
    await notifications.waitFor(/5 simulated hosts are running/, 60_000);
    await palette.run('K3s HA: Provision Cluster');
    await notifications.answerDialog('gives something of this computer', 'Agree');
    await notifications.answerDialog('Provision practice?', 'Provision');
    await notifications.waitFor(/Context "practice" is in/, 120_000);
    await palette.run('Notifications: Clear All Notifications');
    await palette.run('View: Close All Editors');
    rmSync(path.join(folder, 'cluster.k3s.yaml'));
  });

  test('is read through one server, whose SSH key is shown before anything is asked of it, and the others', async () => {
    const { palette, quickInput, editor, notifications, page, screenshot } = workbench();
    await palette.run('K3s HA: Import Running Cluster');
    const asks = page.locator('.quick-input-widget');
    await asks.getByText(/Nothing is changed on any host/).waitFor();
    await quickInput.input.fill('no host');
    await asks.getByText(/Write a host as ssh would reach it/).waitFor();
    await quickInput.input.fill('practice@127.77.0.11:2222');
    await quickInput.accept();
    await quickInput.type(/Path of the private key/, '.practice/id_ed25519');
    const question = page.getByRole('dialog').filter({ hasText: 'The authenticity of' });
    await question.filter({ hasText: '127.77.0.11:2222' }).waitFor();
    await screenshot('import-host-key');
    for (const left = new Set(HOSTS); left.size > 0;) {
      const [asked = ''] = /127[.\d]+/.exec(await question.innerText()) ?? [];
      expect(left.delete(asked), asked).toBe(true);
      await notifications.answerDialog(`The authenticity of ${asked}:2222`, 'Connect and Remember');
    }
    await notifications.waitFor(/The file describes 5 nodes, and there is nothing to do for it/, 120_000);
    await screenshot('imported');
    await editor.tab('cluster.k3s.yaml').waitFor();
    const text = (await editor.lines()).join('\n');
    expect(HOSTS.filter((host) => !text.includes(`- host: ${host}`))).toEqual([]);
    expect(text).toContain('token: ${secret:practice-token}');
    expect(text).not.toContain(readFileSync(path.join(workbench().folder, '.practice', 'token'), 'utf8').trim());
  });

  test('has what was found as a document beside the file', async () => {
    const { notifications, editor, palette, screenshot } = workbench();
    await notifications.press(/The file describes 5 nodes/, 'Show What Was Found');
    await editor.line(/Nothing.to.do:.all.5.nodes.are.as.the.file.says/).waitFor();
    await screenshot('import-found');
    await palette.run('View: Revert and Close Editor');
  });

  test('has nothing against it when it is saved, and its secret goes with it: the plan has no step', async () => {
    const { editor, palette, problems, notifications, sideBar, screenshot } = workbench();
    await editor.tab('cluster.k3s.yaml').click();
    await editor.save();
    await palette.run('K3s HA: Preview Plan');
    await notifications.answerDialog('cluster.k3s.yaml gives something of this computer', 'Agree');
    await editor.line(/Nothing.to.do:.all.5.hosts.are.as.the.file.says/).waitFor({ timeout: 60_000 });
    await sideBar.open('K3s HA');
    await sideBar.row('Clusters', /practice.*5\/5 ready/).waitFor({ timeout: 60_000 });
    expect((await sideBar.rows('Clusters')).join('\n')).not.toMatch(/Needs Attention/);
    await problems.open();
    expect(await problems.messages()).toEqual([]);
    await screenshot('import-plan');
  });

  test('is stopped', async () => {
    const { palette, notifications } = workbench();
    await palette.run('K3s HA: Stop Practice Fleet');
    await notifications.waitFor(/practice fleet has stopped/, 60_000);
  });
});

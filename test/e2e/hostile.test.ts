import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAttacker } from '../hostile/support/attacker';
import { AWS_KEY, everythingBelow, makeHome, plantPractice, plantRepository } from '../hostile/support/repository';
import { useWorkbench } from './driver';

const HOME = makeHome();
const REPOSITORY = mkdtempSync(path.join(tmpdir(), 'k3s-ha-repository-'));
const canary = await startAttacker(`127.${200 + (process.pid % 50)}.66.9`);
const { pwned } = plantRepository(REPOSITORY, canary);

afterAll(async () => {
  await canary.stop();
  rmSync(HOME, { recursive: true, force: true });
  rmSync(REPOSITORY, { recursive: true, force: true });
});

/** What the dialog says, whichever command asks. */
const QUESTION = /gives something of this computer to its hosts/;

/** Somebody opens a repository that an attacker made: at first without trusting it, then trusting it, and tries everything. */
describe('a hostile repository in VS Code', () => {
  const workbench = useWorkbench({
    workspace: REPOSITORY,
    trustsEverything: false,
    env: { HOME, KUBECONFIG: '', AWS_SECRET_ACCESS_KEY: AWS_KEY, SSH_AUTH_SOCK: '' },
    settings: {
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
  });
  let before = '';
  beforeAll(() => {
    plantPractice(workbench().folder, HOME);
    before = everythingBelow(path.join(HOME, '.ssh')) + everythingBelow(path.join(HOME, '.kube'));
  });

  const nothingHappened = (): void => {
    expect(canary.connections).toBe(0);
    expect(canary.loot).toEqual([]);
    expect(existsSync(pwned)).toBe(false);
    expect(everythingBelow(path.join(HOME, '.ssh')) + everythingBelow(path.join(HOME, '.kube'))).toBe(before);
  };

  test('untrusted, it is read and drawn, and no command contacts a machine', async () => {
    const { sideBar, editor, palette, notifications } = workbench();
    await sideBar.open('K3s HA');
    await sideBar.row('Clusters', /^evil/).waitFor({ timeout: 60_000 });
    await editor.open('cluster.k3s.yaml');
    for (const command of ['Preview Plan', 'Provision Cluster', 'Merge Kubeconfig', 'Start Practice Fleet']) {
      await palette.run(`K3s HA: ${command}`);
      await notifications.waitFor(/needs a trusted workspace/);
      await palette.run('Notifications: Clear All Notifications');
    }
    nothingHappened();
  });

  test('trusted, looking at it runs nothing and contacts nobody', async () => {
    const { palette, page, sideBar, editor } = workbench();
    await palette.run('Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).first().click();
    await palette.run('View: Close All Editors');
    await editor.open('cluster.k3s.yaml');
    await sideBar.row('Clusters', /^evil/).waitFor();
    await sideBar.row('Clusters', /^evil.*(not connected|does not answer)/).waitFor({ timeout: 60_000 });
    nothingHappened();
  });

  test.each([['Preview Plan'], ['Provision Cluster'], ['Merge Kubeconfig']])(
    '%s asks what may go where; Cancel leaves the canary server empty-handed',
    async (command) => {
      const { palette, page, notifications, screenshot } = workbench();
      await palette.run(`K3s HA: ${command}`);
      const dialog = page.getByRole('dialog').filter({ hasText: QUESTION });
      await dialog.waitFor({ timeout: 60_000 });
      const text = await dialog.innerText();
      for (const what of [
        'SSH key ~/.ssh/id_other',
        'file ~/.ssh/id_other',
        'environment variable AWS_SECRET_ACCESS_KEY',
        'secret "prod-db-password"',
      ])
        expect(text).toContain(what);
      expect(text).toContain(`server-1 (${canary.address}:${canary.port})`);
      expect(text).toMatch(/ssh\.password, line 13/);
      if (command === 'Preview Plan') await screenshot('disclosure');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      await notifications.waitFor(/Nothing was sent to any host/);
      await palette.run('Notifications: Clear All Notifications');
      nothingHappened();
    },
  );

  test('Manage Secrets says where a secret is used and where it goes, keeps a value for this file, and forgets it', async () => {
    const { palette, quickInput, page, notifications, screenshot } = workbench();
    await palette.run('K3s HA: Manage Secrets');
    await quickInput.option(/prod-db-password.*not stored/).waitFor({ timeout: 30_000 });
    expect(
      await quickInput
        .option(/prod-db-password/)
        .first()
        .innerText(),
    ).toMatch(/line 13[\s\S]*goes nowhere yet: not agreed to/);
    await screenshot('manage-secrets');
    await quickInput.pick(/prod-db-password/);
    await quickInput.pick(/Enter/);
    await quickInput.type(/The new value/, 'typed-by-the-person');
    await palette.run('K3s HA: Manage Secrets');
    await quickInput
      .option(/prod-db-password.*stored/)
      .filter({ hasNotText: 'not stored' })
      .waitFor();
    await quickInput.pick(/prod-db-password/);
    await quickInput.pick(/Forget/);
    await notifications.answerDialog('Forget the secret "prod-db-password"?', 'Forget');
    await palette.run('K3s HA: Manage Secrets');
    await quickInput.option(/prod-db-password.*not stored/).waitFor();
    await page.keyboard.press('Escape');
    nothingHappened();
  });

  test('a planted .practice is refused, and what its links lead to stays as it is', async () => {
    const { palette, notifications } = workbench();
    await palette.run('K3s HA: Start Practice Fleet');
    await notifications.waitFor(/link|did not start/, 60_000);
    nothingHappened();
  });
});

import { describe, expect, test } from 'vitest';
import { useWorkbench } from './driver';

/** A plan from a tutorial: two etcd members behind an address that no certificate covers. */
const PLAN = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: 10.0.0.100}
datastore: {type: embedded-etcd}
token: \${secret:edge-token}
servers:
  config:
    secrets-encryption: true
  nodes:
    - {host: 10.0.0.11, name: server-1}
    - {host: 10.0.0.12, name: server-2}
agents:
  nodes:
    - host: 10.0.1.[1-50]
`;

const CLOUD_INIT = `#cloud-config
hostname: server-1
write_files:
  - path: /etc/rancher/k3s/config.yaml
    content: |
      cluster-init: true
      node-ip: 10.20.0.11
      tls-san: [10.20.0.100]
      token: a-token-of-the-cloud
runcmd:
  - curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.36.3+k3s1 sh -s - server
`;
const INVENTORY = `k3s_cluster:
  children:
    server:
      hosts:
        10.0.0.11:
        10.0.0.12:
        10.0.0.13:
    agent:
      hosts:
        10.20.0.21:
  vars:
    ansible_user: debian
    k3s_version: v1.36.3+k3s1
`;

describe('the editor', () => {
  const workbench = useWorkbench({
    viewport: { width: 1400, height: 900 },
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });

  test('says above and beside the lines what follows from them', async () => {
    const { editor, page, screenshot } = workbench();
    await editor.open('cluster.k3s.yaml');
    await editor.replaceAll(PLAN);
    await page
      .locator('.codelens-decoration')
      .getByText(/Topology: Does not survive the loss of a server/)
      .waitFor();
    await page.locator('.codelens-decoration').getByText('Provision', { exact: true }).waitFor();
    await page.locator('.view-line').filter({ hasText: '2 servers · survives no loss' }).waitFor();
    await page.locator('.view-line').filter({ hasText: '50 hosts: 10.0.1.1 … 10.0.1.50' }).waitFor();
    await screenshot('editor-hints');
  });

  test('lists the findings in the Problems panel, each with the link to its page', async () => {
    const { problems, screenshot } = workbench();
    await problems.open();
    await problems.item(/10\.0\.0\.100 is not in tls-san of server-1 and server-2/).waitFor();
    await problems.item(/server-1 and server-2 are the only two etcd members/).waitFor();
    await screenshot('editor-problems');
  });

  test('completes tls-san with the address that certificates lack', async () => {
    const { editor, page, screenshot } = workbench();
    await editor.goToEndOf('secrets-encryption');
    await page.keyboard.press('Enter');
    await editor.type('tls-san: [');
    expect(await editor.completions()).toContain('10.0.0.100');
    await screenshot('editor-completion');
    await editor.complete('10.0.0.100');
    await editor.squiggles('error').first().waitFor();
    await expect.poll(async () => (await editor.lines()).join('\n')).toContain('tls-san: [10.0.0.100]');
  });

  test('ignores a finding by a comment from the light bulb', async () => {
    const { editor, problems, screenshot } = workbench();
    const titles = await editor.lightBulb('nodes');
    expect(titles).toContain('Add server-3 (fill in its address)');
    expect(titles).toContain('Ignore etcd-two-servers on this line');
    await screenshot('editor-quick-fixes');
    await editor.applyFix('Ignore etcd-two-servers on this line');
    await problems.item(/only two etcd members/).waitFor({ state: 'detached' });
    await expect.poll(async () => (await editor.lines()).join('\n')).toContain('# k3s-ha-ignore etcd-two-servers');
  });

  test('explains an option in a hover', async () => {
    const { editor, screenshot } = workbench();
    expect(await editor.hover('secrets-encryption')).toMatch(/Must be equal on all servers/);
    await screenshot('editor-hover');
  });

  test('turns a pasted command of a tutorial into the lines that it means', async () => {
    const { editor, page, screenshot } = workbench();
    await editor.replaceAll('# From a tutorial\n');
    await editor.line('# From a tutorial').waitFor();
    await editor.line('apiVersion').waitFor({ state: 'detached' });
    await editor.paste(
      'curl -sfL https://get.k3s.io | sh -s - server \\\n  --datastore-endpoint="mysql://root:a-password@db.example.com:3306/k3s" \\\n  --tls-san 1.2.3.4\n',
    );
    await page
      .locator('.view-line')
      .filter({ hasText: 'endpoint: mysql://root:${secret:imported-db-password}@db.example.com:3306/k3s' })
      .waitFor();
    await editor.squiggles('error').first().waitFor();
    await screenshot('editor-paste');
    const text = (await editor.lines()).join('\n');
    expect(text).toContain('# From a tutorial');
    expect(text).not.toContain('curl');
    expect(text).not.toContain('a-password');
    // The placeholder is marked as one where it stands.
    expect((await editor.lightBulb('server-1.example.com')).join()).toContain(
      'Fill in server-1.example.com everywhere…',
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  test('what a paste tells beyond one note is shown whole when it is asked for', async () => {
    const { editor, page, screenshot, notifications } = workbench();
    await editor.replaceAll('# Two machines\n');
    await editor.line('# Two machines').waitFor();
    await editor.line('apiVersion').waitFor({ state: 'detached' });
    await editor.paste(
      'curl -sfL https://get.k3s.io | sh -s - server --cluster-init --no-such-flag\ncurl -sfL https://get.k3s.io | K3S_URL=https://1.2.3.4:6443 sh -s - agent\n',
    );
    await notifications.press(/there is more to know: \d notes/, 'Show Notes');
    const notes = page.getByRole('dialog').filter({ hasText: 'there is more to know' });
    for (const note of ['No command says where agent-1 is', '--no-such-flag is no option of K3s'])
      await notes.filter({ hasText: note }).waitFor();
    await screenshot('editor-paste-notes');
    await page.keyboard.press('Escape');
    await notes.waitFor({ state: 'detached' });
  });

  test('a new cluster file asks what it lacks, step by step, and comes out without a finding', async () => {
    const { palette, quickInput, editor, page, screenshot, problems } = workbench();
    await palette.run('K3s HA: New Cluster File');
    await quickInput.pick(/External datastore/);
    await quickInput.input.fill('10.0.0.11 address 10.0.0.100');
    await expect.poll(quickInput.complaint).toContain('Type at least two servers');
    await screenshot('new-cluster');
    await quickInput.input.fill('10.0.0.11 10.0.0.12, address 10.0.0.100, agents 10.0.1.[1-3]');
    await quickInput.accept();
    await quickInput.type(/Where the datastore is/, 'postgres://k3s:a-password@db.home.arpa:5432/k3s');
    await page
      .locator('.quick-input-widget')
      .getByText(/Who logs in to the machines by SSH/)
      .first()
      .waitFor();
    await quickInput.input.fill('-oProxyCommand=x');
    await expect.poll(quickInput.complaint).toContain('the name of a user');
    await screenshot('new-cluster-user');
    // The complaint stands where the question stood.
    await quickInput.input.fill('debian');
    await quickInput.accept();
    await editor.tab('cluster-2.k3s.yaml').waitFor();
    await page
      .locator('.view-line')
      .filter({ hasText: /endpoint:\spostgres:\/\/k3s:\$\{secret:[\w-]+-db-password\}@db\.home\.arpa/ })
      .waitFor();
    await page
      .locator('.codelens-decoration')
      .getByText(/Topology: Survives the loss of any 1 of 2 servers/)
      .waitFor();
    await editor.line(/user:.debian/).waitFor();
    await screenshot('new-cluster-file', {});
    expect(await problems.item(/cluster-2/).count()).toBe(0);
    expect((await editor.squiggles('error').count()) + (await editor.squiggles('warning').count())).toBe(0);
  });

  test('an empty file says how to begin: above its first line, and as the first of what is completed', async () => {
    const { editor, screenshot, palette, page } = workbench();
    await editor.open('cluster.k3s.yaml');
    await editor.replaceAll('\n');
    await editor.lens('Start with Embedded etcd').waitFor();
    expect((await editor.completions())[0]).toContain('Embedded etcd');
    await screenshot('empty-file');
    await page.keyboard.press('Escape');
    await editor.pressLens('Start with Embedded etcd', editor.line('kind: Cluster'));
    await editor.lens('Start with Embedded etcd').waitFor({ state: 'detached' });
    await palette.run('File: Revert File');
  });

  test('cloud-init and an inventory become a cluster file through a preview of what changes', async () => {
    const { palette, quickInput, editor, notifications, page, screenshot } = workbench();
    for (const [text, machine] of [
      [CLOUD_INIT, 'node-ip: 10.20.0.11'],
      [INVENTORY, '10.20.0.21'],
    ] as const) {
      await editor.tab('cluster-2.k3s.yaml').click();
      await editor.copy(text);
      await palette.run('K3s HA: Import Commands and Files');
      await quickInput.pick(/Clipboard/);
      const preview = page.locator('.editor.modified');
      await preview.locator('.view-line').first().click();
      await page.keyboard.press('Control+End');
      await preview.locator('.view-line').filter({ hasText: machine }).first().waitFor({ timeout: 30_000 });
      await screenshot(`import-preview-${machine === '10.20.0.21' ? 'inventory' : 'cloud-init'}`);
      await notifications.press(/The import takes over/, 'Apply Import');
      await preview.waitFor({ state: 'detached' });
      await editor.tab('cluster-2.k3s.yaml').click();
      await page.keyboard.press('Control+End');
      await editor.line(machine).waitFor();
    }
  });
});

import { describe, expect, test } from 'vitest';
import { useWorkbench } from './driver';

/** The diagram inside the frames of the real editor: what it shows, what it changes, and what is left after a reload. */
describe('the topology diagram', () => {
  const workbench = useWorkbench({
    viewport: { width: 1600, height: 1000 },
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'files.autoSave': 'off' },
  });
  const textOf = async (): Promise<string> => (await workbench().editor.lines()).join('\n');

  test('opens beside the file and shows where the cursor stands', async () => {
    const { editor, palette, webview } = workbench();
    await editor.open('cluster.k3s.yaml');
    await palette.run('K3s HA: Show Topology');
    const frame = webview.frame();
    await frame.locator('[data-part="server:server-2"]').waitFor({ timeout: 60_000 });
    await editor.line('server-3').click({ position: { x: 60, y: 5 } });
    await frame.locator('[data-part="server:server-3"].highlighted').waitFor();
  });

  test('a click keeps the keyboard in the diagram: what is typed next does not get into the file', async () => {
    const { webview, page, editor } = workbench();
    const frame = webview.frame();
    // A lens that comes later moves the lines that are on screen.
    await page.locator('.codelens-decoration').getByText('Upgrade K3s…').waitFor();
    const text = await textOf();
    const caret = await page.getByRole('button', { name: /^Ln \d+, Col \d+/ }).textContent();
    await frame.locator('[data-part="server:server-1"]').click();
    await page.keyboard.press('Space');
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('what if');
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('as designed');
    await editor.tab('cluster.k3s.yaml').click();
    expect(await textOf()).toBe(text);
    expect(await page.locator('.tabs-container .tab.dirty').count()).toBe(0);
    await page.getByRole('button', { name: caret ?? '' }).waitFor();
    await frame.getByRole('button', { name: 'Show in File' }).click();
    await page.getByRole('button', { name: /Ln 3[0-9]/ }).waitFor();
  });

  test('lets a server fail, says what follows, and brings it back', async () => {
    const { webview, screenshot, palette } = workbench();
    const frame = webview.frame();
    await frame.locator('[data-part="server:server-2"]').click();
    await frame.getByRole('button', { name: 'Let it fail' }).click();
    await frame.getByText(/2 of 3 etcd members left, 2 needed: it works, but the next failure stops it/).waitFor();
    await frame.getByRole('button', { name: 'Try the loss of any 2 of 3 servers' }).click();
    await frame
      .getByText(/Quorum is lost: 1 of 3 etcd members left/)
      .first()
      .waitFor();
    await palette.run('View: Toggle Maximize Editor Group');
    await frame.locator('[data-part="agent:agent-2"]').hover();
    await screenshot('topology-failure', {
      media: 'topology.png',
    });
    await palette.run('View: Toggle Maximize Editor Group');
    await frame.locator('[data-part="server:server-3"]').focus();
    await workbench().page.keyboard.press('Escape');
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('as designed');
  });

  test('adds a server to the text, and one undo takes it back', async () => {
    const { webview, quickInput, editor, page } = workbench();
    const frame = webview.frame();
    await frame.getByRole('button', { name: 'Add Server…' }).click();
    await quickInput.type(/Its address or name/, '127.77.0.14');
    await quickInput.pick('rack-b');
    await frame.locator('[data-part="server:server-4"]').waitFor();
    await editor.tab('cluster.k3s.yaml').click();
    await expect.poll(textOf).toMatch(/host: 127\.77\.0\.14\s+name: server-4\s+zone: rack-b/);
    await page.locator('.editor-group-container .view-lines').first().click();
    await page.keyboard.press('Control+z');
    await expect.poll(textOf).not.toContain('127.77.0.14');
    await frame.locator('[data-part="server:server-4"]').waitFor({ state: 'detached' });
  });

  test('copies the picture as Mermaid text', async () => {
    const { webview, notifications, page } = workbench();
    await webview.frame().getByRole('button', { name: 'Copy Mermaid' }).click();
    await notifications.waitFor(/on the clipboard as Mermaid text/);
    const copied = await page.evaluate(() =>
      (navigator as unknown as { readonly clipboard: { readText(): Promise<string> } }).clipboard.readText(),
    );
    expect(copied).toMatch(/^```mermaid\nflowchart TB\n/);
    expect(copied).toContain('server-3');
  });

  test('is there again after a reload, for its file, and works', async () => {
    const { webview, page } = workbench();
    await page.reload();
    const frame = webview.frame();
    const server = frame.locator('[data-part="server:server-3"]');
    await server.waitFor({ timeout: 60_000 });
    // How much of the view VS Code has saved before a reload is up to its clock; what is restored is tested with the page itself.
    await server.press('Escape');
    await expect.poll(() => frame.locator('.mode').textContent()).toBe('as designed');
    await server.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => server.getAttribute('aria-label')).toContain('what if: down');
    await expect.poll(() => frame.locator('.verdict').textContent()).toContain('What if server-3 fails?');
  });
});

import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The Problems panel. */
export function problemsPage(page: Page) {
  const panel = page.locator('.markers-panel');
  const item = (message: string | RegExp): Locator => panel.getByRole('treeitem', { name: message }).first();

  return {
    item,

    async open(): Promise<void> {
      if (!(await panel.isVisible())) await page.keyboard.press('Control+Shift+m');
      await panel.waitFor();
    },

    /** `Error: <message> at line 3 and character 1.` and so on, one for each problem on screen. */
    async messages(): Promise<string[]> {
      const labels = await panel
        .getByRole('treeitem')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
      return labels.filter((label) => /^(Error|Warning|Info|Hint)/.test(label));
    },

    /** Goes to the place of a problem in its file. */
    async goTo(message: string | RegExp): Promise<void> {
      await item(message).dblclick();
    },
  };
}

/** Webviews. VS Code puts each into two frames inside each other. */
export function webviewPage(page: Page) {
  return {
    /** What is inside the visible webview; ordinary roles and labels work from here. */
    frame: (): FrameLocator => page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame'),
  };
}

/** The status bar. */
export function statusBarPage(page: Page) {
  return {
    /** An entry by its text or label, for example the language of the active editor. */
    item: (name: string | RegExp): Locator => page.locator('.part.statusbar').getByRole('button', { name }).first(),
  };
}

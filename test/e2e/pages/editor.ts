import type { Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput';

/** What the tests use of the browser's `navigator`; they are compiled for Node, which has another one. */
interface PageNavigator {
  readonly clipboard: { writeText(text: string): Promise<void> };
}

/** Text editors: the one that is active, unless a tab is named. */
export function editorPage(page: Page, quickInput: QuickInput) {
  const active = page.locator('.editor-group-container.active .editor-instance').first();
  const line = (text: string | RegExp): Locator => active.locator('.view-line').filter({ hasText: text }).first();
  /** A colored piece of a line; a bracket, a quote or a color change ends it. */
  const word = (text: string): Locator =>
    active.locator('.view-line span:not(:has(span))').filter({ hasText: text }).first();
  const tab = (name: string | RegExp): Locator => page.locator('.tabs-container').getByRole('tab', { name }).first();

  const lens = (title: string): Locator => active.locator('.codelens-decoration a').filter({ hasText: title }).first();

  /** The hint list of the code action menu; a second, empty one may exist. */
  const actionMenu = page.locator('.action-widget:visible').first();

  const actionTitles = async (): Promise<string[]> => {
    await actionMenu.locator('.monaco-list-row.action').first().waitFor();
    const titles = await actionMenu.locator('.monaco-list-row.action').allInnerTexts();
    return titles.map((title) => title.trim());
  };

  /** A mouse click is swallowed by some versions until the mouse has moved: the keyboard works in all of them. */
  const takeAction = async (title: string): Promise<void> => {
    const titles = await actionTitles();
    const index = titles.findIndex((each) => each.includes(title));
    if (index < 0) throw new Error(`"${title}" is not offered; there is: ${titles.join(' | ')}`);
    const focused = await actionMenu
      .locator('.monaco-list-row.action')
      .evaluateAll((rows) => rows.findIndex((row) => row.classList.contains('focused')));
    for (let i = Math.max(focused, 0); i < index; i++) await page.keyboard.press('ArrowDown');
    if (focused < 0) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await actionMenu.waitFor({ state: 'hidden' });
  };

  return {
    tab,
    /** First line on screen that contains a text. */
    line,
    /** First lens on screen whose title contains a text. */
    lens,

    /** Presses a lens until what it leads to is there: the editor may draw its lenses anew under the mouse. */
    async pressLens(title: string, leadsTo: Locator): Promise<void> {
      for (let turns = 5; ; turns--) {
        try {
          if (!(await leadsTo.isVisible())) await lens(title).click({ timeout: 5_000 });
          return await leadsTo.waitFor({ timeout: 5_000 });
        } catch (error) {
          if (turns === 0) throw error;
        }
      }
    },

    squiggles: (severity: 'error' | 'warning' | 'info'): Locator => active.locator(`.squiggly-${severity}`),

    /** Opens a file of the folder by its name and waits until it is the active editor, with its text. */
    async open(name: string): Promise<void> {
      const opened = page.locator('.editor-group-container.active .tab.active').filter({ hasText: name }).first();
      // What was open last stands first, also documents that only have the name in their address.
      const row = quickInput.option(new RegExp(`^${name.replaceAll('.', '\\.')}`)).first();
      for (let turns = 3; ; turns--) {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+p');
        try {
          const timeout = turns === 0 ? 20_000 : 5_000;
          await quickInput.input.waitFor({ timeout });
          await quickInput.input.fill(name, { timeout });
          await row.click({ timeout });
          await opened.waitFor({ timeout });
          break;
        } catch (error) {
          if (turns === 0) throw error;
        }
      }
      await active.locator('.view-line').first().waitFor();
    },

    /** Lines on screen, in their order. */
    async lines(): Promise<string[]> {
      const lines = await active.locator('.view-line').evaluateAll((all) =>
        all.map((each) => ({
          top: each.getBoundingClientRect().top,
          text: (each as unknown as { innerText: string }).innerText,
        })),
      );
      return lines.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
    },

    /** Puts the cursor at the end of the first line on screen that contains a text. */
    async goToEndOf(text: string | RegExp): Promise<void> {
      await line(text).click();
      await page.keyboard.press('End');
    },

    /** Selects everything and puts `text` there, without completion or automatic indentation getting into the way. */
    async replaceAll(text: string): Promise<void> {
      await active.locator('.view-line').first().click();
      await page.keyboard.press('Control+a');
      await page.evaluate((content) => (navigator as unknown as PageNavigator).clipboard.writeText(content), text);
      await page.keyboard.press('Control+v');
    },

    /** Puts a text on the clipboard. */
    async copy(text: string): Promise<void> {
      await page.evaluate((content) => (navigator as unknown as PageNavigator).clipboard.writeText(content), text);
    },

    /** Pastes at the cursor. */
    async paste(text: string): Promise<void> {
      await page.evaluate((content) => (navigator as unknown as PageNavigator).clipboard.writeText(content), text);
      await page.keyboard.press('Control+v');
    },

    /** Types as a person does: completion opens, brackets close. */
    async type(text: string): Promise<void> {
      await page.keyboard.type(text, { delay: 15 });
    },

    async save(): Promise<void> {
      await page.keyboard.press('Control+s');
      await page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
    },

    /** Text of the hover over a word on screen; asked once more when its line has moved under the mouse meanwhile. */
    async hover(name: string): Promise<string> {
      const hover = page
        .locator('.monaco-hover:visible')
        .filter({ has: page.locator('.hover-contents') })
        .first();
      for (;;) {
        await page.mouse.move(0, 0);
        await hover.waitFor({ state: 'hidden' });
        await word(name).hover();
        const before = await word(name).boundingBox();
        await hover.waitFor();
        const text = await hover.innerText();
        if ((await word(name).boundingBox())?.y === before?.y) return text;
      }
    },

    /** Opens completion at the cursor and returns the labels on screen; {@link complete} takes one. */
    async completions(): Promise<string[]> {
      await page.keyboard.press('Control+Space');
      const widget = page.locator('.suggest-widget.visible');
      await widget.getByRole('option').first().waitFor();
      const labels = await widget
        .getByRole('option')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
      return labels.map((label) => label.split(', ')[0] ?? '');
    },

    async complete(label: string): Promise<void> {
      await page.locator('.suggest-widget.visible').getByRole('option', { name: label }).first().click();
    },

    /** Titles behind the light bulb that appears when the cursor is in a word; {@link applyFix} takes one. */
    async lightBulb(name: string): Promise<string[]> {
      await word(name).click();
      const bulb = page
        .locator(
          '.monaco-editor .lightBulbWidget:visible, .monaco-editor .margin-view-overlays [class*="gutter-lightbulb"]:visible',
        )
        .first();
      await bulb.waitFor();
      await bulb.click();
      return actionTitles();
    },

    /** Takes the open menu's action whose title contains a text. */
    applyFix: takeAction,

    /** Presses a button in the title bar of the editor. */
    async pressTitleButton(name: string | RegExp): Promise<void> {
      await page
        .locator('.editor-group-container.active .editor-actions')
        .getByRole('button', { name })
        .first()
        .click();
    },
  };
}

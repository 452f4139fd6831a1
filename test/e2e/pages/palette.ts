import type { Page } from 'playwright-core';
import type { QuickInput } from './quickInput';

const ATTEMPTS = 4;

/** The command palette. */
export function palettePage(page: Page, quickInput: QuickInput) {
  const open = async (text: string) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await quickInput.input.waitFor({ timeout: 5_000 });
    await quickInput.input.fill(`>${text}`);
  };

  return {
    /** Titles that the palette offers for a text, for example `K3s` for everything of ours. */
    async search(text: string): Promise<string[]> {
      await open(text);
      await quickInput.option(/./).first().waitFor();
      const titles = await quickInput.options();
      await page.keyboard.press('Escape');
      return titles;
    },

    /** Runs a command by its full title, `Category: Title`. Opens the palette again when the extension registered it too late. */
    async run(title: string): Promise<void> {
      for (let attempt = 1; ; attempt++) {
        await open(title);
        try {
          await quickInput.option(title).first().waitFor({ timeout: 5_000 });
          break;
        } catch (error) {
          if (attempt === ATTEMPTS) throw error;
        }
      }
      // Not by the Enter key: a list that is being refreshed may have another row in focus.
      await quickInput.option(title).first().click();
    },
  };
}

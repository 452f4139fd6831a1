import type { Locator, Page } from 'playwright-core';

export type Menu = ReturnType<typeof menuPage>;

/** The context menu that is open, whichever part of the window it came from. */
export function menuPage(page: Page) {
  const entry = (title: string | RegExp): Locator => page.getByRole('menuitem', { name: title }).last();

  return {
    entry,

    /** Asks for the menu until its entry is there: what is drawn anew under the mouse does not hear of a click. */
    async ask(press: () => Promise<void>, title: string | RegExp): Promise<void> {
      for (let turns = 4; ; turns--) {
        await press();
        try {
          return await entry(title).waitFor({ timeout: turns === 0 ? 20_000 : 5_000 });
        } catch (error) {
          if (turns === 0) throw error;
          await page.keyboard.press('Escape');
        }
      }
    },

    /** Titles of the entries on screen, in their order. */
    async titles(): Promise<string[]> {
      await page.getByRole('menuitem').first().waitFor();
      const titles = await page.locator('.monaco-menu').getByRole('menuitem').allInnerTexts();
      return titles.map((title) => title.trim().split('\n')[0] ?? '');
    },

    /** Takes an entry; those before it open the menus in which it stands. */
    async take(...way: readonly (string | RegExp)[]): Promise<void> {
      for (const [at, title] of way.entries()) {
        await entry(title).waitFor();
        await entry(title).hover(); // a menu ignores clicks until the mouse has moved in it
        if (at === way.length - 1) await entry(title).click();
      }
    },
  };
}

import type { Locator, Page } from 'playwright-core';
import type { Menu } from './menu';

/** Views of the side bar and what stands in them. Only rows on screen exist in the page. */
export function sideBarPage(page: Page, menu: Menu) {
  const container = (title: string): Locator => page.locator('.activitybar').getByRole('tab', { name: title });
  const tree = (view: string): Locator => page.getByRole('tree', { name: view });
  const row = (view: string, name: string | RegExp): Locator => tree(view).getByRole('treeitem', { name }).first();

  return {
    container,

    /** Shows a view container by its activity bar title and waits until it is selected. */
    async open(title: string): Promise<void> {
      await container(title).first().waitFor({ timeout: 30_000 });
      if ((await container(title).first().getAttribute('aria-selected')) !== 'true')
        await container(title).first().click();
    },

    /** A row of a tree view; its accessible name is `label description`. */
    row,

    /** Indented labels of the rows on screen, in their order: what a person reads. */
    async rows(view: string): Promise<string[]> {
      await tree(view).waitFor();
      const rows = await tree(view)
        .getByRole('treeitem')
        .evaluateAll((items) =>
          items.map((item) => ({
            top: item.getBoundingClientRect().top,
            level: Number(item.getAttribute('aria-level') ?? 1),
            label: item.getAttribute('aria-label') ?? '',
          })),
        );
      return rows.sort((a, b) => a.top - b.top).map(({ level, label }) => '  '.repeat(level - 1) + label);
    },

    async expand(view: string, name: string | RegExp): Promise<void> {
      // A row that only names the same thing, as below Needs Attention, has nothing to show.
      const target = tree(view).getByRole('treeitem', { name }).and(page.locator('[aria-expanded]')).first();
      const expanded = target.and(page.locator('[aria-expanded="true"]'));
      await target.waitFor();
      // A row that is drawn anew under the mouse does not hear of a click.
      for (let tries = 0; tries < 10 && (await expanded.count()) === 0; tries++) {
        await target.click();
        await expanded.waitFor({ timeout: 2_000 }).catch(() => undefined);
      }
      await expanded.waitFor();
    },

    /** Presses a button in the title of a view; it appears when the mouse is over the view. */
    async pressTitleButton(view: string, button: string | RegExp): Promise<void> {
      await tree(view).hover();
      await page.locator('.sidebar').getByRole('button', { name: button }).first().click();
    },

    /** Presses an inline button of a row; it appears when the mouse is over the row. */
    async pressRowButton(view: string, name: string | RegExp, button: string | RegExp): Promise<void> {
      const pressed = row(view, name).getByRole('button', { name: button });
      // The button of a row that is drawn anew under the mouse goes away with it.
      for (let tries = 0; tries < 10; tries++) {
        await row(view, name).hover();
        const isPressed = await pressed.click({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
        if (isPressed) return;
      }
      throw new Error(`${String(button)} of ${String(name)} could not be pressed.`);
    },

    /** Takes an entry of a row's context menu; those before it open the menus in which it stands. */
    async pressMenu(view: string, name: string | RegExp, ...way: readonly (string | RegExp)[]): Promise<void> {
      const [first] = way;
      if (first === undefined) throw new Error('No entry is named.');
      await menu.ask(() => row(view, name).click({ button: 'right' }), first);
      await menu.take(...way);
    },

    /** Text of the hover of a row; asked again when the row was drawn anew under the mouse, which has then heard of nothing. */
    async tooltip(view: string, name: string | RegExp): Promise<string> {
      const hover = page.locator('.monaco-hover:visible').first();
      const shown = async (): Promise<boolean> => {
        await page.mouse.move(0, 0);
        await hover.waitFor({ state: 'detached' }); // the one of a button that was just pressed
        await row(view, name).locator('.label-name, .monaco-icon-label').first().hover();
        return hover.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
      };
      for (let tries = 0; tries < 10; tries++) if (await shown()) return hover.innerText();
      throw new Error(`No hover came up over ${String(name)}.`);
    },

    /** Buttons and links of an empty view's welcome text. */
    welcome: (label: string | RegExp): Locator =>
      page.locator('.sidebar .welcome-view-content').getByRole('button', { name: label }),
  };
}

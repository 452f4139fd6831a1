import type { Locator, Page } from 'playwright-core';

export type QuickInput = ReturnType<typeof quickInputPage>;

/** Quick picks and input boxes: VS Code shows both in the same widget. */
export function quickInputPage(page: Page) {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('input.input');
  const option = (name: string | RegExp): Locator => widget.getByRole('option', { name });

  const box = (name: string | RegExp, checked?: boolean): Locator =>
    widget.getByRole('checkbox', { name, ...(checked === undefined ? {} : { checked }) }).first();

  return {
    input,
    /** A row of a quick pick with check boxes. */
    box,
    /** Rows on screen whose label contains a text. */
    option,
    /** The row that Enter takes, by its label. */
    focusedOption: (name: string | RegExp): Locator => option(name).and(page.locator('.focused')).first(),

    /** Labels of the rows on screen (long lists hold only those), without the key bindings that follow them. */
    async options(): Promise<string[]> {
      const labels = await option(/./).evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
      return labels.map((label) => label.split(', ')[0] ?? '');
    },

    /** Waits for a quick pick that offers `name` and takes it. */
    async pick(name: string | RegExp): Promise<void> {
      await option(name).first().waitFor();
      await option(name).first().click();
    },

    /** Ticks a row of a quick pick with check boxes; end with {@link accept}. */
    async tick(name: string | RegExp): Promise<void> {
      await box(name).click();
      await widget.getByText(/^[1-9]\d* Selected$/).waitFor();
    },

    /** Takes the tick from a row that has one. */
    async untick(name: string | RegExp): Promise<void> {
      await box(name, true).click();
      await box(name, false).waitFor();
    },

    /** Waits for an input box that shows `prompt`, types `text` and accepts. */
    async type(prompt: string | RegExp, text: string): Promise<void> {
      await widget.getByText(prompt).first().waitFor();
      await input.fill(text);
      await page.keyboard.press('Enter');
    },

    /** The message under an input box whose text is not accepted. */
    async complaint(): Promise<string> {
      const message = widget.locator('.quick-input-message');
      await message.waitFor();
      return message.innerText();
    },

    async accept(): Promise<void> {
      await page.keyboard.press('Enter');
    },

    async cancel(): Promise<void> {
      await page.keyboard.press('Escape');
      await widget.waitFor({ state: 'hidden' });
    },
  };
}

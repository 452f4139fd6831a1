import type { Locator, Page } from 'playwright-core';

/** Notification toasts, and modal dialogs. */
export function notificationsPage(page: Page) {
  const toast = (text: string | RegExp): Locator =>
    page.locator('.notifications-toasts .notification-toast').filter({ hasText: text });

  return {
    /** Waits for a toast and returns its whole text. */
    async waitFor(text: string | RegExp, timeout = 15_000): Promise<string> {
      await toast(text).first().waitFor({ timeout });
      return toast(text).first().innerText();
    },

    /** Presses a button of the toast that shows `text`. */
    async press(text: string | RegExp, button: string): Promise<void> {
      await toast(text).first().getByRole('button', { name: button, exact: true }).click();
    },

    /** Texts of the toasts on screen. */
    texts: (): Promise<string[]> => page.locator('.notification-toast').allInnerTexts(),

    /** Presses a button of a modal dialog that shows `text`. */
    async answerDialog(text: string | RegExp, button: string | RegExp): Promise<void> {
      const dialog = page.getByRole('dialog').filter({ hasText: text });
      await dialog.getByRole('button', { name: button }).click();
      await dialog.waitFor({ state: 'detached' });
    },
  };
}

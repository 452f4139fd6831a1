import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../scripts/lib/catalogues.mjs';
import { englishIn } from '../support/english';
import { startHarness, type Harness, type OpenPage } from './page';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Everything that the page shows or has read out, a line each. */
const WORDS = `[...document.querySelectorAll('#app *')].flatMap((node) => [
  ...(node.tagName === 'STYLE' ? [] : [...node.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data)),
  node.getAttribute('aria-label'),
  node.getAttribute('title'),
]).filter((text) => text !== null && text.trim() !== '')`;

describe.each(catalogues())('the diagram in $language', (language) => {
  const words = { editor: flat(language), page: language.texts['webview'] ?? {} };
  const show = async (scenario: string, test: (open: OpenPage) => Promise<void>): Promise<void> => {
    const open = await harness.open(scenario, { words });
    try {
      await test(open);
      expect(open.complaints).toEqual([]);
    } finally {
      await open.close();
    }
  };

  it.each(['embedded-3', 'two-zones', 'mysql-slb', 'external-etcd', 'single', 'pinned'])(
    '%s has no English sentence',
    (scenario) =>
      show(scenario, async ({ page }) => {
        expect(await page.getAttribute('html', 'lang')).toBe(language.language);
        await page.locator('[data-part^="server:"]').first().click();
        await page.locator('.details').waitFor();
        expect(englishIn(await page.evaluate<string[]>(WORDS))).toEqual([]);
        await page.locator('[data-part^="server:"]').first().focus();
        await page.keyboard.press('Space');
        await page.locator('.part.down').first().waitFor();
        expect(englishIn(await page.evaluate<string[]>(WORDS))).toEqual([]);
      }),
  );
});

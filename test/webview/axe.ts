import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Asked for by name, because axe runs it for nobody else: what stands in a part is how it is called by voice. */
const ALSO = { 'label-content-name-mismatch': { enabled: true } };

/** Everything that axe has against the page as it is now: `rule: element`, empty where it finds nothing. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().options({ rules: ALSO }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** What a theme may do wrong, whatever stands in the page: texts that cannot be read on what is behind them. */
export async function faintTextsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withRules(['color-contrast']).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faintTextsOf, faultsOf } from './axe';
import { startHarness, type Harness, type OpenPage, type Theme } from './page';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 15_000 });
/** Of the editor beside its file, with the explorer open, in a window of 1,400 × 900. */
const BESIDE = { width: 521, height: 798 };
const WIDE = { width: 1200, height: 900 };

/** Every mode and every state of nodes: as designed, now, last known, with a banner, with findings, planned, in a run with failures, with zones, with hundreds of agents. */
const SCENES = [
  'embedded-3',
  'server-down',
  'silent',
  'unreadable',
  'drifted',
  'findings',
  'planned',
  'running',
  'two-zones',
  'mysql-slb',
  'external-etcd',
  'single',
  'live',
] as const;
/** Those that have every color: findings, what is down, and each state of a node. */
const COLORFUL = ['findings', 'server-down', 'running'] as const;
const OTHER_THEMES: readonly Theme[] = ['dark', 'hc-dark', 'hc-light', 'dracula'];

/** Everything that a person can make of a scene, with its name, one after the other in one page. */
async function eachLook(open: OpenPage, look: (name: string) => Promise<void>): Promise<void> {
  const { page } = open;
  const part = page.locator('[data-part^="server:"]').first();
  await look('wide');
  const canPlay = !((await part.getAttribute('class')) ?? '').includes('down');
  if (canPlay) {
    await part.click();
    await page.keyboard.press('Space');
    await eventually(() => page.locator('.mode').textContent()).toBe('what if');
    await look('wide, what if, with a part chosen');
  }
  await page.setViewportSize(BESIDE);
  await eventually(() => page.locator('.side-handle').isVisible()).toBe(true);
  await look(canPlay ? 'narrow, what if' : 'narrow');
  if (canPlay) {
    await page.getByRole('button', { name: /^Back to/ }).click();
    await eventually(() => page.locator('.mode').textContent()).not.toBe('what if');
    await look('narrow');
  }
  if ((await page.locator('.side-handle').getAttribute('aria-expanded')) !== 'true')
    await page.locator('.side-handle').click();
  await look('narrow, with the panel open');
  await page.setViewportSize(WIDE);
  await page.getByRole('button', { name: 'List: show the diagram as text' }).click();
  await look('as a list');
}

/** Opens a scene, looks at all of it, and insists that the browser had nothing to complain about. */
async function looksAt(
  scene: string,
  theme: Theme,
  faults: (page: OpenPage['page']) => Promise<readonly string[]>,
): Promise<void> {
  const open = await harness.open(scene, { theme, ...WIDE });
  try {
    const found: string[] = [];
    await eachLook(open, async (name) => {
      found.push(...(await faults(open.page)).map((fault) => `${name}: ${fault}`));
    });
    expect(found).toEqual([]);
    expect(open.complaints).toEqual([]);
  } finally {
    await open.close();
  }
}

describe('axe', () => {
  it.each(SCENES)('finds nothing in any look of %s', (scene) => looksAt(scene, 'light', faultsOf), 120_000);

  it.each(OTHER_THEMES.flatMap((theme) => COLORFUL.map((scene) => [theme, scene] as const)))(
    'finds no faint text in %s, %s',
    (theme, scene) => looksAt(scene, theme, faintTextsOf),
    120_000,
  );
});

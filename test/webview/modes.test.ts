import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type Harness, type OpenPage } from './page';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function show(
  scenario: string,
  test: (open: OpenPage) => Promise<void>,
  options?: Parameters<Harness['open']>[1],
): Promise<void> {
  const open = await harness.open(scenario, options);
  try {
    await test(open);
    expect(open.complaints).toEqual([]);
    expect(await open.refused()).toEqual([]);
  } finally {
    await open.close();
  }
}

const eventually: typeof expect.poll = (read) => expect.poll(read, { timeout: 15_000 });
const part = (open: OpenPage, id: string): ReturnType<OpenPage['page']['locator']> =>
  open.page.locator(`[data-part="${id}"]`);
/** Of the editor beside its file, with the explorer open, in windows of 1,400 × 900 and of 1,024 × 700. */
const BESIDE = { width: 521, height: 798 };
const BESIDE_SMALL = { width: 355, height: 598 };

describe('what the picture is of', () => {
  it.each([
    ['embedded-3', 'as designed'],
    ['server-down', 'now'],
    ['silent', 'last known'],
  ])('%s is called %s, and a thought on top of it is another look', (scenario, mode) =>
    show(scenario, async (open) => {
      const { page } = open;
      const look = (): Promise<string> =>
        page.evaluate<string>(
          `(({ borderStyle, backgroundColor }) => [borderStyle, backgroundColor].join())(getComputedStyle(document.querySelector('.mode')))`,
        );
      expect(await page.locator('.mode').textContent()).toBe(mode);
      const before = await look();
      await part(open, 'server:server-1').focus();
      await page.keyboard.press('Space');
      await eventually(() => page.locator('.mode').textContent()).toBe('what if');
      expect(await look()).not.toBe(before);
      await page.getByRole('button', { name: /^Back to/ }).click();
      await eventually(() => page.locator('.mode').textContent()).toBe(mode);
    }),
  );

  it('what is really down is crossed out in its own words, and cannot be played', () =>
    show('server-down', async (open) => {
      const { page } = open;
      const label = await part(open, 'server:server-2').getAttribute('aria-label');
      expect(label).toContain('unreachable: its kubelet stopped reporting');
      expect(label).not.toContain('what if');
      expect(await part(open, 'server:server-2').locator('.cross').count()).toBe(1);
      expect(await page.locator('.ring-caption').textContent()).toBe('2 of 3 up · quorum 2 · no more may fail');
      await part(open, 'server:server-2').click();
      await page.locator('.details h2', { hasText: 'server-2' }).waitFor();
      expect(await page.getByRole('button', { name: 'Let it fail' }).count()).toBe(0);
    }));

  it('an API that does not answer leaves no green sign', () =>
    show('silent', async ({ page }) => {
      expect(await page.locator('.state-ready').count()).toBe(0);
      expect(await page.locator('.answers').textContent()).toContain('Does the datastore work? unknown');
      expect(await page.locator('.ring-caption').textContent()).toBe('how its members are is not known');
    }));

  it('the way back from a thought leaves the keyboard beside it, and Tab stops at nothing that is not there', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      await part(open, 'server:server-1').focus();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Back to the Design' }).focus();
      await page.keyboard.press('Enter');
      const at = (): Promise<string | null> =>
        page.evaluate<string | null>(
          `(document.activeElement.dataset.part ?? document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName)`,
        );
      await eventually(at).toBe('What if this fails');
      const stops: (string | null)[] = [];
      while (stops.length < 9 && stops.at(-1) !== 'server:server-1') {
        await page.keyboard.press('Tab');
        stops.push(await at());
      }
      expect(stops).toEqual([
        'Zoom in',
        'Zoom out',
        'Fit to window',
        'List: show the diagram as text',
        'server:server-1',
      ]);
    }));

  it('a file that cannot be read is said above the picture', () =>
    show('unreadable', async ({ page }) => {
      expect(await page.locator('.warning').textContent()).toContain('cannot be read (line 3)');
    }));
});

describe('the menu of a part', () => {
  const context = async (open: OpenPage, id: string): Promise<Record<string, unknown>> => {
    await part(open, id).dispatchEvent('contextmenu', { bubbles: true });
    return JSON.parse(
      (await open.page.locator('[data-vscode-context]').getAttribute('data-vscode-context')) ?? '',
    ) as Record<string, unknown>;
  };

  it.each([
    ['server-down', 'server:server-2', 'node server not-ready open sshable', 'node:server-2'],
    ['silent', 'server:server-1', 'node server sshable', 'node:server-1'],
    ['embedded-3', 'agent:agent-1', 'node agent sshable', 'node:agent-1'],
    ['embedded-3', 'load-balancer', 'loadBalancer', 'loadBalancer'],
  ])('is asked for as the row of the explorer: %s, %s', (scenario, id, words, row) =>
    show(scenario, async (open) => {
      const asked = await context(open, id);
      expect(asked).toMatchObject({ k3sPart: words, row: { id: row }, preventDefaultContextMenuItems: true });
      expect(asked['path']).toBeInstanceOf(Array);
    }),
  );

  it('has nothing of a node beside the parts', () =>
    show('embedded-3', async (open) => {
      expect((await context(open, 'clients'))['k3sPart']).toBe('clients');
    }));
});

describe('buttons', () => {
  it('that can do nothing now say why, to eyes and ears, and ask for nothing', () =>
    show('running', async (open) => {
      const { page } = open;
      const provision = page.getByRole('button', { name: 'Provision…' });
      expect(await provision.getAttribute('aria-disabled')).toBe('true');
      expect(await provision.getAttribute('title')).toBe('A run goes on: wait for its end, or cancel it.');
      await provision.focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.obstacle').textContent()).toBe('A run goes on: wait for its end, or cancel it.');
      expect(await page.locator('[aria-live=polite]').textContent()).toContain('A run goes on');
      expect((await open.posted()).filter(({ type }) => type === 'action')).toEqual([]);
    }));

  it('only the one for it goes to the file', () =>
    show('embedded-3', async (open) => {
      await part(open, 'server:server-2').click();
      await part(open, 'server:server-2').press('Enter');
      await part(open, 'server:server-2').press('F12');
      await open.page.getByRole('button', { name: 'Show in File' }).click();
      const asked = (await open.posted()).flatMap((message) => (message.type === 'select' ? [message.open] : []));
      expect(asked).toEqual([false, false, true, true]);
    }));
});

describe.each([
  ['1,400 × 900', BESIDE],
  ['1,024 × 700', BESIDE_SMALL],
])('beside the file in a window of %s', (_name, size) => {
  const zoomOf = (open: OpenPage): Promise<number> =>
    open.page.evaluate<number>('new DOMMatrix(getComputedStyle(document.querySelector(".world")).transform).a');

  it.each(['embedded-3', 'two-zones', 'embedded-5-zones', 'mysql-slb', 'single'])(
    'the width of %s fits at a size that can be read',
    (scenario) =>
      show(
        scenario,
        async (open) => {
          expect(await zoomOf(open)).toBeGreaterThanOrEqual(0.8);
          const outside = await open.page.evaluate<string[]>(
            `[...document.querySelectorAll('.part')].filter((part) => { const { left, right } = part.querySelector('.shape').getBoundingClientRect(); return left < 0 || right > innerWidth; }).map((part) => part.dataset.part)`,
          );
          expect(outside).toEqual([]);
        },
        size,
      ),
  );

  it('text keeps to its box, as the browser measures it', () =>
    show(
      'running',
      async ({ page }) => {
        const outside = await page.evaluate<string[]>(
          `[...document.querySelectorAll('.part')].flatMap((part) => { const shape = part.querySelector('.shape').getBoundingClientRect(); return [...part.querySelectorAll('text')].filter((text) => text.getBoundingClientRect().right > shape.right).map((text) => text.textContent); })`,
        );
        expect(outside).toEqual([]);
      },
      size,
    ));

  it('the picture has most of the room, and one line stands for the side panel', () =>
    show(
      'embedded-3',
      async (open) => {
        const { page } = open;
        const handle = page.locator('.side-handle');
        const stage = await page.locator('.stage').boundingBox();
        expect(stage?.height ?? 0).toBeGreaterThan(size.height * 0.6);
        expect(await page.locator('.legend').isVisible()).toBe(false);
        expect(await handle.textContent()).toContain('As designed, with everything up: API yes, datastore yes');
        await handle.click();
        expect(await handle.getAttribute('aria-expanded')).toBe('true');
        expect(await page.locator('.answers').isVisible()).toBe(true);
        // It opens over the picture, which stays where it is.
        expect(await page.locator('.stage').boundingBox()).toEqual(stage);
        await handle.click();
        expect(await page.locator('.answers').isVisible()).toBe(false);
        await part(open, 'server:server-1').click();
        await page.locator('.details h2', { hasText: 'server-1' }).waitFor();
        expect(await page.locator('.details').isVisible()).toBe(true);
        const [box, panel] = [
          await part(open, 'server:server-1').boundingBox(),
          await page.locator('.side-content').boundingBox(),
        ];
        expect((box?.y ?? 1e9) + (box?.height ?? 0)).toBeLessThanOrEqual(panel?.y ?? 0);
      },
      size,
    ));

  it('the controls are signs at the lower edge and cover no title', () =>
    show(
      'embedded-3',
      async ({ page }) => {
        const controls = await page.locator('.view-controls').boundingBox();
        const stage = await page.locator('.stage').boundingBox();
        expect(controls?.height ?? 1e9).toBeLessThan(40);
        expect((controls?.y ?? 0) + (controls?.height ?? 0)).toBeGreaterThan(
          (stage?.y ?? 0) + (stage?.height ?? 0) - 20,
        );
        expect(await page.locator('.icon-button svg').count()).toBe(4);
      },
      size,
    ));
});

describe('a window that changes its width', () => {
  it('gets the layout that it has room for, from its beginning', () =>
    show('embedded-3', async (open) => {
      const { page } = open;
      const above = (): Promise<number> => page.locator('.wire-registration').count();
      expect(await above()).toBeGreaterThan(0);
      await page.setViewportSize(BESIDE);
      await eventually(above).toBe(0);
      // With the side panel beside it, the picture of a wider window has no more room.
      await page.setViewportSize({ width: 900, height: 900 });
      await page.locator('.legend').waitFor();
      expect(await above()).toBe(0);
      await page.setViewportSize({ width: 1200, height: 900 });
      await eventually(above).toBeGreaterThan(0);
    }));
});

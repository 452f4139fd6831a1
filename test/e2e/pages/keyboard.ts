import { expect } from 'vitest';
import type { Frame, Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput';

/** What has the keyboard, in the words of a screen reader, and whether an eye can see that it has it. */
export interface Focused {
  readonly name: string;
  readonly seen: boolean;
}

/** An outline, or the color of the focus on a border or a line, of the element itself or of what it is made of. */
const READ = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body || at.tagName === 'IFRAME') return undefined;
  const probe = document.createElement('i');
  probe.style.color = 'var(--vscode-focusBorder)';
  document.body.append(probe);
  const focus = getComputedStyle(probe).color;
  probe.remove();
  const shows = (element) => {
    const { outlineStyle, outlineWidth, stroke, borderTopColor, borderTopWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && outlineWidth !== '0px' || stroke === focus || borderTopColor === focus && borderTopWidth !== '0px';
  };
  const name = at.getAttribute('data-part') ?? at.getAttribute('aria-label') ?? at.innerText ?? at.tagName;
  return { name, seen: [at, ...at.children, ...(at.shadowRoot?.querySelectorAll('*') ?? [])].some(shows) };
})()`;

/** Everything that people do who have no mouse; nothing here points at anything. */
export function keyboardPage(page: Page, quickInput: QuickInput) {
  const framesInside = (): readonly Frame[] => page.frames().filter((frame) => frame !== page.mainFrame());

  const focused = async (): Promise<Focused | undefined> => {
    for (const frame of framesInside()) {
      const has = await frame.evaluate<boolean>('document.hasFocus()').catch(() => false);
      const at = has ? await frame.evaluate<Focused | undefined>(READ).catch(() => undefined) : undefined;
      if (at !== undefined) return at;
    }
    return page.evaluate<Focused | undefined>(READ);
  };

  return {
    /** What has the keyboard now, in whichever frame. */
    focused,

    /** Runs a command from the palette: asks again while it is not registered yet, and until its row is the one that Enter takes. */
    async run(title: string): Promise<void> {
      for (let turns = 4; ; turns--) {
        await page.keyboard.press('F1');
        await quickInput.input.waitFor();
        await page.keyboard.type(title);
        try {
          await quickInput.focusedOption(title).waitFor({ timeout: 5_000 });
          break;
        } catch (error) {
          if (turns === 0) throw error;
          await quickInput.cancel();
        }
      }
      await page.keyboard.press('Enter');
    },

    /** Takes a row of the open quick pick: types what is on it and waits until Enter takes it. */
    async pick(label: string): Promise<void> {
      await quickInput.option(/./).first().waitFor();
      await page.keyboard.type(label);
      await quickInput.focusedOption(label).waitFor();
      await page.keyboard.press('Enter');
    },

    /** Presses Tab, or another key, until `target` has the focus; tells every stop on the way. */
    async goTo(target: Locator, key = 'Tab'): Promise<readonly Focused[]> {
      const stops: Focused[] = [];
      await target.waitFor();
      for (let presses = 0; presses < 60; presses++) {
        if (await target.evaluate((element) => element.matches(':focus'))) return stops;
        await page.keyboard.press(key);
        const at = await focused();
        if (at !== undefined) stops.push(at);
      }
      throw new Error(`${key} never got there; on the way: ${stops.map(({ name }) => name).join(' | ')}`);
    },

    /** From now on every press of a mouse button is counted, in the window and in every frame that it opens. */
    async countPresses(): Promise<() => Promise<number>> {
      const count = `window.presses = 0; addEventListener('mousedown', () => { window.presses += 1; }, true);`;
      await page.context().addInitScript(count);
      await page.evaluate(count);
      return async () => {
        const counts = await Promise.all(
          page.frames().map((frame) => frame.evaluate<number>('window.presses ?? 0').catch(() => 0)),
        );
        return counts.reduce((sum, each) => sum + each, 0);
      };
    },

    /** Fails when something takes the keyboard away while `doing` goes on. */
    async keeps(doing: () => Promise<unknown>): Promise<void> {
      const before = await focused();
      await doing();
      expect(await focused()).toEqual(before);
    },
  };
}

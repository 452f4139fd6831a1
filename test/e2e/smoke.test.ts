import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { inRoot, shownManifest } from '../../scripts/lib/paths.mjs';
import { useWorkbench } from './driver';

const { contributes } = shownManifest();

describe('a workbench with the installed package', () => {
  const workbench = useWorkbench();

  test('shows the explorer of clusters in the activity bar', async () => {
    const title = contributes.viewsContainers?.activitybar?.[0]?.title;
    expect(title).toBeDefined();
    await workbench().sideBar.open(title ?? '');
    expect(
      await workbench()
        .sideBar.container(title ?? '')
        .first()
        .getAttribute('aria-selected'),
    ).toBe('true');
  });

  test('knows the language of the cluster file', async () => {
    const { editor, statusBar, screenshot } = workbench();
    const language = contributes.languages?.find(({ id }) => id === 'k3s-cluster')?.aliases?.[0];
    expect(language).toBeDefined();
    await editor.open('cluster.k3s.yaml');
    await statusBar.item(language ?? '').waitFor();
    await expect.poll(async () => (await editor.lines()).join('\n')).toContain('kind: Cluster');
    await screenshot('smoke');
  });

  test('leads a newcomer through the first steps, each with its picture', async () => {
    const { palette, quickInput, page, screenshot } = workbench();
    const [first] = contributes.walkthroughs;
    expect(first?.steps.length).toBe(6);
    const { title, steps } = first!;
    await palette.run('Welcome: Open Walkthrough...');
    await quickInput.pick(title);
    const walkthrough = page.locator('.gettingStartedContainer .gettingStartedSlideDetails');
    await walkthrough.getByRole('heading', { name: title }).waitFor();
    for (const { title: step, media } of steps) {
      await walkthrough.getByText(step, { exact: true }).first().click();
      const drawn = readFileSync(inRoot(media.svg), 'utf8').match(/<text[^>]*>([^<]+)</)![1];
      await expect.poll(() => shownPicture(page)).toEqual({ text: expect.stringContaining(drawn!), themed: true });
    }
    await screenshot('walkthrough');
  });
});

/** The picture beside the steps stands in a frame of its own; in the colours of the theme nothing is plain black. */
async function shownPicture(page: Page): Promise<{ text: string; themed: boolean } | undefined> {
  for (const frame of page.frames()) {
    const shown = await frame
      .evaluate<{ text: string; themed: boolean } | undefined>(
        `(() => {
          const svg = document.querySelector('main svg, body > svg');
          const filled = [...(svg?.querySelectorAll('text[fill], tspan[fill]') ?? [])];
          const themed = filled.every((text) => getComputedStyle(text).fill !== 'rgb(0, 0, 0)');
          return svg ? { text: svg.textContent, themed } : undefined;
        })()`,
      )
      .catch(() => undefined);
    if (shown) return shown;
  }
  return undefined;
}

import { describe, expect, test } from 'vitest';
import { shownManifest } from '../../scripts/lib/paths.mjs';
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
    expect(first?.steps.length).toBe(5);
    const { title, steps } = first!;
    await palette.run('Welcome: Open Walkthrough...');
    await quickInput.pick(title);
    const walkthrough = page.locator('.gettingStartedContainer .gettingStartedSlideDetails');
    await walkthrough.getByRole('heading', { name: title }).waitFor();
    for (const step of steps) {
      await walkthrough.getByText(step.title, { exact: true }).first().click();
      const picture = walkthrough.getByRole('img', { name: step.media.altText });
      await picture.waitFor();
      await expect
        .poll(() => picture.evaluate((node) => (node as unknown as { readonly naturalWidth: number }).naturalWidth))
        .toBeGreaterThan(400);
    }
    await screenshot('walkthrough');
  });
});

import { describe, expect, test } from 'vitest';
import { manifest } from '../../scripts/lib/paths.mjs';
import { useWorkbench } from './driver';

const { contributes } = manifest();

describe('a workbench with the installed package', () => {
  const workbench = useWorkbench();

  test('shows the explorer of clusters in the activity bar', async () => {
    const title = contributes.viewsContainers?.activitybar?.[0]?.title;
    expect(title).toBeDefined();
    await workbench().sideBar.open(title ?? '');
    expect(await workbench().sideBar.container(title ?? '').first().getAttribute('aria-selected')).toBe('true');
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
});

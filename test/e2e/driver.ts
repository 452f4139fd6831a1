import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ARTIFACTS, inRoot, vsixFile } from '../../scripts/lib/paths.mjs';
import { openWorkbench, type OpenWorkbench, type WorkbenchOptions } from '../host/workbench.mjs';
import { editorPage } from './pages/editor';
import { keyboardPage } from './pages/keyboard';
import { menuPage } from './pages/menu';
import { notificationsPage } from './pages/notifications';
import { palettePage } from './pages/palette';
import { problemsPage, statusBarPage, webviewPage } from './pages/panels';
import { quickInputPage } from './pages/quickInput';
import { sideBarPage } from './pages/sideBar';

/** How long a helper waits for what it needs; software rendering on a busy machine is slow. */
const PATIENCE_MS = 20_000;

/**
 * A VS Code with our package installed and a copy of examples/practice opened, driven as a person drives it.
 * Every helper waits for what it needs. `page` is Playwright's, for what no helper covers.
 */
export type Driver = ReturnType<typeof drive>;

function drive({ page, folder, version }: OpenWorkbench) {
  page.setDefaultTimeout(PATIENCE_MS);
  const quickInput = quickInputPage(page);
  const menu = menuPage(page);
  return {
    page,
    /** Absolute path of the opened folder, to read what was saved. */
    folder,
    version,
    quickInput,
    menu,
    keyboard: keyboardPage(page, quickInput),
    palette: palettePage(page, quickInput),
    notifications: notificationsPage(page),
    sideBar: sideBarPage(page, menu),
    editor: editorPage(page, quickInput),
    problems: problemsPage(page),
    webview: webviewPage(page),
    statusBar: statusBarPage(page),

    /**
     * Takes a picture, always into .cache/artifacts/screenshots. With `media`, `npm test -- e2e --update-screenshots` also puts it
     * under that path in media/, where the README shows it.
     */
    async screenshot(name: string, { media }: { media?: string } = {}): Promise<void> {
      const file = path.join(ARTIFACTS, 'screenshots', `${name}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      await page.mouse.move(0, 0);
      await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
      if (media !== undefined && process.env['K3S_UPDATE_SCREENSHOTS'] === '1')
        copyFileSync(file, inRoot('media', media));
    },
  };
}

/**
 * Gives the tests of a file one workbench; call it at the top of the file and the result inside tests.
 * After a test that failed, a screenshot and the logs are in .cache/artifacts/e2e-<test>, and the path is printed.
 */
export function useWorkbench(options: Partial<WorkbenchOptions> = {}): () => Driver {
  let workbench: OpenWorkbench | undefined;
  let driver: Driver | undefined;
  beforeAll(async () => {
    workbench = await openWorkbench({ vsix: vsixFile(), workspace: inRoot('examples', 'practice'), ...options });
    driver = drive(workbench);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || !workbench) return;
    console.log(`Logs and a screenshot: ${await workbench.keepArtifacts(`e2e-${task.name.replace(/\W+/g, '-')}`)}`);
  });
  afterAll(async () => {
    await workbench?.close();
  });
  return () => {
    if (!driver) throw new Error('The workbench did not open; the error of beforeAll says why.');
    return driver;
  };
}

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { ARTIFACTS, inRoot, vsixFile } from '../../scripts/lib/paths.mjs';
import { openWorkbench, type OpenWorkbench, type WorkbenchOptions } from '../host/workbench.mjs';
import { editorPage } from './pages/editor';
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
  return {
    page,
    /** Absolute path of the opened folder, to read what was saved. */
    folder,
    version,
    quickInput,
    palette: palettePage(page, quickInput),
    notifications: notificationsPage(page),
    sideBar: sideBarPage(page),
    editor: editorPage(page, quickInput),
    problems: problemsPage(page),
    webview: webviewPage(page),
    statusBar: statusBarPage(page),

    /**
     * Takes a picture, always into .cache/artifacts/screenshots. With `media`, `npm test -- e2e --update-screenshots` also puts it
     * under that path in media/, where the README shows it; with `walkthrough`, that part of it goes into the walkthrough.
     */
    async screenshot(name: string, { media, walkthrough }: { media?: string; walkthrough?: Clip } = {}): Promise<void> {
      const file = path.join(ARTIFACTS, 'screenshots', `${name}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      await page.mouse.move(0, 0);
      await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
      if (process.env['K3S_UPDATE_SCREENSHOTS'] !== '1') return;
      mkdirSync(inRoot('media', 'walkthrough'), { recursive: true });
      if (media !== undefined) copyFileSync(file, inRoot('media', media));
      if (walkthrough !== undefined)
        writeFileSync(inRoot('media', 'walkthrough', walkthrough.file), await webpOf(page, walkthrough));
    },
  };
}

/** A part of the window, in its pixels. */
interface Clip {
  readonly file: `${string}.webp`;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Wide enough for the walkthrough's column. */
const WALKTHROUGH_WIDTH = 800;

async function webpOf(page: Page, { x, y, width, height }: Clip): Promise<Buffer> {
  const png = await page.screenshot({ clip: { x, y, width, height }, animations: 'disabled', caret: 'hide' });
  const scale = Math.min(1, WALKTHROUGH_WIDTH / width);
  const blank = await page.context().newPage();
  const webp = await blank.evaluate<string>(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (c) => c.charCodeAt(0));
    const canvas = Object.assign(document.createElement('canvas'), { width: ${Math.round(width * scale)}, height: ${Math.round(height * scale)} });
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/webp', 0.8).split(',')[1];
  })()`);
  await blank.close();
  return Buffer.from(webp, 'base64');
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

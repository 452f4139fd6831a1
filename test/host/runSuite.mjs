import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { openBrowser } from './browser.mjs';
import { discard, keep, newRunFolder } from './runFolder.mjs';
import { startServer } from './server.mjs';

/**
 * Runs an extension's test suite in the extension host of a real VS Code: what `code --extensionTestsPath` does on a desktop.
 *
 * - `extension`: folder given as extensionDevelopmentPath; `tests`: CommonJS module that exports `run(): Promise<void>`
 * - `workspace`: folder to open; a copy of it is opened, because tests write into it
 * - `extensionsDir`: installed extensions, or nothing for none
 * - `resultFile`: where `run()` writes its counts, told to it as K3S_TEST_RESULT
 *
 * Resolves with `{ code, artifacts? }`. Code 0 needs that VS Code says so *and* that the suite wrote a result with passes and no
 * failures: VS Code also says 0 when the extension host died in the middle.
 */
export async function runSuite({
  host,
  extension,
  tests,
  workspace,
  extensionsDir,
  resultFile: wanted,
  timeoutMs = 180_000,
  name = `suite-${host.name}`,
}) {
  const folder = newRunFolder();
  const log = path.join(folder, 'tests.log');
  const resultFile = wanted ?? path.join(folder, 'result.json');
  rmSync(resultFile, { force: true }); // the one of an earlier run proves nothing
  writeFileSync(log, '');
  const opened = path.join(folder, 'workspace');
  if (workspace) cpSync(workspace, opened, { recursive: true });
  else mkdirSync(opened);
  const stopTail = tail(log);

  let server;
  let browser;
  let verdict;
  try {
    server = await startServer({
      host,
      dataDir: folder,
      extensionsDir,
      testDriver: true,
      env: { K3S_TEST_LOG: log, K3S_TEST_RESULT: resultFile },
    });
    browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    verdict = await outcome({ page, server, folder, timeoutMs, extension, tests, opened });
    if (verdict.code !== 0) await page.screenshot({ path: path.join(folder, 'end.png') }).catch(() => {});
  } catch (error) {
    verdict = { code: 1, why: error.stack };
  } finally {
    await browser?.close().catch(() => {});
    await server?.stop();
    stopTail();
  }
  if (verdict.code === 0) verdict = checkResult(resultFile);
  const artifacts = verdict.code === 0 ? undefined : keep(folder, name);
  discard(folder);
  if (verdict.why) console.error(verdict.why);
  if (artifacts) console.error(`Logs and a screenshot: ${artifacts}`);
  return { code: verdict.code, artifacts };
}

/** Opens the workbench with the suite in its URL and waits for whatever ends the run first. */
function outcome({ page, server, folder, timeoutMs, extension, tests, opened }) {
  const remote = (file) => `vscode-remote://${server.authority}${path.resolve(file).split(path.sep).join('/')}`;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => resolve({ code: 124, why: `The suite did not end within ${timeoutMs / 1000} s.` }),
      timeoutMs,
    );
    const end = (code, why) => {
      clearTimeout(timer);
      resolve({ code, why });
    };
    server.onExit((code) => end(1, `The VS Code server ended with ${code} during the run.`));
    page.on('crash', () => end(1, 'The page of the workbench crashed.'));
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', (type, args) =>
        appendFileSync(path.join(folder, 'workbench.log'), `${type} ${format(...args)}\n`),
      );
      await page.exposeFunction('codeAutomationExit', (code) => end(code === 0 ? 0 : 1));
      await page.goto(
        server.url(opened, [
          ['extensionDevelopmentPath', remote(extension)],
          ['extensionTestsPath', remote(tests)],
        ]),
      );
    };
    open().catch(reject);
  });
}

function checkResult(file) {
  if (!existsSync(file))
    return {
      code: 1,
      why: 'VS Code reported success, but the suite wrote no result: the extension host died during the run.',
    };
  const { passes, failures } = JSON.parse(readFileSync(file, 'utf8'));
  return passes > 0 && failures === 0
    ? { code: 0 }
    : { code: 1, why: `The suite ended with ${passes} passed and ${failures} failed.` };
}

/** Shows what is appended to a file, as it comes. Returns the function that stops it and shows the rest. */
function tail(file) {
  let shown = 0;
  const pump = () => {
    const bytes = readFileSync(file);
    process.stdout.write(bytes.subarray(shown));
    shown = bytes.length;
  };
  const timer = setInterval(pump, 100);
  return () => {
    clearInterval(timer);
    pump();
  };
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Before everything else: it watches the extension wake up, which happens once in the life of an extension host. */
const FIRST = 'activation.test.js';

/**
 * What VS Code calls to run the tests, on a desktop and on the host in test/host alike. All of the environment is optional:
 *
 * - K3S_TEST_LOG: file for everything that is printed (the console of an extension host cannot be redirected)
 * - K3S_TEST_RESULT: file for the counts, written when the run is really over
 * - K3S_TEST_ONLY: comma-separated names of test files, without `.test.js`
 * - MOCHA_GREP
 */
export function run(): Promise<void> {
  const { K3S_TEST_LOG: logFile, K3S_TEST_RESULT: resultFile, K3S_TEST_ONLY: only, MOCHA_GREP: grep } = process.env;
  if (logFile) {
    const base = Mocha.reporters.Base as unknown as { consoleLog: (...parts: unknown[]) => void };
    base.consoleLog = (...parts) => fs.appendFileSync(logFile, `${format(...parts)}\n`);
  }
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 20_000, forbidOnly: true, ...(grep ? { grep } : {}) });
  const wanted = only?.split(',').map((name) => `${name}.test.js`);
  const files = fs
    .readdirSync(__dirname)
    .filter((file) => file.endsWith('.test.js') && (wanted?.includes(file) ?? true));
  files.sort((a, b) => Number(b === FIRST) - Number(a === FIRST) || a.localeCompare(b));
  for (const file of files) mocha.addFile(path.join(__dirname, file));

  return new Promise((resolve, reject) => {
    const failed: string[] = [];
    const runner = mocha.run((failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      if (resultFile) fs.writeFileSync(resultFile, JSON.stringify({ passes, failures, pending, failed }));
      if (failures > 0) reject(new Error(`${failures} of ${passes + failures} tests failed.`));
      else if (passes === 0) reject(new Error('No test ran.'));
      else resolve();
    });
    runner.on('fail', (test) => failed.push(test.fullTitle()));
  });
}

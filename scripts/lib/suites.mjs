import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CACHE, inRoot } from './paths.mjs';
import { modernNode, run } from './processes.mjs';
import { yellow } from './say.mjs';
import { countsOfBoth, filesToTryAgain } from './secondTry.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, why?: string }} Counts */

export const passedOne = { passed: 1, failed: 0, skipped: 0 };
const failedOne = (why) => ({ passed: 0, failed: 1, skipped: 0, why });
const nothing = (why) => ({ passed: 0, failed: 0, skipped: 0, why });

/** A suite that could not run: never counted as passed. */
export const skippedOne = (why) => ({ passed: 0, failed: 0, skipped: 1, why });

const node = (args, env) => run(modernNode(), args, { show: 'live', env });

/** A script that passes or fails as a whole. */
const script = (name, title, file, args = [], { realTime = false, ...more } = {}) => ({
  name,
  title,
  needs: [],
  after: [],
  ...more,
  async run() {
    if (!existsSync(inRoot(file))) return nothing(`${file} does not exist`);
    const { code } = await node([file, ...args]);
    if (code === 0) return passedOne;
    if (realTime && (await node([file, ...args])).code === 0)
      return { ...passedOne, why: 'passed only when run again' };
    return failedOne(`ended with status ${code}`);
  },
});

/**
 * A project of vitest.config.mjs; `folders` are where its tests are. Suites with `realTime` wait for real programs: their
 * files that fail on a busy machine run a second time by themselves, and the result names what passed only then.
 */
const vitest = (name, title, folders, { options = [], realTime = false, ...more } = {}) => ({
  name,
  title,
  needs: [],
  after: [],
  ...more,
  async run(extra = []) {
    if (!hasTests(folders)) return nothing(`no tests in ${folders.join(', ')}`);
    const first = await runVitest(name, name, [...options, ...extra]);
    if (first.code === 0 || !realTime || !first.report)
      return judge(first.code, first.report && fromVitest(first.report));
    if (first.report.success) return outsideOfTests(await runVitest(name, `${name}-again`, [...options, ...extra]));
    const files = filesToTryAgain(first.report);
    if (files.length === 0) return judge(first.code, fromVitest(first.report));
    console.log(yellow(`\nRun again by themselves: ${files.join(', ')}`));
    const second = await runVitest(name, `${name}-again`, files);
    if (!second.report) return judge(first.code, fromVitest(first.report));
    return judge(second.code, countsOfBoth(first.report, second.report));
  },
});

/** Every test had passed, and something beside them failed; whose fault it was, vitest cannot tell, so all ran again. */
function outsideOfTests({ code, report }) {
  const counts = report && fromVitest(report);
  const gone = code === 0 ? { why: 'an error outside of the tests was gone when all ran again' } : {};
  return judge(code, counts && { ...counts, ...gone });
}

async function runVitest(project, result, args) {
  const file = resultFile(result);
  const { code } = await node([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...args,
  ]);
  return { code, report: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined };
}

/** The suite inside a VS Code. */
const integration = (where, title) => ({
  name: `integration-${where}`,
  group: 'integration',
  title,
  needs: ['chromium', 'vscode'],
  after: ['package'],
  async run() {
    const file = resultFile(`integration-${where}`);
    const bundled = await node(['esbuild.mjs', '--suite']);
    if (bundled.code !== 0) return failedOne('the suite could not be bundled');
    const { code } = await node(['test/integration/launch.mjs', where]);
    return judge(code, existsSync(file) ? fromMocha(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
  },
});

/**
 * Two cores calculate twice as fast. Files of the host fleet mostly wait, but three of its long ones at a time keep two cores
 * busy, and clients then lose requests to elections. Each of its hosts also has a systemd with seven inotify instances, of which
 * the kernel gives root 128.
 */
const atATime = (files) => [`--maxWorkers=${files}`];

/**
 * In the order in which they run: what fails fastest comes first.
 * `needs` are parts of setup without which the suite cannot run, `wants` parts that only single tests need (those skip themselves);
 * `after` are suites that must have passed; `impossible()` says why this machine can never run it.
 */
export const SUITES = [
  script('generate', 'generated files are current', 'scripts/generate.mjs', ['--check']),
  script('rule-pages', 'pages of the rules are current', 'scripts/ruleDocs.mjs', ['--check']),
  script('journal-texts', 'texts of the journal in the documentation are current', 'scripts/journalDocs.mjs', [
    '--check',
  ]),
  script('typecheck', 'types', 'scripts/typecheck.mjs'),
  script('rooms', 'rooms and circles', 'scripts/rooms.mjs'),
  script('form', 'the form of the code', 'node_modules/prettier/bin/prettier.cjs', [
    '--check',
    '--log-level',
    'warn',
    '.',
  ]),
  script('lint', 'lint', 'node_modules/eslint/bin/eslint.js', ['--max-warnings', '0', '.']),
  script('knip', 'no dead files, exports or dependencies', 'node_modules/knip/bin/knip.js', ['--no-progress']),
  vitest('unit', 'unit and golden tests', ['test/unit', 'test/golden'], { options: atATime(2), realTime: true }),
  script('package', 'build and pack', 'scripts/package.mjs'),
  script('bundles', 'budgets of bundles and package', 'scripts/check-bundles.mjs', [], { after: ['package'] }),
  vitest('adapters', 'adapters and practice fleet', ['test/adapters', 'test/practice'], {
    wants: ['adapters'],
    after: ['package'],
    options: atATime(4),
    realTime: true,
  }),
  script('fidelity', 'the simulated K3s against recordings of a real one', 'scripts/fidelity.mjs', [], {
    realTime: true,
  }),
  vitest('hostile', 'hostile files, hosts and answers', ['test/hostile'], {
    wants: ['adapters'],
    after: ['package'],
    options: atATime(2),
    realTime: true,
  }),
  integration('floor', 'in the oldest VS Code we promise'),
  integration('newest', 'in the newest VS Code'),
  integration('installed', 'the installed package in the newest VS Code'),
  vitest('webview', 'topology view in a browser', ['test/webview'], {
    needs: ['chromium'],
    after: ['package'],
    options: atATime(2),
    realTime: true,
  }),
  vitest('e2e', 'the whole story through the UI', ['test/e2e'], {
    needs: ['chromium', 'vscode'],
    after: ['package'],
    realTime: true,
  }),
  script('start', 'npm start shows the example', 'scripts/start.mjs', ['--check', '--no-build'], {
    needs: ['chromium', 'vscode'],
    after: ['package'],
  }),
  script('practice', 'a cluster on simulated hosts, by the command line', 'scripts/practice.mjs', ['--no-build'], {
    after: ['package'],
  }),
  vitest('fleet', 'real SSH hosts', ['test/fleet'], {
    needs: ['fleet'],
    wants: ['adapters'],
    after: ['package'],
    options: atATime(2),
    realTime: true,
    impossible: () =>
      process.platform === 'linux' && process.getuid() === 0 ? undefined : 'hosts of our own need Linux and root',
  }),
  // the last one: it leaves a development build in dist/
  script('dev', 'npm run dev builds and reloads on save', 'scripts/start.mjs', ['--check', '--dev'], {
    needs: ['chromium', 'vscode'],
  }),
];

function hasTests(folders) {
  return folders.some(
    (folder) =>
      existsSync(inRoot(folder)) &&
      readdirSync(inRoot(folder), { recursive: true }).some((file) => file.endsWith('.test.ts')),
  );
}

/** Where a suite writes its counts. What an earlier run left there is removed: it would prove nothing. */
function resultFile(name) {
  const file = path.join(CACHE, 'results', `${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

const fromVitest = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
});
const fromMocha = (report) => ({ passed: report.passes, failed: report.failures, skipped: report.pending });

/** Trusts neither side alone: the exit status and the counts must agree, and a suite that has tests must have run some. */
function judge(code, counts) {
  if (!counts) return failedOne(`ended with status ${code} and wrote no result`);
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1, why: `ended with status ${code}` };
  if (counts.passed + counts.failed + counts.skipped === 0) return failedOne('has test files, but no test ran');
  return counts;
}

// Everything that checks this project: `npm test`, or some of it: `npm test -- unit e2e`.
//
//   --strict                a suite that could not run is a failure (for CI)
//   --bail                  stop at the first suite that fails
//   --update-screenshots    the e2e suite also writes the pictures under media/
//   --files PATH            of the named suites only the test files whose path contains this
//   --list                  say what there is
//
// The last line is always `N passed, N failed, N skipped`. Exit status: 1 when anything failed, else 0.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ARTIFACTS } from './lib/paths.mjs';
import { bold, die, dim, failure, green, red, since, table, yellow } from './lib/say.mjs';
import { passedOne, skippedOne, SUITES } from './lib/suites.mjs';
import { setup } from './setup.mjs';

const started = performance.now();
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    strict: { type: 'boolean', default: false },
    bail: { type: 'boolean', default: false },
    'update-screenshots': { type: 'boolean', default: false },
    files: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

try {
  if (options.list)
    console.log(
      table(
        ['suite', 'what it checks'],
        SUITES.map(({ name, title }) => [name, title]),
      ),
    );
  else await main();
} catch (error) {
  die(error);
}

async function main() {
  const chosen = choose(positionals);
  if (options['update-screenshots']) process.env.K3S_UPDATE_SCREENSHOTS = '1';
  rmSync(ARTIFACTS, { recursive: true, force: true }); // what lies there afterwards is of this run
  heading('setup');
  const parts = new Set([
    'npm',
    ...chosen.flatMap(({ needs = [], wants = [], impossible }) => (impossible?.() ? [] : [...needs, ...wants])),
  ]);
  const missing = new Set((await setup([...parts])).map(({ part }) => part));
  console.log(dim(`ready after ${since(started)}`));

  const results = [];
  for (const suite of chosen) {
    const start = performance.now();
    heading(`${suite.name}: ${suite.title}`);
    const counts =
      whyNot(suite, missing, results) ?? (await suite.run(options.files === undefined ? [] : [options.files]));
    if (counts.why) console.log((counts.failed > 0 ? red : yellow)(counts.why));
    results.push({ suite, counts, time: since(start) });
    if (options.bail && counts.failed > 0) break;
  }
  report(results);
}

/** The named suites, together with what they stand on. `integration` names all of its group. */
function choose(names) {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name || suite.group === name));
  if (unknown.length > 0)
    throw failure(`No such suite: ${unknown.join(', ')}. Suites: ${SUITES.map(({ name }) => name).join(', ')}.`);
  if (names.length === 0) return SUITES;
  const named = SUITES.filter((suite) => names.includes(suite.name) || names.includes(suite.group));
  const needed = new Set(named.flatMap(({ name, after = [] }) => [name, ...after]));
  return SUITES.filter(({ name }) => needed.has(name));
}

/** Counts for a suite that cannot run now, or undefined when it can. */
function whyNot({ needs = [], after = [], impossible }, missing, results) {
  const never = impossible?.();
  if (never) return skippedOne(`skipped: ${never}`);
  const absent = needs.filter((part) => missing.has(part));
  if (absent.length > 0) return skippedOne(`skipped: setup could not provide ${absent.join(', ')}, see above`);
  const broken = after.filter((name) =>
    results.some(({ suite, counts }) => suite.name === name && counts.passed < passedOne.passed),
  );
  if (broken.length > 0) return skippedOne(`skipped: ${broken.join(', ')} did not pass`);
  return undefined;
}

function heading(text) {
  console.log(`\n${bold(`── ${text} ${'─'.repeat(Math.max(3, 76 - text.length))}`)}`);
}

function report(results) {
  heading('result');
  const mark = ({ failed, skipped, passed }) =>
    failed > 0
      ? red('failed')
      : skipped > 0 && passed === 0
        ? yellow('skipped')
        : passed > 0
          ? green('passed')
          : dim('empty');
  console.log(
    table(
      ['suite', 'passed', 'failed', 'skipped', 'time', '', ''],
      results.map(({ suite, counts, time }) => [
        suite.name,
        counts.passed,
        counts.failed,
        counts.skipped,
        time,
        mark(counts),
        counts.why,
      ]),
    ),
  );
  const sum = (key) => results.reduce((total, { counts }) => total + counts[key], 0);
  const idle = results
    .filter(({ counts }) => counts.skipped > 0 && counts.passed + counts.failed === 0)
    .map(({ suite }) => suite.name);
  if (sum('failed') > 0 || (options.strict && idle.length > 0)) process.exitCode = 1;
  console.log(`\n${dim(`after ${since(started)}`)}`);
  if (options.strict && idle.length > 0)
    console.log(red(`Nothing ran of ${idle.join(', ')}, and with --strict that is a failure.`));
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
}

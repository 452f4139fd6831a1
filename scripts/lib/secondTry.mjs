import path from 'node:path';

/** @typedef {import('./secondTry.d.mts').VitestReport} VitestReport */

/** More files than this do not fail because a machine is busy. */
const MOST_FILES = 3;

const failed = (file) => file.status === 'failed';
const testsOf = (file, status) => file.assertionResults.filter((test) => test.status === status).length;

/** Files that are worth a second try, and none when so many failed that it is not by chance. */
export function filesToTryAgain(report) {
  const files = report.testResults.filter(failed).map(({ name }) => name);
  return files.length <= MOST_FILES ? files : [];
}

/** Counts of a suite whose failed files ran a second time; whatever passed only then is told by name. */
export function countsOfBoth(first, second) {
  const again = new Map(second.testResults.map((file) => [file.name, file]));
  const lasting = first.testResults.map((file) => (failed(file) ? (again.get(file.name) ?? file) : file));
  const sum = (status) => lasting.reduce((total, file) => total + testsOf(file, status), 0);
  // A file whose setup failed has no test that failed.
  const broken = lasting.filter((file) => failed(file) && testsOf(file, 'failed') === 0).length;
  const unsteady = first.testResults.filter(failed).flatMap((file) => passedOnlyNow(file, again.get(file.name)));
  return {
    passed: sum('passed'),
    failed: sum('failed') + broken,
    skipped: sum('pending') + sum('skipped') + sum('todo'),
    ...(unsteady.length > 0 ? { why: `passed only when run again: ${unsteady.join('; ')}` } : {}),
  };
}

function passedOnlyNow(before, now) {
  const passedNow = new Set(
    (now?.assertionResults ?? []).filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
  );
  const tests = before.assertionResults
    .filter(({ status, fullName }) => status !== 'passed' && passedNow.has(fullName))
    .map(({ fullName }) => fullName.trim());
  // What failed around the tests of a file has no name of its own.
  return tests.length > 0 || now === undefined || failed(now) ? tests : [path.basename(before.name)];
}

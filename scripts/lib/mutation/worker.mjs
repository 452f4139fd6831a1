// Runs the tests against one mutant after the other.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

/** A mutant that takes longer, or comes by its changed place more often, runs endlessly. */
const LIMIT_MS = 120_000;
const LIMIT_HITS = 1_000_000;

/** Too long for every mutant: thousands of damaged texts, of which some are tried below, and a repetition of what single files say. */
const LEFT_OUT = new Set(['half-typed files', 'coverage', 'datastore endpoints', 'networks', 'K3s versions']);

const state = (globalThis.__stryker__ = {
  activeMutant: undefined,
  currentTestId: undefined,
  mutantCoverage: { static: {}, perTest: {} },
  hitCount: 0,
  hitLimit: LIMIT_HITS,
});

const evaluate = vm.compileFunction(readFileSync(workerData.bundle, 'utf8'), ['require', 'module', 'exports'], {
  filename: workerData.bundle,
});
const require = createRequire(workerData.bundle);

/** A fresh copy of product and tests, as far as the active mutant lets it start. */
function load() {
  const module = { exports: {} };
  evaluate(require, module, module.exports);
  return module.exports;
}

const product = load();
/** The mutants that are met before the first test, by the tables of rules for example: these need a fresh copy. */
const atStart = { ...state.mutantCoverage.static };
const groups = product
  .listGroups()
  .filter(({ name }) => !LEFT_OUT.has(name))
  .map(({ name }) => name);
const ruleIds = new Set(product.RULES.map(({ id }) => id));

/** What one rule, or without its id every rule, finds. */
function findingsOf(loaded, context, ruleId) {
  return ruleId === undefined
    ? loaded.checkCluster(context)
    : loaded.RULES.find(({ id }) => id === ruleId).check(context);
}

/** All that a user sees of a file. */
function observe(loaded, context, ruleId) {
  return JSON.stringify(
    findingsOf(loaded, context, ruleId).map((finding) => [finding, loaded.fixesFor(context, finding)]),
  );
}

/** The files by which a group can be told to be the same as without mutant, without running it. */
const texts = new Map(product.goldenFiles().map((name) => [name, [product.readGolden(name)]]));
texts.set(
  'examples',
  workerData.examples.map((file) => readFileSync(file, 'utf8')),
);

const contexts = new Map([...texts].map(([name, all]) => [name, all.map(product.contextOf)]));
const known = new Map([...contexts].map(([name, all]) => [name, all.map((context) => observe(product, context))]));
const knownOfRule = new Map();
function knownObservation(name, index, ruleId) {
  if (ruleId === undefined) return known.get(name)[index];
  const key = `${name}\n${index}\n${ruleId}`;
  if (!knownOfRule.has(key)) knownOfRule.set(key, observe(product, contexts.get(name)[index], ruleId));
  return knownOfRule.get(key);
}

const examples = texts.get('examples');
const damaged = [
  ...examples.flatMap((text) => product.beginningsOf(text, 61)),
  ...product.withOddValues(examples),
  ...product.withOddKeys(),
].map(product.contextOf);

/** What the tests ask of half-typed files: nothing is thrown, and no message shows an accident. */
function isFineWith(loaded, context, ruleId) {
  return findingsOf(loaded, context, ruleId).every((finding) => {
    for (const { edits } of loaded.fixesFor(context, finding)) product.applyEdits(context.document.text, edits);
    return !/undefined|\[object|NaN|\bnull\b/.test(finding.message);
  });
}

function groupNamed(loaded, name) {
  return loaded.listGroups().find((group) => group.name === name);
}

for (const name of groups) {
  state.currentTestId = name;
  groupNamed(product, name).run();
}
state.currentTestId = undefined;
const { perTest } = state.mutantCoverage;

/** The rule that a file is about, if it is about one. */
function ruleOf(file) {
  const id = path
    .basename(file, '.ts')
    .replace(/(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])/g, '-')
    .toLowerCase();
  return ruleIds.has(id) ? id : [...ruleIds].find((one) => one.replaceAll('-', '') === id.replaceAll('-', ''));
}

/** Whether a group has something to do with a rule, so that it is run whatever is seen. */
function isAbout(name, ruleId) {
  return name.split('/')[1] === ruleId || (texts.get(name)?.some((text) => text.includes(`want ${ruleId} `)) ?? false);
}

/** Whether `work` gives true and does not throw under the active mutant. */
function holds(work) {
  state.hitCount = 0;
  try {
    return work();
  } catch {
    return false;
  }
}

/** The name of the tests that notice a mutant, or undefined. */
function noticedBy(id, file) {
  state.activeMutant = id;
  let loaded = product;
  if (atStart[id] !== undefined && !holds(() => (loaded = load()) !== undefined)) return 'the start';
  const ruleId = ruleOf(file);
  const covering = groups.filter((name) => atStart[id] !== undefined || perTest[name]?.[id] !== undefined);
  const close = covering.filter((name) => ruleId !== undefined && isAbout(name, ruleId));
  // What the rules share, and the reading of the file, remember what they have seen of a file: these get a fresh one.
  const reread = (context) => (ruleId === undefined ? loaded.contextOf(context.document.text) : context);
  const tried = ruleId === undefined ? damaged.filter((_, index) => index % 4 === 0) : damaged;
  const passes = (name) =>
    holds(() => {
      groupNamed(loaded, name).run();
      return true;
    });
  const looksTheSame = (name) =>
    contexts
      .get(name)
      ?.every((context, index) =>
        holds(() => observe(loaded, reread(context), ruleId) === knownObservation(name, index, ruleId)),
      ) ?? false;
  return (
    close.find((name) => !passes(name)) ??
    covering.find((name) => !close.includes(name) && !looksTheSame(name) && !passes(name)) ??
    (tried.every((context) => holds(() => isFineWith(loaded, reread(context), ruleId)))
      ? undefined
      : 'half-typed files')
  );
}

parentPort.on('message', ({ id, file }) => {
  let noticed;
  globalThis.__mutation__ = () => {
    noticed = noticedBy(id, file);
  };
  try {
    vm.runInThisContext('__mutation__()', { timeout: LIMIT_MS });
  } catch {
    noticed = 'the clock';
  }
  state.activeMutant = undefined;
  const isCovered = atStart[id] !== undefined || groups.some((name) => perTest[name]?.[id] !== undefined);
  parentPort.postMessage({ id, noticed, isCovered });
});
parentPort.postMessage({ ready: true });

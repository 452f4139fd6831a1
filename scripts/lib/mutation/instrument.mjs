// Makes one bundle of the tests and of a product that holds every mutant of its rules and of its reading of the cluster file.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';
import { inRoot } from '../paths.mjs';

/** What is mutated. Generated code is checked by its generator, a list of addresses by nobody but its readers. */
const MUTATED = ['src/core/rules/**/*.ts', 'src/core/cluster/*.ts'];
const NOT_MUTATED = ['src/core/rules/reading/sources.ts'];

const TESTS = ['test/golden/rules/rules.test.ts', 'test/unit/rules/*.test.ts', 'test/unit/cluster/*.test.ts'];

/** Parts of a rule that only the documentation shows: no test of behaviour could notice them. Messages and titles of fixes do count. */
const DOCUMENTATION = new Set(['title', 'rationale', 'sources']);

const documentation = {
  shouldIgnore: (place) => {
    const isPart = place.isObjectProperty() && DOCUMENTATION.has(place.node.key.name);
    const call = place.parentPath?.parentPath;
    return isPart && call?.isCallExpression() && call.node.callee.name === 'defineRule' ? 'documentation' : undefined;
  },
};

const silent = {
  isDebugEnabled: () => false,
  ...Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((name) => [name, () => undefined])),
};

/** Writes the bundle and resolves with all mutants, each with its file, place, original text and replacement. */
export async function instrumentAndBundle(outfile) {
  const files = globSync(MUTATED, { cwd: inRoot() })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => !NOT_MUTATED.includes(name))
    .sort();
  const sources = new Map(files.map((name) => [name, readFileSync(inRoot(name), 'utf8')]));
  const input = files.map((name) => ({ name, mutate: true, content: sources.get(name) }));
  const instrumented = await new Instrumenter(silent).instrument(input, {
    plugins: null,
    excludedMutations: [],
    ignorers: [documentation],
  });
  await bundle(new Map(instrumented.files.map(({ name, content }) => [inRoot(name), content])), outfile);
  return instrumented.mutants
    .filter(({ status }) => status !== 'Ignored')
    .map(({ id, fileName, location, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      column: location.start.column + 1,
      mutator: mutatorName,
      original: textAt(sources.get(fileName), location),
      replacement,
    }));
}

function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
  return [lines[0].slice(start.column), ...lines.slice(1)].join('\n');
}

async function bundle(instrumented, outfile) {
  const tests = globSync(TESTS, { cwd: inRoot() }).sort();
  const contents = [
    ...tests.map((name) => `import './${name.replaceAll(path.sep, '/')}';`),
    `export { listGroups } from 'vitest';`,
    `export { contextOf, goldenFiles, readGolden } from './test/golden/rules/goldenFile';`,
    `export { applyEdits } from './src/core/base/text';`,
    `export { beginningsOf, withOddKeys, withOddValues } from './test/unit/rules/damagedTexts';`,
    `export { checkCluster, fixesFor, RULES } from './src/core/rules/registry';`,
  ].join('\n');
  const plugin = {
    name: 'mutation',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^vitest$/ }, () => ({ path: inRoot('scripts', 'lib', 'mutation', 'tests.mjs') }));
      onResolve({ filter: /^[a-z@]/ }, ({ path: name }) => ({ path: name, external: true }));
      onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
        contents: (instrumented.get(file) ?? readFileSync(file, 'utf8')).replaceAll(
          'import.meta.dirname',
          JSON.stringify(path.dirname(file)),
        ),
        loader: 'ts',
      }));
    },
  };
  await build({
    stdin: { contents, resolveDir: inRoot(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    outfile,
    plugins: [plugin],
    logLevel: 'warning',
  });
}

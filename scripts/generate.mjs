// Writes everything that follows from schemas/cluster.k3s.schema.json, and the commands in docs/cli.md. With --check it
// changes nothing and fails when a committed file differs from what would be written.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import { catalogues } from './lib/catalogues.mjs';
import { renderCliPage } from './cliPage.mjs';
import { renderReference } from './reference.mjs';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const GENERATED = 'src/core/cluster/generated';
const NOTICE = 'Generated from schemas/cluster.k3s.schema.json by scripts/generate.mjs; change the schema instead.';

/** @returns {Promise<Record<string, string>>} content of every generated file by its path in the project */
export async function generateAll() {
  const schema = JSON.parse(await readFile(path.join(ROOT, 'schemas/cluster.k3s.schema.json'), 'utf8'));
  return {
    [`${GENERATED}/clusterSpec.ts`]: await renderTypes(schema),
    [`${GENERATED}/validator.js`]: await renderValidator(schema),
    [`${GENERATED}/validator.d.ts`]: renderValidatorTypes(),
    'docs/reference.md': renderReference(schema),
    ...Object.fromEntries(catalogues().map(renderManifestTexts)),
    'docs/cli.md': await renderCliPage(await readFile(path.join(ROOT, 'docs/cli.md'), 'utf8')),
  };
}

/** What the manifest says in another language: https://code.visualstudio.com/api/references/extension-manifest#extension-manifest-localization */
function renderManifestTexts(catalogue) {
  return [`package.nls.${catalogue.language}.json`, `${JSON.stringify(catalogue.package, undefined, 2)}\n`];
}

function renderTypes(schema) {
  return compile(structuredClone(schema), 'ClusterSpec', {
    bannerComment: `// ${NOTICE}`,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
    strictIndexSignatures: false,
    style: { singleQuote: true, printWidth: 160 },
  });
}

/** Validation as plain code: no compiler at run time, and none of the `new Function` that content policies forbid. */
async function renderValidator(schema) {
  const ajv = new Ajv.default({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    inlineRefs: false,
    discriminator: true,
    messages: false,
    code: { source: true, esm: true, lines: true },
  });
  const code = standaloneCode.default(
    ajv,
    ajv.compile(withDiscriminators(schema, withSharedShapes(withoutProse(schema)))),
  );
  const result = await build({
    stdin: { contents: code, resolveDir: ROOT, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    preserveSymlinks: true, // where node_modules is a link, paths in the code must not lead out of the project
    minifySyntax: true,
    write: false,
    banner: { js: `// ${NOTICE}` },
    legalComments: 'none',
  });
  return result.outputFiles[0].text.replaceAll(/^\/\/ (?:<stdin>|node_modules\/.*)\n/gm, '');
}

const PROSE = new Set(['$schema', 'title', 'description', 'markdownDescription', 'examples', 'default', 'x-k3s']);
/** Keywords whose value maps free names to schemas, where nothing is prose. */
const NAMED = new Set(['properties', 'patternProperties', 'definitions']);

/** What decides about validity; texts would only be dead weight in the code. */
function withoutProse(node) {
  if (Array.isArray(node)) return node.map(withoutProse);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => {
      if (PROSE.has(key)) return [];
      if (NAMED.has(key))
        return [[key, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withoutProse(child)]))]];
      return [[key, withoutProse(value)]];
    }),
  );
}

/** Over a hundred options have a dozen shapes; one pattern of names for each shape makes the code a fraction as long. */
function withSharedShapes(schema) {
  const options = schema.definitions.options.properties;
  for (const config of [schema.definitions.serverConfig, schema.definitions.agentConfig]) {
    const byShape = Map.groupBy(Object.keys(config.properties), (name) => JSON.stringify(options[name]));
    for (const [shape, names] of byShape) config.patternProperties[`^(?:${names.join('|')})$`] = JSON.parse(shape);
    delete config.properties;
  }
  delete schema.definitions.options;
  return schema;
}

/** Lets the validator look at the branch that the discriminator names, so that the others raise no errors. */
function withDiscriminators(source, schema) {
  for (const [key, property] of Object.entries(source.properties)) {
    const propertyName = property['x-k3s']?.discriminator;
    if (propertyName === undefined) continue;
    const target = schema.properties[key];
    Object.assign(target, { type: 'object', discriminator: { propertyName }, required: [propertyName] });
    for (const { $ref } of target.oneOf) {
      const branch = schema.definitions[$ref.split('/').at(-1)];
      branch.required = [...new Set([...branch.required, propertyName])];
    }
  }
  return schema;
}

function renderValidatorTypes() {
  return `// ${NOTICE}
export interface SchemaError {
  /** JSON pointer to the value that does not fit. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Name of the property that \`propertyNames\` refused. */
  readonly propertyName?: string;
}

interface Validate {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

declare const validate: Validate;
export { validate };
`;
}

async function main() {
  const check = process.argv.includes('--check');
  const stale = [];
  for (const [file, content] of Object.entries(await generateAll())) {
    const target = path.join(ROOT, file);
    const current = await readFile(target, 'utf8').catch(() => undefined);
    if (current === content) continue;
    stale.push(file);
    if (check) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  if (stale.length === 0) console.log('Generated files are up to date.');
  else console.log(`${check ? 'Out of date (run "npm run generate")' : 'Written'}: ${stale.join(', ')}`);
  if (check && stale.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

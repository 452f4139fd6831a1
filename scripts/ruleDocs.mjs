// Writes docs/rules from the rules themselves: `node scripts/ruleDocs.mjs`, or with --check only says whether they are current.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/rules');
const GOLDEN = join(ROOT, 'test/golden/rules');
const SEVERITIES = ['error', 'warning', 'info', 'hint'];

const core = await loadCore();
const pages = new Map(core.RULES.map((rule) => [`${rule.id}.md`, page(rule)]));
pages.set('README.md', overview());
process.exitCode = process.argv.includes('--check') ? check() : write();

/** The rules are TypeScript; bundled they can be imported from memory. */
async function loadCore() {
  const contents = [
    `export { RULES, checkCluster, fixesFor } from './src/core/rules/registry';`,
    `export { parseDocument } from './src/core/document/parse';`,
    `export { normalise } from './src/core/spec/normalise';`,
  ].join('\n');
  const result = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`);
}

/** What the rule says about its own test file: the file, the message and the fixes offered. */
function example(rule) {
  const golden = readFileSync(join(GOLDEN, `${rule.id}.bad.k3s.yaml`), 'utf8');
  const text = golden.replace(/^# fix .*\n/gm, '').replace(/ # want .*$/gm, '');
  const document = core.parseDocument(text);
  const context = { document, cluster: core.normalise(document.data) };
  const finding = core.checkCluster(context).find(({ ruleId }) => ruleId === rule.id);
  return { text, finding, fixes: core.fixesFor(context, finding) };
}

function page(rule) {
  const { text, finding, fixes } = example(rule);
  return [
    `# ${rule.title}`,
    `\`${rule.id}\` · ${rule.severity}`,
    rule.rationale,
    '## Example',
    '```yaml\n' + text + '```',
    `> ${finding.message}`,
    ...(fixes.length === 0 ? [] : ['## Quick fixes', fixes.map((fix) => `- ${fix.title}${fix.safe ? ' *(also taken by "fix all")*' : ''}`).join('\n')]),
    '## Sources',
    rule.sources.map(({ label, url }) => `- [${label}](${url})`).join('\n'),
    '[All rules](README.md)',
  ].join('\n\n') + '\n';
}

function overview() {
  const rows = SEVERITIES.flatMap((severity) => core.RULES.filter((rule) => rule.severity === severity)).map((rule) => {
    const [fix] = example(rule).fixes;
    return `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.title} | ${fix === undefined ? '' : fix.title} |`;
  });
  return [
    '# Availability rules',
    'What the editor and `lint` check in a cluster file before any machine is touched. The quick fix is the first one offered for the example of the page.',
    ['| rule | severity | what it finds | quick fix |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n') + '\n';
}

function current() {
  mkdirSync(FOLDER, { recursive: true });
  return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

function write() {
  const old = current();
  for (const name of old.keys()) if (!pages.has(name)) rmSync(join(FOLDER, name));
  for (const [name, text] of pages) if (old.get(name) !== text) writeFileSync(join(FOLDER, name), text);
  console.log(`docs/rules: ${pages.size} pages`);
  return 0;
}

function check() {
  const old = current();
  const stale = [...new Set([...pages.keys(), ...old.keys()])].filter((name) => pages.get(name) !== old.get(name));
  if (stale.length === 0) return 0;
  console.error(`docs/rules is not current (${stale.join(', ')}). Run: node scripts/ruleDocs.mjs`);
  return 1;
}

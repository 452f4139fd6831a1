// Writes the table of journal texts in docs/troubleshooting.md from src/core/k3s/journal: `node scripts/journalDocs.mjs`, or with --check only says
// whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/troubleshooting.md');
const TABLE = /^\| Journal \|.*\n(?:\|.*\n)*/m;

const causes = await loadCauses();
const page = readFileSync(PAGE, 'utf8');
if (!TABLE.test(page)) throw new Error('docs/troubleshooting.md has no table that begins with "| Journal |"');
const current = page.replace(TABLE, () => table());
process.exitCode = process.argv.includes('--check') ? check() : write();

/** The causes are TypeScript; bundled they can be imported from memory. */
async function loadCauses() {
  const result = await build({
    stdin: {
      contents: `export { JOURNAL_CAUSES } from './src/core/k3s/journal/journalCauses';`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    logLevel: 'error',
  });
  const { JOURNAL_CAUSES } = await import(
    `data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`
  );
  return JOURNAL_CAUSES;
}

function table() {
  const rows = causes.map(({ says, means, advice }) => `| \`${says}\` | ${cell(means)} | ${cell(cures(advice))} |\n`);
  return ['| Journal | K3s does not come up because | Cure |\n', '| --- | --- | --- |\n', ...rows].join('');
}

function cures(advice) {
  return Array.isArray(advice)
    ? advice.join(' ')
    : `Server: ${advice.server.join(' ')} Agent: ${advice.agent.join(' ')}`;
}

/** Text of a cell: nothing in it is Markdown or HTML. */
function cell(text) {
  return text.replaceAll(/[<>|*_`]/g, '\\$&');
}

function write() {
  if (current !== page) writeFileSync(PAGE, current);
  console.log(`docs/troubleshooting.md: ${causes.length} texts of the journal`);
  return 0;
}

function check() {
  if (current === page) return 0;
  console.error('The table of docs/troubleshooting.md is not current. Run: node scripts/journalDocs.mjs');
  return 1;
}

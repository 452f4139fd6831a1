// Checks who imports what against the table of rooms, and that no imports form a circle: `node scripts/rooms.mjs [folder]`.
import { existsSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import { ROOT } from './lib/paths.mjs';
import { RULES } from './lib/rooms.mjs';
import { dim, green, red, since } from './lib/say.mjs';

const start = performance.now();
process.chdir(process.argv[2] ?? ROOT);

// Imports of types count, too: `tsPreCompilationDeps`.
const { output } = await cruise(['src', 'webview'].filter(existsSync), {
  validate: true,
  ruleSet: { forbidden: RULES },
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
});

const { violations, totalCruised } = output.summary;
for (const { rule, from, to, cycle } of violations) {
  const where = rule.name === 'circle' ? [from, ...cycle.map(({ name }) => name)] : [from, to];
  console.log(`${red('✗')} ${where.join(' → ')}\n  ${RULES.find(({ name }) => name === rule.name).comment}`);
}
if (violations.length > 0) process.exitCode = 1;
else console.log(`${green('✓')} rooms and circles: ${totalCruised} files ${dim(since(start))}`);

// Provisions a highly available cluster with no machine at all: the practice fleet and the command line, `npm run practice`.
// With --no-build it runs what is in dist/.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot, ROOT } from './lib/paths.mjs';
import { PRACTICE_FILE, PRACTICE_KUBECONFIG, startPracticeFleet } from './lib/practiceFleet.mjs';
import { modernNode, mustRun, run } from './lib/processes.mjs';
import { bold, die, dim, failure, since, step } from './lib/say.mjs';
import { setup } from './setup.mjs';

const started = performance.now();

/** How `k3s-ha plan` ends when the hosts differ from the file. */
const CHANGES_PLANNED = 14;

let fleet;
process.once('SIGINT', () => process.exit(130)); // the fleet ends with us: its stdin closes
try {
  await setup(['npm']);
  if (!process.argv.includes('--no-build')) await step('build', () => mustRun(modernNode(), ['esbuild.mjs']));
  if (!existsSync(inRoot('dist', 'cli.js'))) throw failure('dist/cli.js was not built: src/cli.ts does not exist.');
  fleet = await step('practice fleet', () => startPracticeFleet());
  await cli(0, 'lint');
  await cli(CHANGES_PLANNED, 'plan');
  await cli(0, 'apply', '--yes');
  await cli(0, 'plan'); // now there is nothing left to do
  await cli(0, 'status'); // asks the API through the load balancer
  console.log(`\n${bold('Done')} ${dim(`after ${since(started)}`)}. The cluster was simulated, on this computer only.`);
} catch (error) {
  die(error);
} finally {
  await fleet?.stop();
}

/** What the example gives to its simulated hosts: a person at a terminal would be asked about it once. */
function allowances() {
  return ['file:.practice/token', 'key:.practice/id_ed25519', 'known-hosts:.practice/known_hosts'].flatMap((name) => [
    '--allow-secrets',
    `${name}=${fleet.hosts.join(',')}`,
  ]);
}

async function cli(expected, ...args) {
  const file = path.relative(ROOT, PRACTICE_FILE);
  const allowed = args[0] === 'lint' ? [] : allowances();
  console.log(`\n${bold(`$ k3s-ha ${args.join(' ')} ${file}`)}${allowed.length > 0 ? dim(' --allow-secrets …') : ''}`);
  const { code } = await run(modernNode(), [inRoot('dist', 'cli.js'), ...args, ...allowed, file], {
    show: 'live',
    env: { KUBECONFIG: PRACTICE_KUBECONFIG },
  });
  if (code !== expected) throw failure(`k3s-ha ${args[0]} ended with status ${code}, not ${expected}.`);
}

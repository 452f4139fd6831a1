// Checks the types of every project of the house, two at a time.
import { inRoot } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { dim, green, red, since } from './lib/say.mjs';

const waiting = ['tsconfig.json', 'tsconfig.core.json', 'tsconfig.webview.json', 'tsconfig.integration.json'];

/** A project without sources yet has nothing to check; TypeScript calls that an error. */
const NO_INPUTS = /error TS18003/;

async function checkNext() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const start = performance.now();
    const { code, output } = await run(process.execPath, [
      inRoot('node_modules/typescript/bin/tsc'),
      '-p',
      project,
      '--pretty',
      String(process.stdout.isTTY === true),
    ]);
    const empty = code !== 0 && NO_INPUTS.test(output);
    const passed = code === 0 || empty;
    console.log(
      `${passed ? green('✓') : red('✗')} ${project}${empty ? dim(' (no sources)') : ''} ${dim(since(start))}`,
    );
    if (!passed) {
      console.log(output.trimEnd());
      process.exitCode = 1;
    }
  }
}

await Promise.all([checkNext(), checkNext()]);

import { existsSync } from 'node:fs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { mustRun } from '../../scripts/lib/processes.mjs';

export const name = 'time to load a bundle';

const RUNS = 9;

/** `vscode` exists only inside VS Code: an object that answers every question with itself stands in for it while code is loaded. */
const PROGRAM = `
  const Module = require('node:module');
  const load = Module._load;
  const anything = new Proxy(function () {}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => '' : anything),
    getPrototypeOf: () => anything, // bundles copy a module's own properties and inherit the others
    construct: () => anything,
    apply: () => anything,
  });
  Module._load = (request, ...rest) => (request === 'vscode' ? anything : load(request, ...rest));
  const start = performance.now();
  require(process.argv[1]);
  console.log(performance.now() - start);
  process.exit();
`;

/** Each run in a fresh process, and the median of them: the first one after a build also reads the disk. */
export async function run() {
  const rows = [];
  for (const bundle of ['extension', 'operations', 'ssh', 'kube']) {
    const file = inRoot('dist', `${bundle}.js`);
    if (!existsSync(file)) continue;
    const times = [];
    for (let i = 0; i < RUNS; i++)
      times.push(Number((await mustRun(process.execPath, ['-e', PROGRAM, file])).trim().split('\n').at(-1)));
    times.sort((a, b) => a - b);
    rows.push({
      what: `dist/${bundle}.js`,
      value: times[RUNS >> 1].toFixed(1),
      unit: 'ms',
      note: `${times[0].toFixed(1)} to ${times.at(-1).toFixed(1)} in ${RUNS} runs`,
    });
  }
  return rows;
}

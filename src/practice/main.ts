import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { printable, printableJson, printableLine } from '../core/base/printable';
import { parseDocument } from '../core/document/parse';
import { normalise } from '../core/cluster/normalise';
import { control } from './control';
import { FleetStartError, planFleet, startFleet } from './fleet';

const USAGE = 'Usage: practice --file cluster.k3s.yaml [--time-scale 0.1]';

/** Prints one JSON object a line: what the program that started us reads. */
function print(message: Record<string, unknown>): void {
  process.stdout.write(`${printableJson(message)}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { file: { type: 'string' }, 'time-scale': { type: 'string', default: '1' } },
  });
  const timeScale = Number(values['time-scale']);
  if (values.file === undefined || !(timeScale > 0)) {
    console.error(USAGE);
    return 2;
  }
  const file = resolve(values.file);
  const document = parseDocument(await readFile(file, 'utf8'));
  const [wrong] = document.syntaxProblems;
  if (wrong !== undefined) {
    console.error(printableLine(`${file} cannot be read: ${wrong.message}`));
    return 2;
  }
  const options = planFleet(normalise(document.data));
  if (options.hosts.length === 0) {
    console.error(`${file} names no hosts: add nodes under servers.nodes.`);
    return 2;
  }
  const fleet = await startFleet({ ...options, timeScale, directory: dirname(file) });
  fleet.onEvent((event) => print({ event }));
  print({
    ready: true,
    simulated: true,
    hosts: fleet.hosts,
    loadBalancer: fleet.loadBalancer,
    clientKey: fleet.clientKey,
    knownHosts: fleet.directory.knownHosts,
  });
  // Whoever started us may go first; that ends standard input too, and with it this program.
  process.stdout.on('error', () => {});
  const lines = createInterface({ input: process.stdin });
  const end = (): void => lines.close();
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  for await (const line of lines) {
    if (line.trim() === '') continue;
    if (line.trim() === 'stop') break;
    print(await control(fleet, line));
  }
  await fleet.stop();
  return 0;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    if (error instanceof FleetStartError) print({ problem: error.problem });
    console.error(
      printable(
        error instanceof FleetStartError
          ? error.message
          : error instanceof Error
            ? (error.stack ?? error.message)
            : String(error),
        { lines: true },
      ),
    );
    process.exit(1);
  },
);

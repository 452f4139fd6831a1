import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { machinesOf } from '../../src/core/cluster/roles';
import { parseAllowances } from '../../src/cli/allowances';
import { applicableFile } from '../../src/cli/applicableFile';
import { cliLog } from '../../src/cli/context';
import { EXIT, type ExitCode } from '../../src/cli/exitCodes';
import { paint, printLines, table, tell, tellLines } from '../../src/cli/output';
import { isTerminal, question } from '../../src/cli/questions';
import { openSession } from '../../src/cli/session';
import { fixedAddress } from './address';
import { fetchApi } from './fetchApi';
import type { RealOperation } from './operation';
import { readOptions, USAGE, type Wanted } from './options';
import { realClusterOf, type RealCluster } from './realCluster';
import { REAL_OPERATIONS } from './registry';
import { HEAD, isWrong, markdown, rows, type Report } from './report';
import { tryAll, type Telling } from './tryAll';

/** Where things are: the folder that paths are relative to, the packaged command line, and its name with version. */
interface Place {
  readonly folder: string;
  readonly cli: string;
  readonly product: string;
}

/** `npm run test:real`: reads, asks, tries, reports. */
export async function main(args: readonly string[], place: Place, signal: AbortSignal): Promise<ExitCode> {
  const ids = REAL_OPERATIONS.map(({ id }) => id);
  const wanted = readOptions(args, ids);
  if (!wanted.ok) {
    tell(wanted.error);
    tell('  Next: npm run test:real -- --help');
    return EXIT.usage;
  }
  if (wanted.value.help) {
    printLines(USAGE.replace('OPERATIONS', ids.join(', ')));
    return EXIT.fine;
  }
  const allowances = parseAllowances(wanted.value.allowSecrets);
  if (!allowances.ok) {
    tell(allowances.error);
    return EXIT.usage;
  }
  const file = await applicableFile(resolve(place.folder, wanted.value.spec), signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(false), allowances.value, signal);
  const real = realClusterOf({
    file,
    session,
    cli: place.cli,
    upgradeTo: wanted.value.upgradeTo,
    allowed: { secrets: wanted.value.allowSecrets, programs: wanted.value.allowPrograms },
    fetchApi,
    signal,
  });
  try {
    return await on(real, wanted.value, place, basename(file.path));
  } finally {
    await real.dispose();
  }
}

async function on(real: RealCluster, wanted: Wanted, place: Place, spec: string): Promise<ExitCode> {
  const operations = REAL_OPERATIONS.filter(({ id }) => wanted.operations?.includes(id) ?? true);
  const impossible = wanted.operations === undefined ? undefined : operations.find((each) => each.whyNot?.(real));
  if (impossible !== undefined) {
    tell(`"${impossible.id}" cannot be tried on this cluster: ${impossible.whyNot?.(real)}.`);
    return EXIT.usage;
  }
  const machines = machinesOf(real.cluster).map(({ id, host }) => (id === host ? id : `${id} (${host})`));
  if (!wanted.yes && !(await agreed(real, operations, machines))) return EXIT.cancelled;
  const began = new Date().toISOString();
  const outcomes = await tryAll(operations, real, (text) => real.hosts.mask(text), TELLING);
  const address = fixedAddress(real.cluster);
  const report: Report = {
    product: place.product,
    began,
    spec,
    cluster: real.cluster.name,
    ...(address === undefined ? {} : { fixedAddress: address }),
    machines,
    outcomes,
  };
  printLines(`\n${table([HEAD, ...rows(report)])}`);
  if (wanted.report !== undefined) await write(report, resolve(place.folder, wanted.report));
  return isWrong(report) ? EXIT.failed : real.signal.aborted ? EXIT.cancelled : EXIT.fine;
}

async function agreed(
  real: RealCluster,
  operations: readonly RealOperation[],
  machines: readonly string[],
): Promise<boolean> {
  tell(`This changes the cluster ${real.cluster.name}: ${machines.join(', ')}`);
  for (const { id, does, whyNot } of operations) {
    const reason = whyNot?.(real);
    tell(`  ${id}: ${reason === undefined ? does : `not tried, ${reason}`}`);
  }
  if (!isTerminal()) {
    tell('Nothing was changed: there is no terminal to agree on. Use --yes if this is what you want.');
    return false;
  }
  return /^yes$/i.test((await question('Try all of this on these machines (yes/no)? ', real.signal)).trim());
}

const TELLING: Telling = {
  begins: ({ id, does }) => tell(paint('bold', id), `: ${does}`),
  saw: ({ what, verdict, found }) =>
    tell('  ', verdict === 'wrong' ? paint('red', '✗') : paint('green', '✓'), ` ${what}: ${found}`),
  ended: ({ operation, result, why, seconds }) => {
    if (why !== undefined) tellLines(paint(result === 'wrong' ? 'red' : 'yellow', `${operation}: ${result}, ${why}`));
    else tell('  ', paint('dim', `${result} after ${seconds.toFixed(1)} s`));
  },
};

async function write(report: Report, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'real.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'real.md'), markdown(report));
  tell(`The report is in ${folder}: real.md, real.json`);
}

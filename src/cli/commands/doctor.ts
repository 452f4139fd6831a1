import { formatProblem } from '../../core/base/problem';
import { count } from '../../core/base/words';
import { addressWords, type AddressFinding } from '../../core/loadBalancer/addressFinding';
import { checkAddress, type AddressCheck } from '../../engine/access/checkAddress';
import type { Command } from '../command';
import { cliLog, readClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { fail, paint, print, printJson, printLines, tell } from '../output';
import { openSession } from '../session';
import { LOOK_OPTIONS, type LookOptions } from '../sharedOptions';

export const doctorCommand: Command<typeof LOOK_OPTIONS> = {
  name: 'doctor',
  argument: 'FILE',
  summary: 'look at the fixed address from here and from every host, and tell what is wrong with it',
  options: LOOK_OPTIONS,
  examples: [
    { line: 'k3s-ha doctor cluster.k3s.yaml', does: 'each fault with its cause and what to do; nothing is changed' },
    { line: 'k3s-ha doctor cluster.k3s.yaml --json', does: 'faults, and what every machine saw, for a program' },
  ],
  run: ([path], options, signal) => doctor(path, options, signal),
};

/** Ends with 0 when nothing is wrong; notes are no faults. */
async function doctor(path: string, options: LookOptions, signal: AbortSignal): Promise<ExitCode> {
  const read = await readClusterFile(path, signal);
  if (!read.ok) return fail(read.error, EXIT.usage);
  const { cluster } = read.value;
  if (cluster.loadBalancer === undefined) {
    tell(`${path} has no loadBalancer: there is no fixed address to look at.`);
    return EXIT.fine;
  }
  const session = openSession(read.value, cliLog(options.verbose), options['allow-secrets'], signal);
  try {
    const admitted = await session.secrets.admit();
    if (!admitted.ok) return fail(admitted.error);
    tell(paint('dim', `Looking at ${addressWords(cluster)} from here and from the hosts …`));
    const check = await checkAddress(cluster, { ...session, parallel: options.parallel }, signal);
    if (signal.aborted) return EXIT.cancelled;
    if (options.json) {
      const { findings, view, blind } = check;
      printJson({ findings, sights: Object.fromEntries(view.sights), blind: Object.fromEntries(blind) });
    } else show(check, addressWords(cluster));
    if (check.findings.some(({ severity }) => severity !== 'note')) return EXIT.degraded;
    return check.blind.size > 0 ? EXIT.notReady : EXIT.fine;
  } finally {
    await session.dispose();
  }
}

const COLORS = { error: 'red', warning: 'yellow', note: 'dim' } as const;

function show({ findings, view, blind }: AddressCheck, address: string): void {
  for (const found of findings) {
    print(paint(COLORS[found.severity], found.severity));
    printLines(formatProblem(found.problem));
  }
  for (const [host, found] of blind) tell(paint('yellow', `${host} could not look: ${found.message}`));
  tell(paint(findings.some(isFault) ? 'red' : 'green', verdict(findings, view.sights.size, address)));
}

function isFault({ severity }: AddressFinding): boolean {
  return severity !== 'note';
}

function verdict(findings: readonly AddressFinding[], places: number, address: string): string {
  const faults = findings.filter(isFault).length;
  return faults === 0
    ? `${address} is as it should be, seen from ${count(places, 'place')}.`
    : `${count(faults, 'fault')} of ${address}, seen from ${count(places, 'place')}.`;
}

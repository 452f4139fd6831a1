import { systemClock } from '../../adapters/system/clock';
import { sha256 } from '../../adapters/system/sha256';
import { count } from '../../core/base/words';
import { hostReportText } from '../../core/hostChecks/reportText';
import { checkHosts, type HostReport } from '../../engine/checks/checkHosts';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliLog } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { fail, paint, printJson, printLines, tell } from '../output';
import { openSession } from '../session';
import { LOOK_OPTIONS, type LookOptions } from '../sharedOptions';

export const checkCommand: Command<typeof LOOK_OPTIONS> = {
  name: 'check',
  argument: 'FILE',
  summary: 'judge the hosts themselves before anything is touched; errors and warnings fail',
  options: LOOK_OPTIONS,
  examples: [
    { line: 'k3s-ha check cluster.k3s.yaml', does: 'what is wrong with each machine, with its cure' },
    { line: 'k3s-ha check cluster.k3s.yaml --json', does: 'findings with id, severity and machine for a program' },
  ],
  run: ([path], options, signal) => check(path, options, signal),
};

/** Judges every machine of a file. Changes nothing on any of them. */
async function check(path: string, options: LookOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options['allow-secrets'], signal);
  try {
    tell(paint('dim', 'Examining the hosts …'));
    const datastore = { ...session, sha256, clock: systemClock };
    const report = await checkHosts(file.cluster, { ...session, parallel: options.parallel, datastore }, { signal });
    if (signal.aborted) return EXIT.cancelled;
    if (!report.ok) return fail(report.error, EXIT.notReady);
    const { findings } = report.value;
    if (options.json) printJson({ cluster: file.cluster.name, ...report.value });
    else if (findings.length > 0) printLines(hostReportText(findings));
    tell(summary(report.value));
    if (findings.some(({ severity }) => severity === 'error')) return EXIT.notReady;
    return findings.some(({ severity }) => severity === 'warning') ? EXIT.findings : EXIT.fine;
  } finally {
    await session.dispose();
  }
}

function summary({ machines, examined, findings, ignored }: HostReport): ReturnType<typeof paint> {
  const left = ignored === 0 ? '' : `; ${ignored} ignored by the file`;
  const seen = `${examined} of ${count(machines, 'machine')} examined`;
  return findings.length === 0
    ? paint('green', `${seen}, nothing found${left}`)
    : paint('yellow', `${seen}: ${count(findings.length, 'finding')}${left}`);
}

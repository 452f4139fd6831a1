import { formatProblem } from '../core/base/problem';
import { count, listed } from '../core/base/words';
import { differenceLines, differenceWord, type FileDifference } from '../core/plan/difference';
import { differencesOf, hasDrifted, strangerWords, type HostDrift } from '../core/health/hostDrift';
import { EXIT, type ExitCode } from './exitCodes';
import { paint, print, printJson, tell } from './output';

/** What differs, machine by machine, with the lines of files. */
export function printDrift(drift: HostDrift): void {
  for (const { id, host, differences } of drift.machines.filter((machine) => machine.differences.length > 0)) {
    print(paint('bold', id === host ? id : `${id} (${host})`));
    for (const { seen, says, files } of differences) {
      print(paint('yellow', '  ≠ '), `${seen}: ${says}`);
      for (const file of files) printFile(file);
    }
  }
  for (const stranger of drift.strangers)
    print(paint('yellow', '+ '), `${stranger.name} is ${strangerWords(stranger)}`);
  for (const { id, problem } of drift.unseen) tell(paint('red', `${id} could not be looked at: ${problem.message}`));
  for (const found of drift.problems) tell(paint('red', formatProblem(found)));
  tell(paint(hasDrifted(drift) ? 'yellow' : drift.problems.length > 0 ? 'red' : 'green', verdict(drift)));
}

function printFile(file: FileDifference): void {
  print(`      ${file.path} (${differenceWord(file)})`);
  for (const line of differenceLines(file))
    print(
      line === undefined
        ? '        …'
        : paint(line.mark === '+' ? 'green' : line.mark === '-' ? 'red' : 'dim', `      ${line.mark} ${line.text}`),
    );
}

function verdict(drift: HostDrift): string {
  const { machines, unseen, strangers, problems } = drift;
  const differing = machines.filter(({ differences }) => differences.length > 0);
  const lacking = unseen.length === 0 ? '' : `; ${listed(unseen.map(({ id }) => id))} could not be looked at`;
  if (!hasDrifted(drift))
    return problems.length > 0
      ? 'Nothing is known to differ, and not everything could be compared.'
      : `${count(machines.length, 'machine')} as the file says${lacking}.`;
  const found = [
    ...(differing.length === 0
      ? []
      : [`${count(differencesOf(drift).length, 'difference')} on ${count(differing.length, 'machine')}`]),
    ...(strangers.length === 0 ? [] : [`${count(strangers.length, 'node')} not in the file`]),
  ];
  return `${found.join(', ')}${lacking}. "k3s-ha apply" with this file undoes what is different on machines; nothing was changed.`;
}

/** The same for a program. */
export function printDriftJson(cluster: string, { machines, unseen, strangers, problems }: HostDrift): void {
  printJson({
    cluster,
    machines: [
      ...machines.map(({ differences, ...machine }) => ({
        ...machine,
        state: differences.length === 0 ? 'same' : 'differs',
        differences: differences.map(({ about: { kind, ...rest }, seen, says, files }) => ({
          kind,
          ...rest,
          seen,
          says,
          files,
        })),
      })),
      ...unseen.map(({ problem, ...machine }) => ({ ...machine, state: 'not-seen', problem })),
    ],
    strangers,
    problems,
  });
}

/** What a script is told: that something differs comes before what could not be seen. */
export function driftExit(drift: HostDrift): ExitCode {
  if (hasDrifted(drift)) return EXIT.changes;
  return drift.problems.length > 0 || drift.unseen.length > 0 ? EXIT.notReady : EXIT.fine;
}

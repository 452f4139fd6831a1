import type { CommandAnswer } from '../../core/health/commandReport';
import { runCommand, type CommandOptions } from '../../core/remote/runCommand';
import { mapLimit, target } from '../hosts/targets';
import type { HostTarget, RemoteHosts } from '../ports';
import type { RunMask } from '../run/mask';
import { lineSink } from './lineSink';

/** What is kept of the output of one machine, in characters; the rest is counted. */
const KEPT = 128 * 1024;

export interface EverywhereOptions extends CommandOptions {
  readonly signal: AbortSignal;
  readonly onAnswer?: (answer: CommandAnswer) => void;
}

/** Runs a command line that a person has typed on machines, some at a time; the answers in their order. */
export function runEverywhere(
  machines: readonly HostTarget[],
  line: string,
  { signal, onAnswer, ...options }: EverywhereOptions,
  { hosts, mask, parallel }: { readonly hosts: RemoteHosts; readonly mask: RunMask; readonly parallel: number },
): Promise<readonly CommandAnswer[]> {
  return mapLimit(machines, parallel, async (machine) => {
    const lines: string[] = [];
    let kept = 0;
    let dropped = 0;
    const sink = lineSink((some) => {
      for (const one of mask.lines(some)) {
        kept += one.length + 1;
        if (kept <= KEPT) lines.push(one);
        else dropped += 1;
      }
    });
    const ran = await hosts.run(target(machine), runCommand(line, options), {
      signal,
      sink: (piece) => sink.take(piece),
    });
    sink.end();
    const answer: CommandAnswer = {
      id: machine.id,
      lines,
      dropped,
      ...(ran.kind === 'done' ? { exitCode: ran.value } : { problem: mask.problem(ran.problem) }),
    };
    onAnswer?.(answer);
    return answer;
  });
}

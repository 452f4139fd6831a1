import { count } from '../../core/base/words';
import { machinesOf } from '../../core/cluster/roles';
import { commandReport } from '../../core/health/commandReport';
import { declaredMachine } from '../../engine/nodes/findNode';
import { runEverywhere } from '../../engine/nodes/runEverywhere';
import { clusterMask } from '../../engine/secrets/clusterMask';
import { saysYes } from '../agree';
import type { Command } from '../command';
import { EXIT } from '../exitCodes';
import { SESSION_OPTIONS, withMachines } from '../lookSession';
import { flag, positive, text } from '../option';
import { fail, printJson, printLines, tell } from '../output';
import { JSON_OUTPUT, PARALLEL } from '../sharedOptions';

const OPTIONS = {
  on: text({ value: 'NODE,…', help: 'these nodes instead of every machine of the file' }),
  sudo: flag({ help: 'as root, instead of as the user of ssh' }),
  silence: positive({
    value: 'S',
    preset: '300',
    of: 'a number of seconds',
    help: 'seconds without output after which a machine is given up',
  }),
  yes: flag({ short: 'y', help: 'run it without a question' }),
  json: JSON_OUTPUT,
  ...SESSION_OPTIONS,
  parallel: PARALLEL,
};

export const runCommand: Command<typeof OPTIONS> = {
  name: 'run',
  argument: 'FILE -- COMMAND',
  summary: 'run a command line of yours on all machines, and show what each of them says',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha run cluster.k3s.yaml -- uptime', does: 'asks, then runs it everywhere' },
    {
      line: 'k3s-ha run cluster.k3s.yaml --on server-1,server-2 --sudo --yes -- ls /etc/rancher/k3s',
      does: 'as root on two of them',
    },
  ],
  run: ([path, ...words], { on, sudo, silence, yes, json, parallel, ...options }, signal) =>
    withMachines(path, options, signal, async ({ cluster }, session) => {
      const line = words.join(' ');
      const chosen = (on?.split(',') ?? []).map((id) => declaredMachine(cluster, id.trim()));
      const unknown = chosen.find((one) => !one.ok);
      if (unknown?.ok === false) return fail(unknown.error, EXIT.usage);
      const machines = on === undefined ? machinesOf(cluster) : chosen.flatMap((one) => (one.ok ? [one.value] : []));
      tell(`${line}${sudo ? '  (as root)' : ''}`);
      tell(`runs on ${count(machines.length, 'machine')}: ${machines.map(({ id }) => id).join(', ')}`);
      if (!yes && !(await saysYes('Run it there (yes/no)? ', signal))) return EXIT.cancelled;
      const mask = await clusterMask(cluster, session);
      const answers = await runEverywhere(
        machines,
        line,
        { sudo, timeoutMs: silence * 1000, signal },
        { ...session, mask, parallel },
      );
      if (json) printJson({ command: line, answers });
      else printLines(commandReport(answers));
      if (signal.aborted) return EXIT.cancelled;
      return answers.every(({ exitCode }) => exitCode === 0) ? EXIT.fine : EXIT.failed;
    }),
};

import { join, resolve } from 'node:path';
import { createFiles } from '../../adapters/files/files';
import { loadKubernetes } from '../../adapters/lazy';
import { systemClock } from '../../adapters/system/clock';
import { problem } from '../../core/base/problem';
import { ok } from '../../core/base/result';
import { count } from '../../core/base/words';
import { DRILL_SECONDS } from '../../core/drill/drillPart';
import { machinesWith } from '../../core/plan/plan';
import { openDrill } from '../../engine/drill/openDrill';
import { reportFrom, writeReport } from '../../engine/drill/reportFrom';
import type { DrillIntent } from '../../engine/operations/drill';
import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { carryOutFile, NAMED_RUN_OPTIONS, type Deed } from '../carryOut';
import type { Command } from '../command';
import { cliLog, kubeconfigSources } from '../context';
import { EXIT } from '../exitCodes';
import { positive, text, type Option } from '../option';
import { fail, paint, printJson, tell } from '../output';

const PARTS: Option<readonly string[]> = {
  value: 'PARTS',
  repeats: true,
  help: 'what is taken away, by commas: NODE (its K3s), balancer:MACHINE, link:NODE, reboot:NODE; else K3s on every server and one agent, and each load balancer',
  read: (written) => ok(written.flatMap((words) => words.split(',')).filter((name) => name !== '')),
};

const OPTIONS = {
  ...NAMED_RUN_OPTIONS,
  parts: PARTS,
  seconds: positive({
    value: 'S',
    preset: String(DRILL_SECONDS),
    of: 'a whole number of seconds',
    whole: true,
    help: 'how long each part stays away; pods only move after about 350',
  }),
  report: text({ value: 'FOLDER', help: 'where the report is written, as Markdown and JSON; else here' }),
  kubeconfig: text({ value: 'PATH', help: "this kubeconfig instead of kubectl's" }),
};

export const drillCommand: Command<typeof OPTIONS> = {
  name: 'drill',
  argument: 'FILE',
  summary: 'take one part after the other away for real, see what follows, bring it back, and write a report',
  options: OPTIONS,
  examples: [
    {
      line: 'k3s-ha drill cluster.k3s.yaml',
      does: 'show what would be taken away, and ask for the name of the cluster',
    },
    {
      line: 'k3s-ha drill cluster.k3s.yaml --parts server-2,link:server-3 --seconds 60 --name edge',
      does: 'two failures of a minute, without a terminal',
    },
    {
      line: 'k3s-ha drill cluster.k3s.yaml --name edge',
      does: 'after a drill that was cut off: bring back what it took',
    },
  ],
  run: async ([path], { parts, seconds, report, kubeconfig, ...options }, signal) => {
    const file = await applicableFile(path, signal, 'take away');
    if (typeof file === 'number') return file;
    const { cluster } = file;
    const log = cliLog(options.verbose);
    const deed: Deed = {
      operation: operationById('drill'),
      intent: { parts, seconds } satisfies DrillIntent,
      done: ({ steps }, took) => {
        const taken = machinesWith(steps, 'take-away').length;
        return taken === 0
          ? 'Done: what an earlier drill had taken away is back.'
          : `Done: ${count(taken, 'part')} taken away and brought back within ${took} s.`;
      },
      watch: async ({ hosts }) =>
        openDrill(
          cluster,
          {
            files: createFiles({ followLinks: () => true }),
            places: await kubeconfigSources(path, kubeconfig),
            hosts,
            warn: (message) => log.warn(message),
          },
          { api: loadKubernetes().createClusterApi({ log }), clock: systemClock },
          signal,
        ),
      watched: async (watch, prepared, run) => {
        const made = reportFrom(prepared, run, watch, systemClock.now());
        let base: string;
        try {
          const folder = resolve(report ?? '.');
          base = await writeReport(made, (name) => join(folder, name), createFiles({ followLinks: () => false }));
        } catch (error) {
          return fail(
            problem('drill-report', 'The report of the drill could not be written', {
              why: error instanceof Error ? error.message : String(error),
              nextSteps: ['Name another folder with --report.'],
            }),
          );
        }
        if (options.json) printJson({ type: 'drill', ...made }, 0);
        for (const { words, seen, differences } of made.parts) {
          if (seen === undefined) continue;
          const good = differences.length === 0;
          tell(
            paint(good ? 'green' : 'yellow', good ? 'as predicted' : 'not as predicted'),
            `  ${words}: longest gap ${(seen.api.longestMs / 1000).toFixed(1)} s, ${seen.api.failed} of ${seen.api.asked} requests failed`,
          );
          for (const difference of differences) tell(paint('yellow', `  ${difference}`));
        }
        tell(paint('dim', `The report: ${base}.md, and .json`));
        return EXIT.fine;
      },
    };
    return carryOutFile(file, deed, options, signal);
  },
};

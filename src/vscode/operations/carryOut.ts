import { said, say } from '../../core/base/say';
import { formatProblem } from '../../core/base/problem';
import type { Step } from '../../core/plan/step';
import type { RunEvent, RunReport } from '../../core/plan/events';
import { runOperation } from '../../engine/run/runOperation';
import { advance, ended, hasBegun, hasFailed, isFinished, progressOf } from '../../core/plan/progress';
import type { ClusterStore } from '../clusters/clusterStore';
import { readSettings } from '../services/settings';
import type { Services } from '../services/services';
import { withProgress } from '../services/say';
import { refused, showDrill, watchDrill } from './drill';
import type { ReadyPlan } from './readyPlan';

/** Carries out a plan with progress and cancel; the state of each host goes to the store, and so to tree and diagram. */
export async function carryOut(ready: ReadyPlan, store: ClusterStore, services: Services): Promise<RunReport> {
  const { offered, file, state, session, prepared } = ready;
  const steps = new Map(prepared.plan.steps.map((step) => [step.id, step]));
  const { uri } = file;
  let run = progressOf(prepared.plan);
  store.setRun(uri, run);
  return withProgress(
    say`K3s HA: ${said(offered.noun).toLowerCase()} ${prepared.plan.clusterName}`,
    { cancellable: true },
    async (tell, signal) => {
      const settings = readSettings();
      const onEvent = (event: RunEvent): void => {
        log(event, steps, services);
        if (event.type === 'output') return;
        run = advance(run, event, prepared.plan);
        store.setRun(uri, run);
        const finished = [...run.values()].flatMap((node) => node.steps).filter((step) => step.state === 'done').length;
        const atWork = [...run]
          .filter(([, node]) => node.state === 'running')
          .map(([id, node]) => `${id}: ${shortened(node.words)}`);
        const more = atWork.length > HOSTS_TOLD ? say`, ${atWork.length - HOSTS_TOLD} more` : '';
        tell(
          atWork.length === 0
            ? say`${finished} of ${steps.size} steps`
            : say`${finished} of ${steps.size} steps · ${atWork.slice(0, HOSTS_TOLD).join(', ')}${more}`,
          event.type === 'step' && event.state === 'done' ? 100 / Math.max(1, steps.size) : 0,
        );
      };
      const watch = await watchDrill(ready, services, signal);
      if (watch?.ok === false) {
        store.clearRun(uri);
        return refused(watch.error);
      }
      try {
        const report = await runOperation(
          prepared,
          state.cluster,
          {
            ...session,
            ...(watch === undefined ? {} : { drill: watch.value }),
            sha256: services.sha256,
            operator: services.operator,
            clock: services.clock,
            files: services.files,
            log: services.log,
            parallel: settings.parallelHosts,
            startTimeoutMs: settings.startTimeoutMs,
            journalPath: services.journalPath(file),
            recordsPath: services.recordsPath(file),
            fileVersion: { name: file.path.replace(/^.*[\\/]/, ''), sha256: services.sha256(state.document.text) },
          },
          onEvent,
          signal,
        );
        if (watch !== undefined) await showDrill(ready, report, watch.value, services);
        return report;
      } finally {
        await watch?.value.close();
        // How far it got stays to be seen until the next plan or look; what never began, or is all done, does not.
        run = ended(run);
        if (isFinished(run) || !(hasBegun(run) || hasFailed(run))) store.clearRun(uri);
        else store.setRun(uri, run);
      }
    },
  );
}

/** A message has two lines; the log has the whole. */
const HOSTS_TOLD = 2;
const WORDS_TOLD = 60;

function shortened(words: string): string {
  return words.length > WORDS_TOLD ? `${words.slice(0, WORDS_TOLD - 1).trimEnd()}…` : words;
}

function log(event: RunEvent, steps: ReadonlyMap<string, Step>, services: Services): void {
  switch (event.type) {
    case 'output':
      return services.log.debug(`[${event.node}] ${event.line}`);
    case 'progress':
      return services.log.info(`[${event.node}] ${event.message}`);
    case 'step': {
      const title = steps.get(event.step)?.says.title ?? event.step;
      const time = event.durationMs === undefined ? '' : ` (${(event.durationMs / 1000).toFixed(1)} s)`;
      if (event.problem !== undefined) services.log.error(formatProblem(event.problem));
      return services.log.info(`[${event.node}] ${event.state}: ${title}${time}`);
    }
  }
}

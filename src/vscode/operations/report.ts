import { later, said, say } from '../../core/base/say';
import type { RunReport } from '../../core/plan/events';
import { mainProblem } from '../../engine/run/runOperation';
import type { Services } from '../services/services';
import { sayInformation, sayWarning } from '../services/say';
import type { ReadyPlan } from './readyPlan';
import { goBackWay } from './goBack';
import { askForWayOut } from './wayOut';

/** Looks at the hosts again and does what is left. */
const GO_ON = later`Continue`;

/** What is true after a run that succeeded. */
export function doneWords({ offered, prepared }: ReadyPlan, { wallMs }: RunReport): string {
  const { plan } = prepared;
  return plan.steps.length === 0 ? offered.unchanged(plan.clusterName) : offered.done(plan, (wallMs / 1000).toFixed(1));
}

/** Tells how a run ended, and what can be done next; `true` when the person wants to go on with a new look at the hosts. */
export async function reportRun(ready: ReadyPlan, report: RunReport, { log }: Services): Promise<boolean> {
  const { offered, state } = ready;
  switch (report.result) {
    case 'done':
      void sayInformation(doneWords(ready, report));
      return false;
    case 'cancelled': {
      const answer = await sayWarning(
        say`${said(offered.noun)} was cancelled. What is done stays done; Continue looks again and does what is left.`,
        { choices: [said(GO_ON), say`Show Log`] },
      );
      if (answer === say`Show Log`) log.show();
      return answer === said(GO_ON);
    }
    case 'failed': {
      const found = mainProblem(report);
      return found !== undefined && (await askForWayOut(log, found, state, said(GO_ON), goBackWay(ready, report)));
    }
  }
}

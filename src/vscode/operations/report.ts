import type { RunReport } from '../../core/plan/events';
import { mainProblem } from '../../engine/run/runOperation';
import { askAboutProblem } from '../services/report';
import type { Services } from '../services/services';
import { sayInformation, sayWarning } from '../services/say';
import type { ReadyPlan } from './readyPlan';

/** Tells how a run ended, and what can be done next; `true` when the person wants to go on with a new look at the hosts. */
export async function reportRun(
  { offered, prepared }: ReadyPlan,
  report: RunReport,
  { log }: Services,
): Promise<boolean> {
  switch (report.result) {
    case 'done':
      void sayInformation(offered.done(prepared.plan, (report.wallMs / 1000).toFixed(1)));
      return false;
    case 'cancelled': {
      const goOn = 'Continue';
      const answer = await sayWarning(
        `${offered.noun} was cancelled. What is done stays done; Continue looks again and does what is left.`,
        { choices: [goOn, 'Show Log'] },
      );
      if (answer === 'Show Log') log.show();
      return answer === goOn;
    }
    case 'failed': {
      const again = 'Examine Again';
      const found = mainProblem(report);
      return found !== undefined && (await askAboutProblem(log, found, [again])) === again;
    }
  }
}

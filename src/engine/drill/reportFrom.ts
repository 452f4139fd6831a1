import { printable, printableJson } from '../../core/base/printable';
import { registrationUrl } from '../../core/cluster/registration';
import type { DrillReport } from '../../core/drill/drillReport';
import { drillText } from '../../core/drill/drillText';
import { reportOf } from '../../core/drill/reportOf';
import { SIMULATED } from '../../core/facts/hostFacts';
import type { RunReport } from '../../core/plan/events';
import type { Files } from '../ports';
import type { PreparedPlan } from '../run/prepare';
import { ASK_MS, type DrillWatch } from './drillWatch';

/** The report of a drill that has ended, however it did. */
export function reportFrom(
  { plan, situation }: PreparedPlan,
  run: RunReport,
  watch: DrillWatch,
  ended: number,
): DrillReport {
  const { cluster, facts } = situation;
  return reportOf({
    cluster,
    plan,
    run,
    began: new Date(ended - run.wallMs).toISOString(),
    ended: new Date(ended).toISOString(),
    address: registrationUrl(cluster) ?? '',
    everyMs: ASK_MS,
    simulated: [...facts.values()].some(({ os }) => os.endsWith(SIMULATED)),
    seen: (part) => watch.seen(part),
  });
}

/** Writes a report as Markdown and as JSON; gives the path of the first without its ending. Throws when a file cannot be written. */
export async function writeReport(
  report: DrillReport,
  place: (name: string) => string,
  files: Pick<Files, 'writeAtomic'>,
): Promise<string> {
  const safe = report.cluster.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  const base = place(`drill-${safe}-${report.began.replaceAll(/[-:]|\.\d+/g, '')}`);
  await files.writeAtomic(`${base}.md`, printable(drillText(report), { lines: true }), 0o644);
  await files.writeAtomic(`${base}.json`, `${printableJson(report)}\n`, 0o644);
  return base;
}

import { formatProblem } from '../base/problem';
import type { HostFinding } from './hostCheck';

/** Findings as text, with commands and next steps; each line is harmless to show. */
export function hostReportText(findings: readonly HostFinding[]): string {
  return findings
    .map(({ id, severity, machine, message, why, details, nextSteps }) =>
      formatProblem({
        code: id,
        message: `${severity} ${id} ${message.includes(machine) ? message : `${machine}: ${message}`}`,
        ...(why === undefined ? {} : { why }),
        ...(details === undefined ? {} : { details }),
        nextSteps,
      }),
    )
    .join('\n');
}

import { sha256 } from '../../adapters/system/sha256';
import { type Findings, reportPath } from './finding';

const LEVELS = { error: 'major', warning: 'minor', info: 'info', hint: 'info' } as const;

/** The widget of a merge request. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export function gitlab({ findings }: Findings): readonly object[] {
  const seen = new Map<string, number>();
  return findings.map(({ file, line, endLine, severity, id, message }) => {
    const path = reportPath(file);
    // Without the line, so that a finding stays the same one when lines are added above it; the same one twice is told apart.
    const same = JSON.stringify([path, id, message]);
    const nth = seen.get(same) ?? 0;
    seen.set(same, nth + 1);
    return {
      description: message,
      check_name: id,
      fingerprint: sha256(nth === 0 ? same : `${same}${nth}`),
      severity: LEVELS[severity],
      location: { path, lines: { begin: line, end: endLine } },
    };
  });
}

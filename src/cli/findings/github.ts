import { type Findings, reportPath } from './finding';

const LEVELS = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' } as const;

/** Annotations at the lines of a pull request. https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function github({ findings }: Findings): string {
  return findings
    .map(({ file, line, column, endLine, endColumn, severity, id, message }) => {
      // The end of a line is told by its last column; over several lines GitHub wants none.
      const end = endLine === line ? `,endColumn=${Math.max(column, endColumn - 1)}` : '';
      const place = `file=${property(reportPath(file))},line=${line},endLine=${endLine},col=${column}${end}`;
      return `::${LEVELS[severity]} ${place},title=${property(id)}::${data(message)}`;
    })
    .join('\n');
}

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function data(text: string): string {
  return text.replace(/[%\r\n]/g, encodeURIComponent);
}

function property(text: string): string {
  return text.replace(/[%\r\n:,]/g, encodeURIComponent);
}

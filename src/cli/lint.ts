import { LineIndex } from '../core/base/text';
import type { Diagnostic } from '../core/language/validate';
import { readClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { fail, paint, print, printJson, tell } from './output';

export interface LintOptions {
  readonly json: boolean;
  /** Warnings, information and hints fail as errors do. */
  readonly strict: boolean;
}

const COLORS = { error: 'red', warning: 'yellow', info: 'blue', hint: 'dim' } as const;

/** `k3s-ha lint FILE…`: one line a finding, `file:line:column severity id message`. */
export function lint(paths: readonly string[], options: LintOptions): ExitCode {
  const reports: { file: string; line: number; column: number; severity: string; id: string; message: string }[] = [];
  for (const path of paths) {
    const read = readClusterFile(path);
    if (!read.ok) return fail(read.error, EXIT.usage);
    const lines = new LineIndex(read.value.text);
    for (const diagnostic of read.value.diagnostics) {
      const { line, column } = lines.positionAt(diagnostic.range.start);
      reports.push({ file: path, line: line + 1, column: column + 1, severity: diagnostic.severity, id: diagnostic.code, message: diagnostic.message });
    }
  }
  if (options.json) printJson(reports);
  else {
    for (const report of reports) print(`${report.file}:${report.line}:${report.column} ${paint(COLORS[report.severity as Diagnostic['severity']], report.severity)} ${report.id} ${report.message}`);
    tell(reports.length === 0 ? paint('green', `${paths.length} ${paths.length === 1 ? 'file' : 'files'}, no findings`) : `${reports.length} ${reports.length === 1 ? 'finding' : 'findings'} in ${new Set(reports.map((report) => report.file)).size} of ${paths.length} files`);
  }
  const failing = reports.filter((report) => options.strict || report.severity === 'error' || report.severity === 'warning');
  return failing.length > 0 ? EXIT.findings : EXIT.fine;
}

import { formatProblem, type Problem } from '../core/base/problem';
import { EXIT, type ExitCode } from './exitCodes';

const useColor = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;

type Color = 'red' | 'yellow' | 'green' | 'blue' | 'dim' | 'bold';

const CODES: Record<Color, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 };

/** Colors a text for a terminal; plain when the output goes elsewhere or NO_COLOR is set. */
export function paint(color: Color, text: string): string {
  return useColor ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Progress and problems go to standard error, so that standard output stays the result. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** Tells a problem and gives the exit code for it. */
export function fail(found: Problem, code: ExitCode = EXIT.failed): ExitCode {
  tell(paint('red', formatProblem(found)));
  return found.code === 'secrets-not-agreed' ? EXIT.notReady : code;
}

/** Columns aligned by their widest cell, two blanks apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')).join('\n');
}

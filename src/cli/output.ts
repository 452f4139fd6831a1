import { formatProblem, type Problem } from '../core/base/problem';
import { printable, printableJson, printableLine } from '../core/base/printable';
import { NOT_AGREED } from '../engine/ports';
import { EXIT, type ExitCode } from './exitCodes';
import { showsColor, terminalWidth, type Stream } from './terminal';
import { wrapped } from './wrap';

type Color = 'red' | 'yellow' | 'green' | 'blue' | 'dim' | 'bold';

const CODES: Record<Color, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 };

/** A text in color. It stays apart from its text until it is written, so that no text can bring codes for the terminal of its own. */
export interface Painted {
  readonly color: Color;
  readonly text: string;
}

/** Part of a line; its text may be anybody's. */
export type Piece = string | Painted;

/** Colors a text for a terminal; it is plain when the output goes elsewhere. */
export function paint(color: Color, text: string): Painted {
  return { color, text };
}

/** One line on standard output: the result. */
export function print(...pieces: readonly Piece[]): void {
  process.stdout.write(`${shown(pieces, printableLine, process.stdout)}\n`);
}

/** Like `print`; on a terminal it goes on below itself, behind `indent` blanks, where the line is full. */
export function printWrapped(indent: number, ...pieces: readonly Piece[]): void {
  const width = terminalWidth(process.stdout);
  if (width === undefined) return print(...pieces);
  const texts = pieces.map((piece) => printableLine(typeof piece === 'string' ? piece : piece.text));
  const [first = '', ...more] = wrapped(texts.join(''), indent, width);
  let at = 0;
  print(
    ...pieces.map((piece, index): Piece => {
      const text = first.slice(at, (at += texts[index]?.length ?? 0));
      return typeof piece === 'string' ? text : { ...piece, text };
    }),
  );
  for (const line of more) print(line);
}

/** Lines that were put together here, such as a table, on standard output. */
export function printLines(text: string): void {
  process.stdout.write(`${printable(text, { lines: true })}\n`);
}

/** A file that was made here, as it is, on standard output; what makes it has made the words in it harmless. */
export function printFile(content: string | Uint8Array): void {
  process.stdout.write(content);
}

/** One line of progress on standard error, so that standard output stays the result. */
export function tell(...pieces: readonly Piece[]): void {
  process.stderr.write(`${shown(pieces, printableLine, process.stderr)}\n`);
}

/** Lines that were put together here, such as a problem, on standard error. */
export function tellLines(piece: Piece): void {
  process.stderr.write(`${shown([piece], (text) => printable(text, { lines: true }), process.stderr)}\n`);
}

/** What a shell writes to its terminal, as it is: this terminal is its own meanwhile. */
export function passOn(text: string): void {
  process.stdout.write(text);
}

/** A question on standard error; the cursor stays behind it. */
export function prompt(text: string): void {
  process.stderr.write(printableLine(text));
}

/** On one line without `indent`. */
export function printJson(value: unknown, indent: number | undefined = 2): void {
  process.stdout.write(`${printableJson(value, indent)}\n`);
}

/** Tells a problem and gives the exit code for it. */
export function fail(found: Problem, code: ExitCode = EXIT.failed): ExitCode {
  tellLines(paint('red', formatProblem(found)));
  return found.code === NOT_AGREED ? EXIT.notReady : code;
}

/** Columns aligned by their widest cell, two blanks apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printableLine));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .join('\n');
}

function shown(pieces: readonly Piece[], safe: (text: string) => string, stream: Stream): string {
  const inColor = showsColor(stream, process.env);
  return pieces
    .map((piece) =>
      typeof piece === 'string'
        ? safe(piece)
        : inColor
          ? `\u001b[${CODES[piece.color]}m${safe(piece.text)}\u001b[0m`
          : safe(piece.text),
    )
    .join('');
}

import { writeFileSync } from 'node:fs';
import { applyEdits, LineIndex } from '../core/base/text';
import type { RuleLevels } from '../core/language/control';
import { fixAllInSteps } from '../core/language/fixAll';
import type { Diagnostic } from '../core/language/validate';
import { readClusterFile, type ClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { findFiles } from './findFiles';
import { unlessCancelled } from './interrupt';
import { fail, paint, print, printJson, tell } from './output';

export interface LintOptions {
  readonly json: boolean;
  /** Warnings, information and hints fail as errors do. */
  readonly strict: boolean;
  /** Take every fix that is right without looking, and save the file. */
  readonly fix: boolean;
  readonly levels: RuleLevels;
}

interface Report {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly column: number;
  readonly severity: Diagnostic['severity'];
  readonly id: string;
  readonly message: string;
}

const COLORS = { error: 'red', warning: 'yellow', info: 'blue', hint: 'dim' } as const;

/** `k3s-ha lint FILE…`: one line a finding, `file:line:column severity id message`. */
export async function lint(paths: readonly string[], options: LintOptions, signal: AbortSignal): Promise<ExitCode> {
  const found = await unlessCancelled(findFiles(paths), signal);
  if (found === undefined) return EXIT.cancelled;
  if (!found.ok) return fail(found.error, EXIT.usage);
  const { files, skipped } = found.value;
  const reports: Report[] = [];
  for (const path of files) {
    const read = await readClusterFile(path, signal, options.levels);
    if (!read.ok) return fail(read.error, signal.aborted ? EXIT.cancelled : EXIT.usage);
    const fixed = options.fix ? await fixFile(read.value, options.levels, signal) : undefined;
    reports.push(...reportsOf(fixed ?? read.value));
  }
  if (options.json) printJson(reports);
  else for (const { file, line, column, severity, id, message } of reports) print(`${file}:${line}:${column} ${paint(COLORS[severity], severity)} ${id} ${message}`);
  tell(summary(reports, files.length, skipped.length));
  const failing = reports.filter(({ severity }) => options.strict || severity === 'error' || severity === 'warning');
  return failing.length > 0 ? EXIT.findings : EXIT.fine;
}

function reportsOf({ path, text, diagnostics }: { readonly path: string; readonly text: string; readonly diagnostics: readonly Diagnostic[] }): Report[] {
  const lines = new LineIndex(text);
  return diagnostics.map(({ range, severity, code, message }) => {
    const { line, column } = lines.positionAt(range.start);
    return { file: path, line: line + 1, column: column + 1, severity, id: code, message };
  });
}

/** Saves the mended file and reads it again; undefined when there was nothing to mend. */
async function fixFile({ path, text }: ClusterFile, levels: RuleLevels, signal: AbortSignal): Promise<ClusterFile | undefined> {
  const fixed = await unlessCancelled(fixAllInSteps(text, levels), signal);
  if (fixed === undefined || fixed.edits.length === 0) return undefined;
  writeFileSync(path, applyEdits(text, fixed.edits));
  for (const title of fixed.titles) tell(`${path}: ${title}`);
  const again = await readClusterFile(path, signal, levels);
  return again.ok ? again.value : undefined;
}

function summary(reports: readonly Report[], files: number, skipped: number): string {
  const others = skipped === 0 ? '' : ` (${skipped} ${skipped === 1 ? 'file that is' : 'files that are'} no YAML skipped)`;
  if (reports.length === 0) return paint('green', `${files} ${files === 1 ? 'file' : 'files'}, no findings${others}`);
  return `${reports.length} ${reports.length === 1 ? 'finding' : 'findings'} in ${new Set(reports.map(({ file }) => file)).size} of ${files} ${files === 1 ? 'file' : 'files'}${others}`;
}

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createFiles } from '../../adapters/files/files';
import { isInside } from '../../adapters/files/realPath';
import { problem, problemIn, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { applyEdits, LineIndex } from '../../core/base/text';
import type { RuleLevels } from '../../core/language/control';
import { fixAllInSteps } from '../../core/language/fixAll';
import { twinsAmong } from '../../core/language/twins';
import type { Diagnostic } from '../../core/language/validate';
import type { Command } from '../command';
import { readClusterFile, type ClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { findFiles } from '../findFiles';
import { unlessCancelled } from '../interrupt';
import { flag, oneOf, type Option } from '../option';
import type { FileFinding, Findings } from '../findings/finding';
import { github } from '../findings/github';
import { gitlab } from '../findings/gitlab';
import { junit } from '../findings/junit';
import { sarif } from '../findings/sarif';
import { fail, paint, printJson, printLines, printWrapped, tell, type Piece } from '../output';
import { ownVersion } from '../ownVersion';
import { parseRuleLevels } from '../ruleLevels';
import { JSON_OUTPUT } from '../sharedOptions';

const RULE: Option<RuleLevels> = {
  value: 'ID=LEVEL',
  repeats: true,
  help: 'error, warning, info, hint or off for one rule',
  read: parseRuleLevels,
};

const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'] as const;
type Format = (typeof FORMATS)[number];

const OPTIONS = {
  format: oneOf(FORMATS, {
    value: 'FORMAT',
    help: 'text, json, sarif, junit, or what annotates changes: github, gitlab',
  }),
  json: JSON_OUTPUT,
  strict: flag({ help: 'information and hints fail, too' }),
  fix: flag({ help: 'take the fixes that are right without looking, and save' }),
  rule: RULE,
};

export const lintCommand: Command<typeof OPTIONS> = {
  name: 'lint',
  argument: 'PATH…',
  summary: 'check cluster files, and those in folders; errors and warnings fail',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha lint cluster.k3s.yaml', does: 'one line a finding: file:line:column severity id message' },
    { line: 'k3s-ha lint --strict clusters/', does: 'in continuous integration: every cluster file below a folder' },
    {
      line: 'k3s-ha lint --format sarif . > k3s-ha.sarif',
      does: 'for code scanning; others: json, junit, github, gitlab',
    },
    { line: 'k3s-ha lint --rule single-server=off --fix .', does: 'without one rule, and mending what can be mended' },
  ],
  run: (paths, { rule: levels, json, format, ...options }, signal) =>
    lint(paths, { ...options, levels, format: json ? 'json' : format }, signal),
};

interface LintOptions {
  readonly format: Format;
  /** Warnings, information and hints fail as errors do. */
  readonly strict: boolean;
  /** Take every fix that is right without looking, and save the file. */
  readonly fix: boolean;
  readonly levels: RuleLevels;
}

async function lint(paths: readonly string[], options: LintOptions, signal: AbortSignal): Promise<ExitCode> {
  const found = await unlessCancelled(findFiles(paths), signal);
  if (found === undefined) return EXIT.cancelled;
  if (!found.ok) return fail(found.error, EXIT.usage);
  const { files, skipped } = found.value;
  const checked: ClusterFile[] = [];
  let failed: ExitCode | undefined;
  for (const path of files) {
    const read = await readClusterFile(path, signal, options.levels);
    if (!read.ok) return fail(read.error, signal.aborted ? EXIT.cancelled : EXIT.usage);
    const fixed = options.fix ? await fixFile(read.value, options.levels, signal) : read;
    if (!fixed.ok) failed = fail(fixed.error);
    checked.push(fixed.ok ? fixed.value : read.value);
  }
  const twins = twinsAmong(checked.map((file) => ({ ...file, levels: options.levels })));
  const reports = checked.flatMap((file) => reportsOf(file, twins.get(file.path) ?? []));
  const failing = reports.filter(({ severity }) => options.strict || severity === 'error' || severity === 'warning');
  PRINT[options.format]({ files, findings: reports, failing });
  tell(summary(reports, files.length, skipped.length));
  if (failed !== undefined) return failed;
  return failing.length > 0 ? EXIT.findings : EXIT.fine;
}

const COLORS = { error: 'red', warning: 'yellow', info: 'blue', hint: 'dim' } as const;

const PRINT: Readonly<Record<Format, (all: Findings) => void>> = {
  // One line a finding, `file:line:column severity id message`.
  text: ({ findings }) => {
    for (const { file, line, column, severity, id, message } of findings)
      printWrapped(4, `${file}:${line}:${column} `, paint(COLORS[severity], severity), ` ${id} ${message}`);
  },
  json: ({ findings }) => printJson(findings),
  sarif: (all) => printJson(sarif(all, ownVersion())),
  junit: (all) => printLines(junit(all)),
  github: (all) => {
    if (all.findings.length > 0) printLines(github(all));
  },
  gitlab: (all) => printJson(gitlab(all)),
};

/** `twins`: what the file has in common with another one of the same call. */
function reportsOf({ path, text, diagnostics }: ClusterFile, twins: readonly Diagnostic[]): FileFinding[] {
  const lines = new LineIndex(text);
  const all = [...diagnostics, ...twins].sort((a, b) => a.range.start - b.range.start);
  return all.map(({ range, severity, code, message }) => {
    const [start, end] = [lines.positionAt(range.start), lines.positionAt(range.end)];
    return {
      file: path,
      line: start.line + 1,
      column: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
      severity,
      id: code,
      message,
    };
  });
}

/** The file, mended and saved in one step where there was something to mend. */
async function fixFile(
  file: ClusterFile,
  levels: RuleLevels,
  signal: AbortSignal,
): Promise<Result<ClusterFile, Problem>> {
  const { path, text } = file;
  const fixed = await unlessCancelled(fixAllInSteps(text, levels), signal);
  if (fixed === undefined || fixed.edits.length === 0) return ok(file);
  const { edits, titles } = fixed;
  if (!(await isInside(dirname(path), path))) return err(leadsAway(path));
  // Other encodings were read with stand-ins for what is no UTF-8, and those must not be saved.
  if (!readFileSync(path).equals(Buffer.from(text))) return err(notAsRead(path));
  try {
    await createFiles({ followLinks: () => true }).writeAtomic(path, applyEdits(text, edits), 0o644);
  } catch (error) {
    const found = problemIn(error);
    if (found === undefined) throw error;
    return err(found);
  }
  for (const title of titles) tell(`${path}: ${title}`);
  return readClusterFile(path, signal, levels);
}

/** A pattern such as `*.k3s.yaml` names links along with files: what one of them leads to elsewhere is not ours to change. */
function leadsAway(path: string): Problem {
  return problem('file-outside', `${path} is a symbolic link to a file outside of its folder, and was not changed`, {
    nextSteps: ['Name the file itself, or lint without --fix.'],
  });
}

function notAsRead(path: string): Problem {
  return problem('file-not-utf8', `${path} is not UTF-8 text, and was not changed`, {
    nextSteps: ['Save it as UTF-8, then run the command again.'],
  });
}

function summary(reports: readonly FileFinding[], files: number, skipped: number): Piece {
  const others =
    skipped === 0 ? '' : ` (${skipped} ${skipped === 1 ? 'file that is' : 'files that are'} no YAML skipped)`;
  if (reports.length === 0) return paint('green', `${files} ${files === 1 ? 'file' : 'files'}, no findings${others}`);
  return `${reports.length} ${reports.length === 1 ? 'finding' : 'findings'} in ${new Set(reports.map(({ file }) => file)).size} of ${files} ${files === 1 ? 'file' : 'files'}${others}`;
}

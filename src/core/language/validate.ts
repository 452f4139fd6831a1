import { say } from '../base/say';
import { finish, type Steps } from '../base/steps';
import { applyEdits, type TextEdit, type TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { lineStart } from '../document/layout';
import { parseDocument } from '../document/parse';
import { checkClusterInSteps, fixesFor } from '../rules/registry';
import type { Finding, RuleContext, Severity } from '../rules/rule';
import type { Cluster } from '../cluster/cluster';
import { normalise } from '../cluster/normalise';
import { control, ignoreInFile, ignoreOnLine, type IgnoreProblem, type RuleLevels } from './control';
import { limitProblems } from './fileLimits';
import { schemaFixes } from './schemaFixes';
import type { SchemaProblem } from './schemaProblem';
import { validateSchema } from './validateSchema';
import { visibleRange } from './visibleRange';

export interface Diagnostic {
  readonly range: TextRange;
  readonly severity: Severity;
  readonly source: 'yaml' | 'schema' | 'rule' | 'ignore';
  /** `yaml-syntax`, a code of the schema, the id of a rule, or what is wrong with an ignore comment. */
  readonly code: string;
  readonly message: string;
  readonly related: readonly { readonly range: TextRange; readonly message: string }[];
}

/** A change that removes a diagnostic. */
export interface DiagnosticFix {
  /** Imperative, for the light-bulb menu. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Right without looking: may be applied by "Fix all". */
  readonly safe: boolean;
  /** `ignore`: does not mend anything, but silences the finding. */
  readonly kind: 'fix' | 'ignore';
  readonly diagnosticCode: string;
  /** Secrets to store before the edits are applied: reference name → value. */
  readonly storeSecrets?: Readonly<Record<string, string>>;
  /** A placeholder to ask the person about before anything is written; see `Fix.asksFor`. */
  readonly asksFor?: string;
}

export interface CheckOptions {
  readonly levels?: RuleLevels;
}

/** What a cluster file means and what is wrong with it. */
export interface Inspection {
  readonly cluster: Cluster;
  /** From top to bottom. */
  readonly diagnostics: readonly Diagnostic[];
  /** Those of the rules. */
  readonly findings: readonly Finding[];
}

/** What does not depend on settings. */
interface Checked {
  readonly context: RuleContext;
  readonly schemaProblems: readonly SchemaProblem[];
  readonly findings: readonly Finding[];
}

/** Everything that is wrong with a cluster file, from top to bottom; an empty file is not wrong. */
export function validate(source: string | ClusterDocument, options: CheckOptions = {}): readonly Diagnostic[] {
  return finish(inspectInSteps(typeof source === 'string' ? parseDocument(source) : source, options)).diagnostics;
}

/** Checks a file in slices. The last checks of a document are remembered, so that several views of it cost one. */
export function* inspectInSteps(document: ClusterDocument, options: CheckOptions = {}): Steps<Inspection> {
  const checked = yield* check(document);
  const { findings, problems } = controlled(checked, options);
  return { cluster: checked.context.cluster, findings, diagnostics: toDiagnostics(checked, findings, problems) };
}

function toDiagnostics(
  { context: { document }, schemaProblems }: Checked,
  findings: readonly Finding[],
  ignoreProblems: readonly IgnoreProblem[],
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [
    ...document.syntaxProblems.map((problem) => ({
      range: problem.range,
      severity: 'error' as const,
      source: 'yaml' as const,
      code: 'yaml-syntax',
      message: problem.message,
      related: [],
    })),
    ...schemaProblems.map((problem) => ({
      range: problem.range,
      severity: problem.severity,
      source: 'schema' as const,
      code: problem.code,
      message: problem.message,
      related: [],
    })),
    ...findings.map((finding) => ruleDiagnostic(document, finding)),
    ...ignoreProblems.map((problem) => ({
      range: problem.range,
      severity: 'warning' as const,
      source: 'ignore' as const,
      code: problem.code,
      message: problem.message,
      related: [],
    })),
  ];
  return diagnostics.sort((a, b) => a.range.start - b.range.start);
}

/** Characters that are read to try fixes, each of which takes as long as checking the file; further fixes are offered untried. */
const TRIED_CHARACTERS = 30_000;

/** What can be done at once about the diagnostics that touch `range`; what mends comes before what silences. A fix that would not help is not offered. */
export function fixes(source: string | ClusterDocument, range: TextRange, options: CheckOptions = {}): DiagnosticFix[] {
  const document = typeof source === 'string' ? parseDocument(source) : source;
  const candidates = untriedFixes(document, range, options);
  const tried = Math.floor(TRIED_CHARACTERS / document.text.length);
  if (candidates.length === 0 || tried === 0) return candidates;
  const before = validate(document, options);
  return candidates.filter((fix, index) => index >= tried || helps(document, before, fix, options));
}

/** Whether a fix leaves a readable file with fewer findings like the one that it is for. */
function helps(
  document: ClusterDocument,
  before: readonly Diagnostic[],
  fix: DiagnosticFix,
  options: CheckOptions,
): boolean {
  const after = parseDocument(applyEdits(document.text, fix.edits), document);
  if (after.syntaxProblems.length > document.syntaxProblems.length) return false;
  const left = tally(validate(after, options), fix.diagnosticCode);
  return [...tally(before, fix.diagnosticCode)].some(([message, count]) => (left.get(message) ?? 0) < count);
}

/** How often each message of a code is there. */
function tally(diagnostics: readonly Diagnostic[], code: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const diagnostic of diagnostics)
    if (diagnostic.code === code) counts.set(diagnostic.message, (counts.get(diagnostic.message) ?? 0) + 1);
  return counts;
}

/** All candidates without trying them; for "fix all", which sees by itself what a fix leaves. */
export function untriedFixes(
  source: string | ClusterDocument,
  range: TextRange,
  options: CheckOptions = {},
): DiagnosticFix[] {
  const checked = finish(check(typeof source === 'string' ? parseDocument(source) : source));
  const { context, schemaProblems } = checked;
  const { document } = context;
  const { findings, problems: ignoreProblems } = controlled(checked, options);
  const touched = findings.filter((finding) => touches(visibleRange(document, finding.path, finding.part), range));
  const ofSchema = schemaProblems
    .filter((problem) => touches(problem.range, range))
    .flatMap((problem) =>
      schemaFixes(document, problem).map((fix) => ({ ...fix, kind: 'fix' as const, diagnosticCode: problem.code })),
    );
  const ofRules = touched.flatMap((finding) =>
    fixesFor(context, finding).map((fix) => ({ ...fix, kind: 'fix' as const, diagnosticCode: finding.ruleId })),
  );
  const ofComments = ignoreProblems
    .filter((problem) => touches(problem.range, range))
    .flatMap((problem) => problem.fixes.map((fix) => ({ ...fix, kind: 'fix' as const, diagnosticCode: problem.code })));
  return [...ofSchema, ...ofRules, ...ofComments, ...silencing(document, touched)];
}

/** Errors are not silenced for a whole file by one click. */
function silencing(document: ClusterDocument, findings: readonly Finding[]): DiagnosticFix[] {
  const common = { safe: false, kind: 'ignore' } as const;
  const ids = [...new Set(findings.map(({ ruleId }) => ruleId))];
  const onLine = findings
    .filter((finding, index) => findings.findIndex((other) => other.ruleId === finding.ruleId) === index)
    .map((finding) => ({
      ...common,
      title: say`Ignore ${finding.ruleId} on this line`,
      edits: ignoreOnLine(document, finding),
      diagnosticCode: finding.ruleId,
    }));
  const inFile = ids
    .filter((id) => findings.every((finding) => finding.ruleId !== id || finding.severity !== 'error'))
    .map((id) => ({
      ...common,
      title: say`Ignore ${id} in this file`,
      edits: ignoreInFile(document, id),
      diagnosticCode: id,
    }));
  return [...onLine, ...inFile];
}

const known = new WeakMap<ClusterDocument, Checked>();

/**
 * Broken YAML is read as something that nobody meant: only what stands above it and lacks nothing is reported with it.
 * Rules do not look at a file that is too large for them. A rule that explains a key better than "unknown" replaces that.
 */
function* check(document: ClusterDocument): Steps<Checked> {
  const before = known.get(document);
  if (before !== undefined) return before;
  const context: RuleContext = { document, cluster: normalise(document.data) };
  const broken = document.syntaxProblems[0];
  const empty = document.data === undefined || document.data === null;
  const tooMany = limitProblems(document);
  const findings = broken !== undefined || empty || tooMany.length > 0 ? [] : yield* checkClusterInSteps(context);
  const explained = new Set(findings.map((finding) => JSON.stringify(finding.path)));
  const isMeant = (problem: SchemaProblem): boolean =>
    broken === undefined ||
    (problem.code !== 'missing-key' && problem.range.end < lineStart(document.text, broken.range.start));
  const unfilled = new Set(findings.filter(isUnfilled).map((finding) => JSON.stringify(finding.path)));
  const isNews = (problem: SchemaProblem): boolean =>
    !unfilled.has(JSON.stringify(problem.path)) &&
    ((problem.code !== 'unknown-key' && problem.code !== 'value-not-allowed') ||
      !explained.has(JSON.stringify(problem.path)));
  const problems = [...tooMany, ...validateSchema(document)].filter((problem) => isMeant(problem) && isNews(problem));
  const checked = { context, schemaProblems: problems, findings };
  known.set(document, checked);
  return checked;
}

/** Of a value that is still to be filled in, its form says nothing. */
function isUnfilled({ ruleId, severity }: Finding): boolean {
  return severity === 'error' && (ruleId === 'placeholder-value' || ruleId === 'reference-misspelt');
}

/** What comments and settings leave; in a broken file a comment that suppresses nothing is no mistake. */
function controlled(
  { context: { document }, findings }: Checked,
  { levels }: CheckOptions,
): { readonly findings: readonly Finding[]; readonly problems: readonly IgnoreProblem[] } {
  return document.syntaxProblems.length === 0 ? control(document, findings, levels) : { findings: [], problems: [] };
}

function ruleDiagnostic(document: ClusterDocument, finding: Finding): Diagnostic {
  return {
    range: visibleRange(document, finding.path, finding.part),
    severity: finding.severity,
    source: 'rule',
    code: finding.ruleId,
    message: finding.message,
    related: (finding.related ?? []).map((place) => ({
      range: visibleRange(document, place.path, place.part),
      message: place.message,
    })),
  };
}

function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

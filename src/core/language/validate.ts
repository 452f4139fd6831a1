import type { TextEdit, TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { lineStart } from '../document/layout';
import { parseDocument } from '../document/parse';
import { checkCluster, fixesFor } from '../rules/registry';
import type { Finding, RuleContext, Severity } from '../rules/rule';
import { normalise } from '../spec/normalise';
import { schemaFixes } from './schemaFixes';
import type { SchemaProblem } from './schemaProblem';
import { validateSchema } from './validateSchema';
import { visibleRange } from './visibleRange';

export interface Diagnostic {
  readonly range: TextRange;
  readonly severity: Severity;
  readonly source: 'yaml' | 'schema' | 'rule';
  /** `yaml-syntax`, a code of the schema or the id of a rule. */
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
  readonly diagnosticCode: string;
  /** Secrets to store before the edits are applied: reference name → value. */
  readonly storeSecrets?: Readonly<Record<string, string>>;
}

interface Checked {
  readonly document: ClusterDocument;
  readonly context: RuleContext;
  readonly schemaProblems: readonly SchemaProblem[];
  readonly findings: readonly Finding[];
}

/** Everything that is wrong with a cluster file, from top to bottom; an empty file is not wrong. */
export function validate(source: string | ClusterDocument): Diagnostic[] {
  const { document, schemaProblems, findings } = check(source);
  const diagnostics: Diagnostic[] = [
    ...document.syntaxProblems.map((problem) => ({ range: problem.range, severity: 'error' as const, source: 'yaml' as const, code: 'yaml-syntax', message: problem.message, related: [] })),
    ...schemaProblems.map((problem) => ({ range: problem.range, severity: problem.severity, source: 'schema' as const, code: problem.code, message: problem.message, related: [] })),
    ...findings.map((finding) => ruleDiagnostic(document, finding)),
  ];
  return diagnostics.sort((a, b) => a.range.start - b.range.start);
}

/** What can be done at once about the diagnostics that touch `range`. */
export function fixes(source: string | ClusterDocument, range: TextRange): DiagnosticFix[] {
  const { document, context, schemaProblems, findings } = check(source);
  const ofSchema = schemaProblems.filter((problem) => touches(problem.range, range)).flatMap((problem) => schemaFixes(document, problem).map((fix) => ({ ...fix, diagnosticCode: problem.code })));
  const ofRules = findings.filter((finding) => touches(visibleRange(document, finding.path, finding.part), range)).flatMap((finding) => fixesFor(context, finding).map((fix) => ({ ...fix, diagnosticCode: finding.ruleId })));
  return [...ofSchema, ...ofRules];
}

/**
 * Broken YAML is read as something that nobody meant: only what stands above it and lacks nothing is reported with it.
 * A rule that explains a key better than "unknown" replaces that.
 */
function check(source: string | ClusterDocument): Checked {
  const document = typeof source === 'string' ? parseDocument(source) : source;
  const context: RuleContext = { document, cluster: normalise(document.data) };
  const broken = document.syntaxProblems[0];
  const empty = document.data === undefined || document.data === null;
  const findings = broken !== undefined || empty ? [] : checkCluster(context);
  const explained = new Set(findings.map((finding) => JSON.stringify(finding.path)));
  const isMeant = (problem: SchemaProblem): boolean => broken === undefined || (problem.code !== 'missing-key' && problem.range.end < lineStart(document.text, broken.range.start));
  const isNews = (problem: SchemaProblem): boolean => problem.code !== 'unknown-key' || !explained.has(JSON.stringify(problem.path));
  return { document, context, schemaProblems: validateSchema(document).filter((problem) => isMeant(problem) && isNews(problem)), findings };
}

function ruleDiagnostic(document: ClusterDocument, finding: Finding): Diagnostic {
  return {
    range: visibleRange(document, finding.path, finding.part),
    severity: finding.severity,
    source: 'rule',
    code: finding.ruleId,
    message: finding.message,
    related: (finding.related ?? []).map((place) => ({ range: visibleRange(document, place.path, place.part), message: place.message })),
  };
}

function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

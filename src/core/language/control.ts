import { say } from '../base/say';
import type { TextEdit, TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { lineEnd, lineStart, nextLine } from '../document/layout';
import { ruleById, RULES } from '../rules/registry';
import type { Finding, Severity } from '../rules/rule';
import { IGNORE, ignoreComments, type IgnoreComment, type IgnoredRule } from './ignoreComments';
import { closest } from '../base/suggestion';
import { ELSEWHERE_IDS } from './elsewhere';
import { visibleRange } from './visibleRange';

/** How loud a rule is, by its id: a severity, or `off`. */
export type RuleLevels = Readonly<Record<string, Severity | 'off'>>;

/** Something wrong with an ignore comment itself. */
export interface IgnoreProblem {
  readonly code: 'unused-ignore' | 'unknown-rule';
  readonly range: TextRange;
  readonly message: string;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly TextEdit[]; readonly safe: boolean }[];
}

export interface Controlled {
  /** What is left, with the severities that the levels give. */
  readonly findings: readonly Finding[];
  /** How many findings comments have taken away. */
  readonly suppressed: number;
  readonly problems: readonly IgnoreProblem[];
}

/** Applies ignore comments first, then levels, so that a rule that is switched off makes no comment useless. */
export function control(document: ClusterDocument, findings: readonly Finding[], levels: RuleLevels = {}): Controlled {
  const comments = ignoreComments(document);
  const used = new Set<IgnoredRule>();
  const byLine = new Map<number | undefined, IgnoreComment[]>();
  for (const comment of comments) byLine.set(comment.line, [...(byLine.get(comment.line) ?? []), comment]);
  const left = findings.filter((finding) => {
    if (comments.length === 0) return true;
    const line = lineStart(document.text, visibleRange(document, finding.path, finding.part).start);
    const matching = [...(byLine.get(undefined) ?? []), ...(byLine.get(line) ?? [])].flatMap((comment) =>
      comment.rules.filter(({ ruleId }) => ruleId === finding.ruleId),
    );
    for (const rule of matching) used.add(rule);
    return matching.length === 0;
  });
  return {
    findings: left.flatMap((finding) => {
      const level = levels[finding.ruleId] ?? finding.severity;
      return level === 'off' ? [] : level === finding.severity ? [finding] : [{ ...finding, severity: level }];
    }),
    suppressed: findings.length - left.length,
    problems: comments.flatMap((comment) => problemsOf(document, comment, used)),
  };
}

function problemsOf(
  { text }: ClusterDocument,
  comment: IgnoreComment,
  used: ReadonlySet<IgnoredRule>,
): IgnoreProblem[] {
  if (comment.rules.length === 0) {
    const message = say`This comment names no rule and suppresses nothing. Write the id of the finding, as in "# k3s-ha-ignore lb-single-point".`;
    return [
      {
        code: 'unused-ignore',
        range: comment.range,
        message,
        fixes: [{ title: say`Remove the comment`, edits: withoutComment(text, comment), safe: false }],
      },
    ];
  }
  return (
    comment.rules
      // What is ignored of machines and other files is found out there, so that nobody can say here whether it is of use.
      .filter((rule) => !used.has(rule) && !ELSEWHERE_IDS.includes(rule.ruleId))
      .map((rule) => {
        const remove = {
          title: say`Remove ${rule.ruleId} from the comment`,
          edits: withoutRule(text, comment, rule),
          safe: true,
        };
        if (ruleById(rule.ruleId) !== undefined) {
          const where =
            comment.line === undefined ? say`in this file` : comment.alone ? say`on the next line` : say`on this line`;
          return {
            code: 'unused-ignore',
            range: rule.range,
            message: say`There is no finding of ${rule.ruleId} ${where}, so nothing is suppressed.`,
            fixes: [remove],
          };
        }
        const meant = closest(rule.ruleId, [...RULES.map(({ id }) => id), ...ELSEWHERE_IDS]);
        const rename =
          meant === undefined
            ? []
            : [{ title: say`Write ${meant}`, edits: [{ range: rule.range, newText: meant }], safe: false }];
        return {
          code: 'unknown-rule',
          range: rule.range,
          message: say`There is no rule "${rule.ruleId}"${meant === undefined ? '' : say`; did you mean "${meant}"?`}`,
          fixes: [...rename, { ...remove, safe: false }],
        };
      })
  );
}

function withoutRule(text: string, comment: IgnoreComment, rule: IgnoredRule): readonly TextEdit[] {
  if (comment.rules.length === 1) return withoutComment(text, comment);
  const index = comment.rules.indexOf(rule);
  const next = comment.rules[index + 1];
  const before = comment.rules[index - 1];
  const range =
    next !== undefined
      ? { start: rule.range.start, end: next.range.start }
      : { start: before?.range.end ?? rule.range.start, end: rule.range.end };
  return [{ range, newText: '' }];
}

function withoutComment(text: string, { range, alone }: IgnoreComment): readonly TextEdit[] {
  const start = lineStart(text, range.start);
  if (alone) return [{ range: { start, end: nextLine(text, range.start) }, newText: '' }];
  return [{ range: { start: start + text.slice(start, range.start).trimEnd().length, end: range.end }, newText: '' }];
}

/** The edit that makes a comment suppress one finding where it stands: in the comment that is there already, or in one on a line above. */
export function ignoreOnLine(document: ClusterDocument, finding: Finding): readonly TextEdit[] {
  return ignoreAt(document, visibleRange(document, finding.path, finding.part).start, finding.ruleId);
}

/** The same for what was found at an offset. */
export function ignoreAt(document: ClusterDocument, offset: number, ruleId: string): readonly TextEdit[] {
  const { text } = document;
  const line = lineStart(text, offset);
  const comment = ignoreComments(document).find((candidate) => candidate.line === line && candidate.rules.length > 0);
  if (comment !== undefined) return [addRule(comment, ruleId)];
  const indent = /^\s*/.exec(text.slice(line, lineEnd(text, line)))?.[0] ?? '';
  return [{ range: { start: line, end: line }, newText: `${indent}# ${IGNORE} ${ruleId}${eolOf(text)}` }];
}

/** The same for every finding of the rule, by a comment at the top of the file. */
export function ignoreInFile(document: ClusterDocument, ruleId: string): readonly TextEdit[] {
  const { text } = document;
  const comment = ignoreComments(document).find(
    (candidate) => candidate.line === undefined && candidate.rules.length > 0,
  );
  if (comment !== undefined) return [addRule(comment, ruleId)];
  // Directives and the mark of the document have to stay in front of the first comment of its content.
  const head = /^\uFEFF?(?:%[^\n]*\n)*(?:---[ \t]*\r?\n)?/.exec(text)?.[0].length ?? 0;
  return [{ range: { start: head, end: head }, newText: `# ${IGNORE}-file ${ruleId}${eolOf(text)}` }];
}

function addRule(comment: IgnoreComment, ruleId: string): TextEdit {
  const end = comment.rules.at(-1)?.range.end ?? comment.range.end;
  return { range: { start: end, end }, newText: `, ${ruleId}` };
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

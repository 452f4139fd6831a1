import type { Finding, Fix, Rule, RuleContext, Severity } from '../rule';

/** A finding before the rule has put its name and, unless given, its severity on it. */
export type Report = Omit<Finding, 'ruleId' | 'severity'> & { readonly severity?: Severity };

interface RuleDefinition {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly rationale: string;
  readonly sources: Rule['sources'];
  check(context: RuleContext): readonly Report[];
  fix?(context: RuleContext, finding: Finding): readonly Fix[];
}

/** Completes a rule: every finding gets its id, and its severity where the check leaves it open. */
export function defineRule(definition: RuleDefinition): Rule {
  return {
    ...definition,
    check: (context) =>
      definition.check(context).map((report) => ({ severity: definition.severity, ...report, ruleId: definition.id })),
  };
}

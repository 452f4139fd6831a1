import { finish, type Steps } from '../base/steps';
import type { Finding, Fix, Rule, RuleContext, Severity } from './rule';
import { DATASTORE_RULES } from './datastore/datastoreRules';
import { ETCD_RULES } from './etcd/etcdRules';
import { HOSTS_RULES } from './hosts/hostsRules';
import { INSTALL_RULES } from './install/installRules';
import { LOAD_BALANCER_RULES } from './loadBalancer/loadBalancerRules';
import { NETWORK_RULES } from './network/networkRules';
import { OPTIONS_RULES } from './options/optionsRules';
import { REGISTRATION_RULES } from './registration/registrationRules';
import { SECURITY_RULES } from './security/securityRules';
import { SNAPSHOTS_RULES } from './snapshots/snapshotsRules';
import { TOKENS_RULES } from './tokens/tokensRules';
import { VALUES_RULES } from './values/valuesRules';
import { VERSION_RULES } from './version/versionRules';

/** All availability rules by area, the most valuable area first. */
export const RULES: readonly Rule[] = [
  ...VALUES_RULES,
  ...REGISTRATION_RULES,
  ...TOKENS_RULES,
  ...ETCD_RULES,
  ...DATASTORE_RULES,
  ...SNAPSHOTS_RULES,
  ...HOSTS_RULES,
  ...NETWORK_RULES,
  ...LOAD_BALANCER_RULES,
  ...OPTIONS_RULES,
  ...VERSION_RULES,
  ...SECURITY_RULES,
  ...INSTALL_RULES,
];

const ORDER: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** Everything that is wrong with the cluster's availability, from the top of the file to its end; on one place the worst first. */
export function checkCluster(context: RuleContext): readonly Finding[] {
  return finish(checkClusterInSteps(context));
}

/** {@link checkCluster} with a pause after each rule. */
export function* checkClusterInSteps(context: RuleContext): Steps<readonly Finding[]> {
  const found: { readonly finding: Finding; readonly start: number; readonly rank: number }[] = [];
  for (const rule of RULES) {
    for (const finding of rule.check(context))
      found.push({
        finding,
        start: context.document.rangeOf(finding.path, finding.part)?.start ?? 0,
        rank: ORDER.indexOf(finding.severity),
      });
    yield;
  }
  return found.sort((a, b) => a.start - b.start || a.rank - b.rank).map(({ finding }) => finding);
}

/** What can be done about a finding at once, the most fitting first; nothing that would leave the file as it is. */
export function fixesFor(context: RuleContext, finding: Finding): readonly Fix[] {
  const fixes = ruleById(finding.ruleId)?.fix?.(context, finding) ?? [];
  return fixes.filter((fix) => fix.edits.length > 0);
}

/** The rule with this id, e.g. for the diagnostic code of an editor. */
export function ruleById(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}

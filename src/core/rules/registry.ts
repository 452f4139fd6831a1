import type { Finding, Fix, Rule, RuleContext } from './rule';
import { clusterInitIgnored } from './datastore/clusterInitIgnored';
import { datastoreOnLocalhost } from './datastore/datastoreOnLocalhost';
import { datastoreSchemeUnknown } from './datastore/datastoreSchemeUnknown';
import { externalDbTokenMissing } from './datastore/externalDbTokenMissing';
import { mysqlEndpointMissingTcp } from './datastore/mysqlEndpointMissingTcp';
import { mysqlEndpointNoDatabaseSlash } from './datastore/mysqlEndpointNoDatabaseSlash';
import { sqliteWithSeveralServers } from './datastore/sqliteWithSeveralServers';
import { etcdEvenMembers } from './etcd/etcdEvenMembers';
import { etcdTwoServers } from './etcd/etcdTwoServers';
import { controlPlaneCustomTaint } from './hosts/controlPlaneCustomTaint';
import { duplicateHostAddress } from './hosts/duplicateHostAddress';
import { duplicateNodeName } from './hosts/duplicateNodeName';
import { nodeNameInvalid } from './hosts/nodeNameInvalid';
import { taintFormat } from './hosts/taintFormat';
import { cidrHostOverlap } from './network/cidrHostOverlap';
import { cidrPodServiceOverlap } from './network/cidrPodServiceOverlap';
import { criticalValueMismatch } from './network/criticalValueMismatch';
import { lbPortConflict } from './network/lbPortConflict';
import { lbSinglePoint } from './network/lbSinglePoint';
import { agentSingleRegistration } from './registration/agentSingleRegistration';
import { endpointNotInTlsSan } from './registration/endpointNotInTlsSan';
import { registrationAddressIsServer } from './registration/registrationAddressIsServer';
import { serverUrlNotHttps } from './registration/serverUrlNotHttps';
import { serverUrlPort } from './registration/serverUrlPort';
import { singleServer } from './registration/singleServer';
import { sqlTwoServersMinimum } from './registration/sqlTwoServersMinimum';
import { kubeconfigModeUnquoted } from './security/kubeconfigModeUnquoted';
import { plaintextSecret } from './security/plaintextSecret';
import { flagRemoved } from './version/flagRemoved';
import { mirrorIgnored } from './version/mirrorIgnored';
import { scriptHostRetired } from './version/scriptHostRetired';
import { scriptPlainHttp } from './version/scriptPlainHttp';
import { versionFormat } from './version/versionFormat';
import { versionNotPinned } from './version/versionNotPinned';

/** All availability rules, the most valuable first. */
export const RULES: readonly Rule[] = [
  endpointNotInTlsSan,
  mysqlEndpointMissingTcp,
  mysqlEndpointNoDatabaseSlash,
  datastoreSchemeUnknown,
  sqliteWithSeveralServers,
  externalDbTokenMissing,
  etcdTwoServers,
  etcdEvenMembers,
  criticalValueMismatch,
  clusterInitIgnored,
  datastoreOnLocalhost,
  cidrPodServiceOverlap,
  cidrHostOverlap,
  duplicateHostAddress,
  duplicateNodeName,
  nodeNameInvalid,
  serverUrlNotHttps,
  serverUrlPort,
  agentSingleRegistration,
  registrationAddressIsServer,
  lbPortConflict,
  lbSinglePoint,
  singleServer,
  sqlTwoServersMinimum,
  flagRemoved,
  kubeconfigModeUnquoted,
  versionFormat,
  versionNotPinned,
  taintFormat,
  controlPlaneCustomTaint,
  plaintextSecret,
  scriptPlainHttp,
  scriptHostRetired,
  mirrorIgnored,
];

/** Everything that is wrong with the cluster's availability, from the top of the file to its end; rules in their order on one place. */
export function checkCluster(context: RuleContext): readonly Finding[] {
  const start = (finding: Finding) => context.document.rangeOf(finding.path, finding.part)?.start ?? 0;
  return RULES.flatMap((rule) => rule.check(context)).sort((a, b) => start(a) - start(b));
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

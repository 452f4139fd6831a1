import { finish, type Steps } from '../base/steps';
import { addressOfAnother } from './checks/addressOfAnother';
import { apparmorParserMissing } from './checks/apparmorParserMissing';
import { archUnsupported } from './checks/archUnsupported';
import { balancerInterfaceUnknown } from './checks/balancerInterfaceUnknown';
import { certificateEndsSoon } from './checks/certificateEndsSoon';
import { cgroupMemoryMissing } from './checks/cgroupMemoryMissing';
import { cgroupV1 } from './checks/cgroupV1';
import { clockSkew } from './checks/clockSkew';
import { clockUnsynchronised } from './checks/clockUnsynchronised';
import { diskSpace } from './checks/diskSpace';
import { distributionUnknown } from './checks/distributionUnknown';
import { firewallFlushesOnReload } from './checks/firewallFlushesOnReload';
import { firewallRulesMissing } from './checks/firewallRulesMissing';
import { hostnameDuplicate } from './checks/hostnameDuplicate';
import { hostnameUnusable } from './checks/hostnameUnusable';
import { hostNotExamined } from './checks/hostNotExamined';
import { hostUndersized } from './checks/hostUndersized';
import { iptablesBuggy } from './checks/iptablesBuggy';
import { k3sUnderOtherName } from './checks/k3sUnderOtherName';
import { kernelModuleMissing } from './checks/kernelModuleMissing';
import { kernelOld } from './checks/kernelOld';
import { portNotTried } from './checks/portNotTried';
import { leasedServerAddress } from './checks/leasedServerAddress';
import { machineIdDuplicate } from './checks/machineIdDuplicate';
import { multiHomedNoNodeIp } from './checks/multiHomedNoNodeIp';
import { nameUnknown } from './checks/nameUnknown';
import { nameServerMissing } from './checks/nameServerMissing';
import { portUnreachable } from './checks/portUnreachable';
import { networkOverlap } from './checks/networkOverlap';
import { nmCloudSetup } from './checks/nmCloudSetup';
import { noDefaultRoute } from './checks/noDefaultRoute';
import { nodeIpElsewhere } from './checks/nodeIpElsewhere';
import { noServiceManager } from './checks/noServiceManager';
import { openrcBesideSystemd } from './checks/openrcBesideSystemd';
import { otherKubernetes } from './checks/otherKubernetes';
import { otherOperator } from './checks/otherOperator';
import { compactionBehind } from './checks/compactionBehind';
import { endpointsDiffer } from './checks/endpointsDiffer';
import { tunnelLost } from './checks/tunnelLost';
import { etcdSlowDisk } from './checks/etcdSlowDisk';
import { etcdSlowWrites } from './checks/etcdSlowWrites';
import { etcdSpace } from './checks/etcdSpace';
import { podNetworkRemains } from './checks/podNetworkRemains';
import { portInUse } from './checks/portInUse';
import { roleChanged } from './checks/roleChanged';
import { selinuxPolicyMissing } from './checks/selinuxPolicyMissing';
import { swapOn } from './checks/swapOn';
import type { HostCheck, HostFinding, HostLook } from './hostCheck';

/** All checks of hosts, what keeps K3s from running first. */
export const HOST_CHECKS: readonly HostCheck[] = [
  hostNotExamined,
  noServiceManager,
  openrcBesideSystemd,
  archUnsupported,
  roleChanged,
  k3sUnderOtherName,
  cgroupMemoryMissing,
  noDefaultRoute,
  diskSpace,
  portInUse,
  nodeIpElsewhere,
  addressOfAnother,
  balancerInterfaceUnknown,
  hostnameUnusable,
  hostnameDuplicate,
  networkOverlap,
  otherKubernetes,
  portUnreachable,
  nameUnknown,
  cgroupV1,
  hostUndersized,
  certificateEndsSoon,
  clockSkew,
  firewallRulesMissing,
  firewallFlushesOnReload,
  selinuxPolicyMissing,
  apparmorParserMissing,
  kernelOld,
  kernelModuleMissing,
  nmCloudSetup,
  iptablesBuggy,
  machineIdDuplicate,
  nameServerMissing,
  podNetworkRemains,
  etcdSlowDisk,
  etcdSpace,
  etcdSlowWrites,
  compactionBehind,
  endpointsDiffer,
  tunnelLost,
  otherOperator,
  distributionUnknown,
  clockUnsynchronised,
  swapOn,
  multiHomedNoNodeIp,
  leasedServerAddress,
  portNotTried,
];

/** Everything that is wrong with the machines: the worst first, and of that in the order of the checks. */
export function checkHosts(look: HostLook): readonly HostFinding[] {
  return finish(checkHostsInSteps(look));
}

/** The same in slices, for many machines. */
export function* checkHostsInSteps(look: HostLook): Steps<readonly HostFinding[]> {
  const found: HostFinding[] = [];
  for (const check of HOST_CHECKS) {
    found.push(...check.judge(look));
    yield;
  }
  return (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) =>
    found.filter((finding) => finding.severity === severity),
  );
}

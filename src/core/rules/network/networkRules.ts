import type { Rule } from '../rule';
import { advertiseUnreachable } from './advertiseUnreachable';
import { cidrHostOverlap } from './cidrHostOverlap';
import { cidrPodServiceOverlap } from './cidrPodServiceOverlap';
import { clusterCidrTooSmall } from './clusterCidrTooSmall';
import { clusterDnsOutsideServiceCidr } from './clusterDnsOutsideServiceCidr';
import { clusterDnsReserved } from './clusterDnsReserved';
import { cniNone } from './cniNone';
import { cniNoneNetworkPolicy } from './cniNoneNetworkPolicy';
import { criticalValueMismatch } from './criticalValueMismatch';
import { dualStackMismatch } from './dualStackMismatch';
import { externalIpBecomesAdvertise } from './externalIpBecomesAdvertise';
import { flannelBackendInvalid } from './flannelBackendInvalid';
import { flannelExternalIpIncomplete } from './flannelExternalIpIncomplete';
import { flannelVxlanPublic } from './flannelVxlanPublic';
import { hostgwNotL2 } from './hostgwNotL2';
import { kubeProxyDisabledPartially } from './kubeProxyDisabledPartially';
import { localPortConflict } from './localPortConflict';
import { nodeIpFamilies } from './nodeIpFamilies';
import { nodeportRangeConflict } from './nodeportRangeConflict';
import { serviceCidrTooLarge } from './serviceCidrTooLarge';

/** Rules about networks of nodes, pods and services, the most valuable first. */
export const NETWORK_RULES: readonly Rule[] = [
  criticalValueMismatch,
  cidrPodServiceOverlap,
  cidrHostOverlap,
  clusterDnsOutsideServiceCidr,
  clusterDnsReserved,
  dualStackMismatch,
  nodeIpFamilies,
  flannelBackendInvalid,
  flannelExternalIpIncomplete,
  hostgwNotL2,
  clusterCidrTooSmall,
  serviceCidrTooLarge,
  nodeportRangeConflict,
  flannelVxlanPublic,
  externalIpBecomesAdvertise,
  advertiseUnreachable,
  localPortConflict,
  kubeProxyDisabledPartially,
  cniNone,
  cniNoneNetworkPolicy,
];

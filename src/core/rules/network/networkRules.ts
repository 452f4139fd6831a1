import type { Rule } from '../rule';
import { cidrHostOverlap } from './cidrHostOverlap';
import { cidrPodServiceOverlap } from './cidrPodServiceOverlap';
import { criticalValueMismatch } from './criticalValueMismatch';

/** Rules about networks of nodes, pods and services, the most valuable first. */
export const NETWORK_RULES: readonly Rule[] = [
  criticalValueMismatch,
  cidrPodServiceOverlap,
  cidrHostOverlap,
];

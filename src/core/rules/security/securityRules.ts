import type { Rule } from '../rule';
import { kubeconfigLoopback } from './kubeconfigLoopback';
import { kubeconfigModeUnquoted } from './kubeconfigModeUnquoted';
import { kubeconfigWorldReadable } from './kubeconfigWorldReadable';
import { plaintextSecret } from './plaintextSecret';
import { rootlessHa } from './rootlessHa';
import { secretInArguments } from './secretInArguments';
import { secretsEncryptionOff } from './secretsEncryptionOff';
import { sshPassword } from './sshPassword';
import { yamlAmbiguousScalar } from './yamlAmbiguousScalar';

/** Rules about secrets and access, the most valuable first. */
export const SECURITY_RULES: readonly Rule[] = [
  kubeconfigLoopback,
  kubeconfigModeUnquoted,
  plaintextSecret,
  secretInArguments,
  kubeconfigWorldReadable,
  yamlAmbiguousScalar,
  rootlessHa,
  sshPassword,
  secretsEncryptionOff,
];

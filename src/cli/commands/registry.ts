import type { Command } from '../command';
import { applyCommand } from './apply';
import { certificatesRenewCommand } from './certificatesRenew';
import { certificatesRepairCommand } from './certificatesRepair';
import { checkCommand } from './check';
import { doctorCommand } from './doctor';
import { encryptionRotateCommand } from './encryptionRotate';
import { importCommand } from './import';
import { kubeconfigCommand } from './kubeconfig';
import { lintCommand } from './lint';
import { planCommand } from './plan';
import { practiceCommand } from './practice';
import { restartCommand } from './restart';
import { statusCommand } from './status';
import { tokenRotateCommand } from './tokenRotate';

/** Every command of `k3s-ha`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  importCommand,
  lintCommand,
  checkCommand,
  planCommand,
  applyCommand,
  restartCommand,
  certificatesRenewCommand,
  certificatesRepairCommand,
  tokenRotateCommand,
  encryptionRotateCommand,
  statusCommand,
  doctorCommand,
  kubeconfigCommand,
  practiceCommand,
];

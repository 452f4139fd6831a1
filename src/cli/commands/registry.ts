import type { Command } from '../command';
import { applyCommand } from './apply';
import { checkCommand } from './check';
import { doctorCommand } from './doctor';
import { importCommand } from './import';
import { kubeconfigCommand } from './kubeconfig';
import { lintCommand } from './lint';
import { planCommand } from './plan';
import { practiceCommand } from './practice';
import { restartCommand } from './restart';
import { statusCommand } from './status';
import { upgradeCommand } from './upgrade';

/** Every command of `k3s-ha`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  importCommand,
  lintCommand,
  checkCommand,
  planCommand,
  applyCommand,
  upgradeCommand,
  restartCommand,
  statusCommand,
  doctorCommand,
  kubeconfigCommand,
  practiceCommand,
];

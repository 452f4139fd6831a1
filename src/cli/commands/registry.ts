import type { Command } from '../command';
import { applyCommand } from './apply';
import { doctorCommand } from './doctor';
import { kubeconfigCommand } from './kubeconfig';
import { lintCommand } from './lint';
import { planCommand } from './plan';
import { practiceCommand } from './practice';
import { statusCommand } from './status';

/** Every command of `k3s-ha`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  lintCommand,
  planCommand,
  applyCommand,
  statusCommand,
  doctorCommand,
  kubeconfigCommand,
  practiceCommand,
];

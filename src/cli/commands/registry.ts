import type { Command } from '../command';
import { applyCommand } from './apply';
import { certificatesRenewCommand } from './certificatesRenew';
import { certificatesRepairCommand } from './certificatesRepair';
import { checkCommand } from './check';
import { completionCommand } from './completion';
import { exportCommand } from './export';
import { graphCommand } from './graph';
import { cordonCommand } from './cordon';
import { describeCommand } from './describe';
import { doctorCommand } from './doctor';
import { drainCommand } from './drain';
import { historyCommand } from './history';
import { drillCommand } from './drill';
import { encryptionRotateCommand } from './encryptionRotate';
import { importCommand } from './import';
import { initCommand } from './init';
import { kubeconfigCommand } from './kubeconfig';
import { lintCommand } from './lint';
import { logsCommand } from './logs';
import { planCommand } from './plan';
import { practiceCommand } from './practice';
import { rebootCommand } from './reboot';
import { removeCommand } from './remove';
import { replaceCommand } from './replace';
import { resetCommand } from './reset';
import { restartCommand } from './restart';
import { runCommand } from './run';
import { shellCommand } from './shell';
import { snapshotCommand } from './snapshot';
import { statusCommand } from './status';
import { uncordonCommand } from './uncordon';
import { upgradeCommand } from './upgrade';
import { surviveCommand } from './survive';
import { tokenRotateCommand } from './tokenRotate';
import { workloadsCommand } from './workloads';

/** Every command of `k3s-ha`, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  importCommand,
  lintCommand,
  surviveCommand,
  graphCommand,
  exportCommand,
  checkCommand,
  planCommand,
  applyCommand,
  upgradeCommand,
  restartCommand,
  rebootCommand,
  drainCommand,
  drillCommand,
  cordonCommand,
  uncordonCommand,
  removeCommand,
  replaceCommand,
  certificatesRenewCommand,
  snapshotCommand,
  resetCommand,
  certificatesRepairCommand,
  tokenRotateCommand,
  encryptionRotateCommand,
  statusCommand,
  workloadsCommand,
  describeCommand,
  logsCommand,
  shellCommand,
  runCommand,
  doctorCommand,
  historyCommand,
  kubeconfigCommand,
  practiceCommand,
  completionCommand,
];

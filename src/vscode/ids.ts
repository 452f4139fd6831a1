/** Every id that package.json and the code share; a test compares the two. */
export const LANGUAGE_ID = 'k3s-cluster';
export const CONFIG_SECTION = 'k3s-ha';
export const RULES_SETTING = 'k3s-ha.rules';
export const CLUSTERS_VIEW = 'k3s-ha.clusters';
export const TOPOLOGY_PANEL = 'k3s-ha.topology';
export const PLAN_LANGUAGE_ID = 'k3s-plan';
export const PLAN_SCHEME = 'k3s-ha-plan';
/** A file of a host as it is, or as a plan would make it. */
export const PLANNED_FILE_SCHEME = 'k3s-ha-planned-file';
/** A file of a host as it was seen, or as the cluster file wants it. */
export const DRIFT_SCHEME = 'k3s-ha-drift';
/** The record of a run. */
export const RUN_SCHEME = 'k3s-ha-run';
/** A cluster file as an import would make it. */
export const IMPORT_SCHEME = 'k3s-ha-import';
/** The journal of K3s on a machine, as it is followed. */
export const JOURNAL_SCHEME = 'k3s-ha-journal';
/** What machines or the cluster have answered. */
export const ANSWER_SCHEME = 'k3s-ha-answer';
/** Files that are cluster files whatever their language mode. */
export const FILE_PATTERN = '**/*.k3s.yaml';

/** What is done with a machine, or all of them, beside operations; loaded when the first one is called. */
export const NODE_COMMANDS = {
  openShell: 'k3s-ha.node.shell',
  followJournal: 'k3s-ha.node.journal',
  describeNode: 'k3s-ha.node.describe',
  copyAddress: 'k3s-ha.node.copyAddress',
  cordonNode: 'k3s-ha.node.cordon',
  uncordonNode: 'k3s-ha.node.uncordon',
  runEverywhere: 'k3s-ha.cluster.run',
  openTerminal: 'k3s-ha.kubeconfig.terminal',
  stopJournal: 'k3s-ha.journal.stop',
  resumeJournal: 'k3s-ha.journal.follow',
} as const;

/** What is made to fail on simulated hosts, with its way back, and lessons about it; loaded when the first one is called. */
export const PRACTICE_COMMANDS = {
  takeTour: 'k3s-ha.practice.tour',
  powerOff: 'k3s-ha.practice.powerOff',
  powerOn: 'k3s-ha.practice.powerOn',
  cutNetwork: 'k3s-ha.practice.cutNetwork',
  joinNetwork: 'k3s-ha.practice.joinNetwork',
  fillDisk: 'k3s-ha.practice.fillDisk',
  freeDisk: 'k3s-ha.practice.freeDisk',
  hang: 'k3s-ha.practice.hang',
  wake: 'k3s-ha.practice.wake',
  changeHostKey: 'k3s-ha.practice.changeHostKey',
  restoreHostKey: 'k3s-ha.practice.restoreHostKey',
  partZones: 'k3s-ha.practice.partZones',
  joinZones: 'k3s-ha.practice.joinZones',
} as const;

export type PracticeCommand = keyof typeof PRACTICE_COMMANDS;

export type NodeCommand = keyof typeof NODE_COMMANDS;

/** What language models may call, as package.json describes it. */
export const TOOLS = ['k3s-ha_validate', 'k3s-ha_survives', 'k3s-ha_health', 'k3s-ha_plan', 'k3s-ha_operate'] as const;

export type ToolName = (typeof TOOLS)[number];

export const COMMANDS = {
  ...NODE_COMMANDS,
  ...PRACTICE_COMMANDS,
  newCluster: 'k3s-ha.newCluster',
  importCommand: 'k3s-ha.importCommand',
  importRunning: 'k3s-ha.importRunning',
  validate: 'k3s-ha.validate',
  checkHosts: 'k3s-ha.checkHosts',
  previewPlan: 'k3s-ha.previewPlan',
  provision: 'k3s-ha.provision',
  applyPlan: 'k3s-ha.plan.apply',
  examineAgain: 'k3s-ha.plan.examineAgain',
  showDifference: 'k3s-ha.plan.showDifference',
  diagnose: 'k3s-ha.diagnose',
  showHistory: 'k3s-ha.showHistory',
  exportCluster: 'k3s-ha.export',
  showDrift: 'k3s-ha.drift.show',
  compareWithFile: 'k3s-ha.drift.compare',
  adoptChanges: 'k3s-ha.drift.adopt',
  mergeKubeconfig: 'k3s-ha.mergeKubeconfig',
  undoMerge: 'k3s-ha.kubeconfig.undo',
  showTopology: 'k3s-ha.showTopology',
  refresh: 'k3s-ha.refresh',
  startPractice: 'k3s-ha.startPractice',
  stopPractice: 'k3s-ha.stopPractice',
  refreshReleases: 'k3s-ha.refreshReleases',
  manageSecrets: 'k3s-ha.manageSecrets',
  installCommandLine: 'k3s-ha.installCommandLine',
  uninstallCommandLine: 'k3s-ha.uninstallCommandLine',
  showLog: 'k3s-ha.showLog',
  upgrade: 'k3s-ha.cluster.upgrade',
  restartNode: 'k3s-ha.node.restart',
  rebootNode: 'k3s-ha.node.reboot',
  drainNode: 'k3s-ha.node.drain',
  renewCertificates: 'k3s-ha.certificate.renew',
  listSnapshots: 'k3s-ha.snapshot.list',
  drill: 'k3s-ha.cluster.drill',
  showWorkloads: 'k3s-ha.workloads.show',
  takeSnapshot: 'k3s-ha.snapshot.take',
  copySnapshot: 'k3s-ha.snapshot.copy',
  deleteSnapshot: 'k3s-ha.snapshot.delete',
  pruneSnapshots: 'k3s-ha.snapshot.prune',
  restoreSnapshot: 'k3s-ha.snapshot.restore',
  removeNode: 'k3s-ha.node.remove',
  replaceMachine: 'k3s-ha.node.replace',
  resetCluster: 'k3s-ha.cluster.reset',
  repairNames: 'k3s-ha.certificate.repairNames',
  rotateToken: 'k3s-ha.token.rotate',
  rotateKeys: 'k3s-ha.encryption.rotate',
  revealNode: 'k3s-ha.revealNode',
  applyFix: 'k3s-ha.applyFix',
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** The command of each operation, by its id. */
export const OPERATION_COMMANDS = {
  provision: COMMANDS.provision,
  restart: COMMANDS.restartNode,
  reboot: COMMANDS.rebootNode,
  drain: COMMANDS.drainNode,
  drill: COMMANDS.drill,
  'renew-certificates': COMMANDS.renewCertificates,
  'save-snapshot': COMMANDS.takeSnapshot,
  'delete-snapshot': COMMANDS.deleteSnapshot,
  'prune-snapshots': COMMANDS.pruneSnapshots,
  restore: COMMANDS.restoreSnapshot,
  'remove-node': COMMANDS.removeNode,
  'reset-cluster': COMMANDS.resetCluster,
  'rotate-token': COMMANDS.rotateToken,
  'rotate-encryption-keys': COMMANDS.rotateKeys,
  'repair-certificate-names': COMMANDS.repairNames,
} as const;

export type OperationId = keyof typeof OPERATION_COMMANDS;

/** Keys for `when` clauses. */
export const CONTEXT = {
  practiceRunning: 'k3s-ha.practiceRunning',
  practiceParted: 'k3s-ha.practiceParted',
  followedJournals: 'k3s-ha.followedJournals',
} as const;

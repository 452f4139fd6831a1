/** What of the extension is loaded by the first command or view that needs it, as a bundle of its own; see `lazy.ts`. */
export { complete } from '../core/language/complete';
export { hover } from '../core/language/hover';
export { exportForTool } from './commands/exportCluster';
export { applyFix } from './commands/applyFix';
export { installCommandLine, uninstallCommandLine } from './commands/commandLine';
export { importInstallCommand } from './commands/importCommand';
export { importRunning } from './commands/importRunning';
export { manageSecrets } from './commands/manageSecrets';
export { newCluster } from './commands/newCluster';
export { upgradeK3s } from './commands/upgradeK3s';
export { startPractice, stopPractice } from './commands/practice';
export { createNodeActions } from './nodes/nodeActions';
export { createHostChecks } from './operations/hostChecks';
export { createRunHistory } from './operations/history';
export { copySnapshotHere, listSnapshotsOf } from './operations/snapshots';
export { showWorkloads } from './operations/workloads';
export { createOperations } from './operations/operations';
export { exportTopology } from './topology/exportTopology';

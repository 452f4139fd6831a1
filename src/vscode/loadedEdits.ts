/** Rare commands that write cluster files, or files of other tools, without any machine: a bundle of its own, see `lazyEdits.ts`. */
export { exportForTool } from './commands/exportCluster';
export { importInstallCommand } from './commands/importCommand';

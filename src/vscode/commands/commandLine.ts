import { say } from '../../core/base/say';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { binFolder, type BinFolder } from '../../core/authoring/launcher/binFolder';
import { cmdLauncher, shLauncher } from '../../core/authoring/launcher/launcherText';
import { writeLauncher, removeLauncher } from '../services/launcherFile';
import type { LogChannel } from '../services/log';
import { reportProblem } from '../services/report';
import { sayInformation, sayWarning } from '../services/say';

const WINDOWS = process.platform === 'win32';

/** K3s HA: Install Command Line — puts `k3s-ha` into the person's own folder of programs, on the machine where the extension runs. */
export async function installCommandLine(log: LogChannel, { extension }: vscode.ExtensionContext): Promise<void> {
  const folder = ownFolder();
  const path = launcherIn(folder);
  const target = {
    extension: extension.extensionPath,
    version: (extension.packageJSON as { version: string }).version,
    program: process.execPath,
  };
  const written = await writeLauncher(path, WINDOWS ? cmdLauncher(target) : shLauncher(target));
  if (!written.ok) return reportProblem(log, written.error);
  const where = vscode.env.remoteName === undefined ? '' : say` on ${vscode.env.remoteName}`;
  if (folder.onPath) {
    void sayInformation(say`k3s-ha is installed${where}, in ${folder.path}. Open a terminal and type: k3s-ha --help`);
    return;
  }
  const copy = say`Copy the Line`;
  const answer = await sayWarning(
    say`k3s-ha is installed${where}, in ${folder.path}, but that folder is not on PATH. Add this line to ${folder.where}: ${folder.line}`,
    { choices: [copy] },
  );
  if (answer === copy) await vscode.env.clipboard.writeText(folder.line);
}

/** K3s HA: Uninstall Command Line — takes it away again; a program of somebody else by that name stays. */
export async function uninstallCommandLine(log: LogChannel): Promise<void> {
  const path = launcherIn(ownFolder());
  const removed = await removeLauncher(path);
  if (!removed.ok) return reportProblem(log, removed.error);
  void sayInformation(removed.value ? say`${path} is removed.` : say`There is no ${path}: nothing had to be removed.`);
}

function ownFolder(): BinFolder {
  return binFolder({ windows: WINDOWS, home: homedir(), env: process.env });
}

function launcherIn({ path }: BinFolder): string {
  return join(path, WINDOWS ? 'k3s-ha.cmd' : 'k3s-ha');
}

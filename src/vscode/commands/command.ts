import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { problemIn } from '../../core/base/problem';
import type { CommandId } from '../ids';
import type { LogChannel } from '../services/log';
import { chooseClusterFile } from '../services/clusterFile';
import { localFile, type LocalFile } from '../services/localFile';
import { reportProblem } from '../services/report';
import { sayError, sayWarning } from '../services/say';

/** Registers a command whose unexpected failure is logged and shown, never swallowed. */
export function registerCommand(
  id: CommandId,
  log: LogChannel,
  run: (...args: unknown[]) => Promise<void> | void,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      const known = problemIn(error);
      if (known !== undefined) return reportProblem(log, known);
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error(`${id} failed unexpectedly: ${text}`);
      const answer = await sayError(
        say`K3s HA: something unexpected went wrong (${error instanceof Error ? error.message : String(error)}).`,
        { choices: [say`Show Log`] },
      );
      if (answer === say`Show Log`) log.show();
    }
  });
}

/** What a command is called, and what it does, as the beginning of a sentence: "Planning". */
interface Deed {
  readonly title: string;
  readonly purpose: string;
}

/**
 * The cluster file of a command that contacts machines or uses files of this computer: in a trusted workspace, and on
 * disk. Undefined when it is not, which the person was told, or when they gave up.
 */
export async function chooseLocalFile(
  log: LogChannel,
  argument: unknown,
  { title, purpose }: Deed,
): Promise<LocalFile | undefined> {
  if (!(await requireTrust(purpose))) return undefined;
  const uri = await chooseClusterFile(argument, title);
  if (uri === undefined) return undefined;
  const file = localFile(uri, purpose);
  if (file.ok) return file.value;
  await reportProblem(log, file.error);
  return undefined;
}

/** Asks for trust where machines would be touched; false when it is not given. */
export async function requireTrust(purpose: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = say`Manage Workspace Trust`;
  const answer = await sayWarning(
    say`${purpose} needs a trusted workspace: the cluster file decides which machines are contacted and what runs on them.`,
    { choices: [manage] },
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return vscode.workspace.isTrusted;
}

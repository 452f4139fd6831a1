import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { Diagnostics } from '../language/diagnostics';
import { chooseClusterFile } from '../services/clusterFile';
import { sayError, sayInformation, sayWarning } from '../services/say';

/** K3s HA: Validate — checks the file now, tells the result in one sentence and opens the problems if there are any. */
export async function validateFile(diagnostics: Diagnostics, argument: unknown): Promise<void> {
  const uri = await chooseClusterFile(argument, 'Validate');
  if (uri === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  const found = await diagnostics.check(document);
  const errors = found.filter((diagnostic) => diagnostic.severity === 'error').length;
  const name = vscode.workspace.asRelativePath(uri);
  if (found.length === 0) {
    void sayInformation(say`${name}: no problems found.`);
    return;
  }
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  const words = say`${name}: ${errors} ${errors === 1 ? 'error' : 'errors'}, ${found.length - errors} other ${found.length - errors === 1 ? 'finding' : 'findings'}.`;
  void (errors > 0 ? sayError(words) : sayWarning(words));
}

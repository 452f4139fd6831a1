import * as vscode from 'vscode';
import { readConfigFile } from '../../core/importing/configFile';
import { importInSteps, type ImportedCommands } from '../../core/importing/importCommands';
import { looksLikeInstallCommand } from '../../core/importing/installCommands';
import { toWorkspaceEdit } from '../language/convert';
import { chooseClusterFile } from '../services/clusterFile';
import type { Documents } from '../services/documents';
import type { SecretVault } from '../services/secrets';
import { inSlices } from '../services/slices';
import { storeNewSecrets } from '../services/storeSecrets';

/** K3s HA: Import Install Command — turns a command of a tutorial into the matching lines of the file; takes the clipboard when it holds one. */
export async function importInstallCommand(documents: Documents, vault: SecretVault, argument: unknown): Promise<void> {
  const uri = await chooseClusterFile(argument, 'Import Install Command');
  if (uri === undefined) return;
  const clipboard = await vscode.env.clipboard.readText();
  const typed = looksLikeInstallCommand(clipboard) || readConfigFile(clipboard) !== undefined
    ? clipboard
    : await vscode.window.showInputBox({ title: 'Import Install Command', prompt: 'Paste what a tutorial says: curl … | sh -s - server …, k3s agent …, k3sup …, autok3s …, or copy a config.yaml of K3s before', placeHolder: 'curl -sfL https://get.k3s.io | sh -s - server --cluster-init', ignoreFocusOut: true });
  if (typed === undefined || typed.trim() === '') return;
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  const read = await documents.read(document);
  const imported = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Importing the command', cancellable: true }, (_progress, cancel) =>
    inSlices(importInSteps(read, typed), () => cancel.isCancellationRequested),
  );
  if (imported === undefined) return;
  if (imported.done.length === 0 && imported.notes.length === 0) {
    void vscode.window.showWarningMessage('No command that sets up K3s was found in the text. Known are the install script, k3s server, k3s agent, k3sup, autok3s and config.yaml.');
    return;
  }
  await storeNewSecrets(vault, imported.storeSecrets);
  if (imported.edits.length > 0) await vscode.workspace.applyEdit(toWorkspaceEdit(document, imported.edits));
  await tell(imported);
}

async function tell({ done, notes }: ImportedCommands): Promise<void> {
  const words = done.length === 0 ? 'Everything in the command stands in the file already.' : `Imported: ${done.join(', ')}.`;
  if (notes.length === 0) {
    void vscode.window.showInformationMessage(words);
    return;
  }
  const details = 'Show What Is Left';
  const answer = await vscode.window.showWarningMessage(`${words} ${notes.length === 1 ? (notes[0] ?? '') : `${notes.length} things are left to do.`}`, ...(notes.length === 1 ? [] : [details]));
  if (answer === details) await vscode.window.showInformationMessage('What the command did not tell', { modal: true, detail: notes.map((note) => `• ${note}`).join('\n') });
}

import * as vscode from 'vscode';
import { readConfigFile } from '../../core/authoring/import/configFile';
import { importInSteps, type ImportedCommands } from '../../core/authoring/import/importCommands';
import { looksLikeInstallCommand } from '../../core/authoring/import/readTexts';
import { toWorkspaceEdit } from '../language/convert';
import { chooseClusterFile } from '../services/clusterFile';
import type { Documents } from '../services/documents';
import type { SecretVault } from '../services/secretVault';
import { storeSecrets } from '../services/storeSecrets';
import { askText, sayInformation, sayWarning, withProgress } from '../services/say';
import { inSlices } from '../services/slices';

/** K3s HA: Import Install Command — turns a command of a tutorial into the matching lines of the file; takes the clipboard when it holds one. */
export async function importInstallCommand(documents: Documents, vault: SecretVault, argument: unknown): Promise<void> {
  const uri = await chooseClusterFile(argument, 'Import Install Command');
  if (uri === undefined) return;
  const clipboard = await vscode.env.clipboard.readText();
  const typed =
    looksLikeInstallCommand(clipboard) || readConfigFile(clipboard) !== undefined
      ? clipboard
      : await askText({
          title: 'Import Install Command',
          prompt:
            'Paste what a tutorial says: curl … | sh -s - server …, k3s agent …, k3sup …, autok3s …, or copy a config.yaml of K3s before',
          placeHolder: 'curl -sfL https://get.k3s.io | sh -s - server --cluster-init',
          ignoreFocusOut: true,
        });
  if (typed === undefined || typed.trim() === '') return;
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  const read = await documents.read(document);
  const imported = await withProgress('Importing the command', { cancellable: true }, (_tell, signal) =>
    inSlices(importInSteps(read, typed), () => signal.aborted),
  );
  if (imported === undefined) return;
  if (imported.done.length === 0 && imported.notes.length === 0) {
    void sayWarning(
      'No command that sets up K3s was found in the text. Known are the install script, k3s server, k3s agent, k3sup, autok3s and config.yaml.',
    );
    return;
  }
  if (!(await storeSecrets(vault.of(uri), imported.storeSecrets))) return;
  if (imported.edits.length > 0) await vscode.workspace.applyEdit(toWorkspaceEdit(document, imported.edits));
  await tell(imported);
}

async function tell({ done, notes }: ImportedCommands): Promise<void> {
  const words =
    done.length === 0 ? 'Everything in the command stands in the file already.' : `Imported: ${done.join(', ')}.`;
  if (notes.length === 0) {
    void sayInformation(words);
    return;
  }
  const details = 'Show What Is Left';
  const answer = await sayWarning(
    `${words} ${notes.length === 1 ? (notes[0] ?? '') : `${notes.length} things are left to do.`}`,
    { choices: notes.length === 1 ? [] : [details] },
  );
  if (answer === details)
    await sayInformation('What the command did not tell', { detail: notes.map((note) => `• ${note}`).join('\n') });
}

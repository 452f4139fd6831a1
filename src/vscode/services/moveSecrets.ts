import * as vscode from 'vscode';
import { isClusterFile } from './clusterFile';
import type { SecretVault } from './secretVault';

/** Keeps secrets with their file when it is moved or renamed in the editor, and when a new file without a place is saved. */
export function moveWithFiles(vault: SecretVault): vscode.Disposable {
  let unsaved: { readonly uri: vscode.Uri; readonly text: string } | undefined;
  return vscode.Disposable.from(
    vscode.workspace.onDidRenameFiles(async ({ files }) => {
      for (const { oldUri, newUri } of files) await vault.move(oldUri, newUri);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.isUntitled && isClusterFile(document)) unsaved = { uri: document.uri, text: document.getText() };
    }),
    // Saving such a file opens another document with the same text.
    vscode.workspace.onDidOpenTextDocument(async (document) => {
      if (document.uri.scheme !== 'file' || unsaved === undefined || document.getText() !== unsaved.text) return;
      const { uri } = unsaved;
      unsaved = undefined;
      await vault.move(uri, document.uri);
    }),
  );
}

import * as vscode from 'vscode';
import type { TextEdit } from '../../core/base/text';
import { toWorkspaceEdit } from '../language/convert';
import type { SecretVault } from '../services/secretVault';
import { storeSecrets } from '../services/storeSecrets';
import { sayInformation, sayWarning } from '../services/say';

/** Stores secrets first and edits the file second: if storing fails, the literal is still where it was. */
export async function applyFix(
  vault: SecretVault,
  uri: vscode.Uri,
  version: number,
  edits: readonly TextEdit[],
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.version !== version) {
    void sayWarning('The file has changed in the meantime; choose the quick fix again.');
    return;
  }
  if (!(await storeSecrets(vault.of(uri), secrets))) return;
  await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits));
  void sayInformation(
    `Stored ${Object.keys(secrets)
      .map((name) => `"${name}"`)
      .join(', ')} in VS Code's secret storage, for this file.`,
  );
}

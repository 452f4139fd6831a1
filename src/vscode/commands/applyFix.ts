import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { DiagnosticFix } from '../../core/language/validate';
import { fillIn } from '../../core/rules/reading/blanks';
import { toWorkspaceEdit } from '../language/convert';
import type { Documents } from '../services/documents';
import type { SecretVault } from '../services/secretVault';
import { storeSecrets } from '../services/storeSecrets';
import { askText, sayInformation, sayWarning } from '../services/say';

/** A quick fix that needs more than an edit: something to store before, or an answer of the person. */
export async function applyFix(
  documents: Documents,
  vault: SecretVault,
  uri: vscode.Uri,
  version: number,
  { edits, storeSecrets: secrets, asksFor }: DiagnosticFix,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const answer = asksFor === undefined ? undefined : await askForValue(asksFor);
  if (asksFor !== undefined && answer === undefined) return;
  if (document.version !== version) {
    void sayWarning(say`The file has changed in the meantime; choose the quick fix again.`);
    return;
  }
  // If storing fails, the literal is still where it was.
  if (secrets !== undefined && !(await storeSecrets(vault.of(uri), secrets))) return;
  const filled =
    asksFor === undefined || answer === undefined ? edits : fillIn(await documents.read(document), asksFor, answer);
  await vscode.workspace.applyEdit(toWorkspaceEdit(document, filled));
  if (secrets === undefined) return;
  void sayInformation(
    say`Stored ${Object.keys(secrets)
      .map((name) => `"${name}"`)
      .join(', ')} in VS Code's secret storage, for this file.`,
  );
}

function askForValue(placeholder: string): Thenable<string | undefined> {
  return askText({
    title: say`Fill In ${placeholder}`,
    prompt: say`What belongs in the place of ${placeholder}? It is written wherever the file has it.`,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' ? say`Type the value, or press Escape to leave the file as it is.` : undefined,
  });
}

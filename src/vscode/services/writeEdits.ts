import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { TextEdit } from '../../core/base/text';
import type { StoredCluster } from '../clusters/clusterStore';
import { toWorkspaceEdit } from '../language/convert';
import { sayWarning } from './say';

/** Shows the file and makes edits of it as one step, which one undo takes back; false when it has changed meanwhile. */
export async function writeEdits(state: StoredCluster, edits: readonly TextEdit[]): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(state.uri);
  if (document.getText() !== state.document.text) {
    void sayWarning(say`The file has changed in the meantime; try again.`);
    return false;
  }
  await vscode.window.showTextDocument(document, { preview: false });
  return edits.length === 0 || vscode.workspace.applyEdit(toWorkspaceEdit(document, edits));
}

import * as vscode from 'vscode';
import type { Path } from '../../core/base/path';
import { toRange } from '../language/convert';
import type { Documents } from '../services/documents';

/** Shows and selects the lines of a part of the cluster file. */
export async function revealNode(
  documents: Documents,
  uri: vscode.Uri,
  path: Path,
  column?: vscode.ViewColumn,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const viewColumn = shown?.viewColumn ?? column;
  const editor = await vscode.window.showTextDocument(document, {
    preview: false,
    ...(viewColumn === undefined ? {} : { viewColumn }),
  });
  const range = path.length === 0 ? { start: 0, end: 0 } : (await documents.read(document)).rangeOf(path, 'value');
  if (range === undefined) return;
  const target = toRange(document, range);
  editor.selection = new vscode.Selection(target.start, target.start);
  editor.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

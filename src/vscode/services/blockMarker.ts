import * as vscode from 'vscode';
import type { Path } from '../../core/base/path';
import { toRange } from '../language/convert';
import type { Documents } from './documents';

/** Marks the lines of a part of a cluster file wherever the file is visible; neither the focus nor the cursor moves. */
export interface BlockMarker extends vscode.Disposable {
  show(uri: vscode.Uri, path: Path): Promise<void>;
}

export function createBlockMarker(documents: Documents): BlockMarker {
  const marked = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    border: '1px solid transparent',
    borderColor: new vscode.ThemeColor('editor.rangeHighlightBorder'),
  });
  const clear = (editor: vscode.TextEditor): void => editor.setDecorations(marked, []);
  const subscriptions = [
    marked,
    // Whoever goes on in the text has seen it.
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => clear(textEditor)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) clear(editor);
    }),
  ];
  return {
    async show(uri, path) {
      const editors = vscode.window.visibleTextEditors.filter(
        ({ document }) => document.uri.toString() === uri.toString(),
      );
      const [first] = editors;
      if (first === undefined) return;
      const range = path.length === 0 ? undefined : (await documents.read(first.document)).rangeOf(path, 'value');
      for (const editor of editors) {
        if (range === undefined) {
          clear(editor);
          continue;
        }
        const block = toRange(editor.document, range);
        editor.setDecorations(marked, [block]);
        editor.revealRange(block, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      }
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

import * as vscode from 'vscode';
import type { Path } from '../../core/base/path';
import { toRange } from '../language/convert';
import type { BlockMarker } from '../services/blockMarker';
import { uriOf } from '../services/clusterFile';
import type { Documents } from '../services/documents';

/** A part of a cluster file, as a row of the explorer or a command names it. */
export interface RevealTarget {
  /** As text where a link of a card names it. */
  readonly uri: vscode.Uri | string;
  readonly path: Path;
  /** Where the file opens when it is not visible yet. */
  readonly column?: vscode.ViewColumn;
  /** Only shows the lines: focus and cursor stay where they are, so that what is typed next does not get into the file. */
  readonly glance?: true;
}

/** K3s HA: Reveal in File — goes to the lines of a part of the cluster file, or only shows them. */
export async function revealNode(
  documents: Documents,
  blocks: BlockMarker,
  { uri: named, path, column, glance }: RevealTarget,
): Promise<void> {
  const uri = uriOf({ uri: named });
  if (uri === undefined) return;
  const editor = await show(uri, column, glance === true);
  if (glance === true) return blocks.show(uri, path);
  const range =
    path.length === 0 ? { start: 0, end: 0 } : (await documents.read(editor.document)).rangeOf(path, 'value');
  if (range === undefined) return;
  const target = toRange(editor.document, range);
  editor.selection = new vscode.Selection(target.start, target.start);
  editor.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function show(
  uri: vscode.Uri,
  column: vscode.ViewColumn | undefined,
  preserveFocus: boolean,
): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const viewColumn = shown?.viewColumn ?? column;
  return vscode.window.showTextDocument(document, {
    preview: false,
    preserveFocus,
    ...(viewColumn === undefined ? {} : { viewColumn }),
  });
}

import * as vscode from 'vscode';
import snippets from '../../../schemas/snippets.json';
import { LANGUAGE_ID } from '../ids';

interface Starter {
  readonly description: string;
  readonly body: readonly string[];
}

const FILE_NAME = 'cluster.k3s.yaml';

/** K3s HA: New Cluster File — a starter with placeholders, in the workspace or untitled without one. */
export async function newCluster(): Promise<void> {
  const starters = Object.entries(snippets as Readonly<Record<string, Starter>>).map(([name, snippet]) => ({ label: name, detail: snippet.description, body: snippet.body.join('\n') }));
  const picked = await vscode.window.showQuickPick(starters, { title: 'New Cluster File', placeHolder: 'Which layout?', matchOnDetail: true });
  if (picked === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0];
  const document = await (folder === undefined ? vscode.workspace.openTextDocument({ language: LANGUAGE_ID }) : vscode.workspace.openTextDocument((await freeName(folder.uri)).with({ scheme: 'untitled' })));
  const editor = await vscode.window.showTextDocument(document);
  await editor.insertSnippet(new vscode.SnippetString(picked.body));
}

/** `cluster.k3s.yaml`, or `cluster-2.k3s.yaml` and so on when that exists: no file is ever overwritten. */
async function freeName(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let i = 1; ; i += 1) {
    const uri = vscode.Uri.joinPath(folder, i === 1 ? FILE_NAME : FILE_NAME.replace('.', `-${i}.`));
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}

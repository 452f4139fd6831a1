import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { sayInformation, sayWarning } from '../services/say';
import { destinationOf } from './link';

/**
 * Follows a link from outside (`vscode://k3s-ha.k3s-ha/open?file=…`): shows a cluster file of the workspace, or the page of a rule
 * that came with the extension. It runs nothing and changes nothing; a file elsewhere is opened when the person says so.
 */
export async function openLink(link: vscode.Uri, extensionUri: vscode.Uri): Promise<void> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const at = (path: string, folder: number | undefined): vscode.Uri =>
    folders[folder ?? -1]?.with({ path }) ?? vscode.Uri.from({ scheme: 'file', path });
  const found = await destinationOf(link, {
    folders: folders.map(({ path }) => path),
    exists: (path, folder) => isFile(at(path, folder)),
  });
  switch (found.kind) {
    case 'file':
      return show(at(found.path, found.folder));
    case 'ask': {
      const open = say`Open`;
      const answer = await sayWarning(say`A link wants to open a cluster file that is not in this workspace.`, {
        detail: say`${found.path}\n\nOpen it only if you know where the link comes from.`,
        choices: [open],
      });
      return answer === open ? show(at(found.path, undefined)) : undefined;
    }
    case 'rule': {
      const page = vscode.Uri.joinPath(extensionUri, 'docs', 'rules', `${found.id}.md`);
      if (await isFile(page)) await vscode.commands.executeCommand('markdown.showPreview', page);
      else void sayInformation(say`This version of K3s HA has no rule "${found.id}".`);
      return;
    }
    case 'nowhere':
      void sayWarning(found.words);
  }
}

async function show(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}

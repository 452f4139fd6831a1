import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { SourceText } from '../../core/authoring/import/installCommand';
import { isSkippedFolder, isWorthReading, LARGEST_FILE, MOST_FILES } from '../../core/authoring/import/sourceFiles';
import { isClusterFile } from '../services/clusterFile';
import { askText, choose, sayWarning, type Choice } from '../services/say';

type Ask = () => Promise<readonly SourceText[] | undefined>;
type SourceChoice = Choice & { readonly take: Ask };

/** The texts that a person wants to import: what is marked or open, the clipboard, files, a folder, or what they type. */
export async function askSources(title: string): Promise<readonly SourceText[] | undefined> {
  const clipboard = await vscode.env.clipboard.readText();
  const choices: SourceChoice[] = [
    ...(clipboard.trim() === ''
      ? []
      : [choice('clippy', 'Clipboard', firstLine(clipboard), () => Promise.resolve([{ text: clipboard }]))]),
    ...ofEditor(),
    choice('files', say`Files…`, say`Inventories with their variables, config.yaml, cloud-init, scripts`, () =>
      askFiles(title),
    ),
    choice('folder', say`Folder…`, say`Everything in it that sets up K3s`, () => askFolder(title)),
    choice('terminal', say`Type a Command…`, 'curl -sfL https://get.k3s.io | sh -s - server --cluster-init', () =>
      askCommand(title),
    ),
  ];
  return (await choose(choices, { title, placeHolder: say`From where?`, matchOnDescription: true }))?.take();
}

function choice(icon: string, label: string, description: string, take: Ask): SourceChoice {
  return { icon, label, description, take };
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** What is marked in an editor, or its whole text, unless that is a cluster file. */
function ofEditor(): readonly SourceChoice[] {
  return vscode.window.visibleTextEditors.flatMap(({ document, selection }) => {
    if (isClusterFile(document) || !/^(?:file|untitled|vscode-\w+)$/.test(document.uri.scheme)) return [];
    const name = vscode.workspace.asRelativePath(document.uri);
    const text = document.getText(selection.isEmpty ? undefined : selection);
    const label = selection.isEmpty ? say`This File: ${name}` : say`Selection in ${name}`;
    return [choice('file', label, firstLine(text), () => Promise.resolve([{ name, text }]))];
  });
}

async function askFiles(title: string): Promise<readonly SourceText[] | undefined> {
  const uris = await vscode.window.showOpenDialog({ title, canSelectMany: true, openLabel: 'Import' });
  return uris === undefined ? undefined : readSources(uris);
}

async function askFolder(title: string): Promise<readonly SourceText[] | undefined> {
  const uris = await vscode.window.showOpenDialog({
    title,
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: 'Import',
  });
  return uris === undefined ? undefined : readSources(uris);
}

async function askCommand(title: string): Promise<readonly SourceText[] | undefined> {
  const text = await askText({
    title,
    prompt: say`One line; for more copy it first, and take the clipboard`,
    placeHolder: 'curl -sfL https://get.k3s.io | sh -s - server --cluster-init',
    ignoreFocusOut: true,
  });
  return text === undefined || text.trim() === '' ? undefined : [{ text }];
}

/** The texts of files, and of the files in folders that may set up K3s; undefined when there are too many, which the person was told. */
export async function readSources(uris: readonly vscode.Uri[]): Promise<readonly SourceText[] | undefined> {
  const files: vscode.Uri[] = [];
  for (const uri of uris) {
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) === 0) files.push(uri);
    else await collect(uri, files);
  }
  if (files.length > MOST_FILES) {
    void sayWarning(say`These are more than ${MOST_FILES} files; choose the ones that set up K3s.`);
    return undefined;
  }
  const sources: SourceText[] = [];
  for (const uri of files) {
    const name = vscode.workspace.asRelativePath(uri);
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > LARGEST_FILE) {
      void sayWarning(say`${name} has ${(size / 1e6).toFixed(1)} MB, and 1 MB is the most that is imported.`);
      return undefined;
    }
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    sources.push({ name, text: open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) });
  }
  return sources;
}

async function collect(folder: vscode.Uri, files: vscode.Uri[]): Promise<void> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  for (const [name, type] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const uri = vscode.Uri.joinPath(folder, name);
    if (files.length > MOST_FILES) return;
    if (type === vscode.FileType.Directory && !isSkippedFolder(uri.path)) await collect(uri, files);
    else if (type === vscode.FileType.File && isWorthReading(uri.path)) files.push(uri);
  }
}

import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { FILE_PATTERN, LANGUAGE_ID, PLAN_SCHEME } from '../ids';
import { frontPanel } from './frontPanel';
import { choose, sayInformation } from './say';

/** A file that holds a cluster, whatever its language mode. */
export function isClusterFile(document: vscode.TextDocument): boolean {
  return document.languageId === LANGUAGE_ID || document.uri.path.endsWith('.k3s.yaml');
}

/** All cluster files of the workspace, in the order of their paths. */
export async function findClusterFiles(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(FILE_PATTERN, '**/node_modules/**', 200);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The cluster file that a command is about: its argument (a tree item or a URI), the active editor, its plan or its
 * diagram, the only one of the workspace, or the one that the person picks. Undefined when there is none or the person gives up.
 */
export async function chooseClusterFile(argument: unknown, purpose: string): Promise<vscode.Uri | undefined> {
  const given = uriOf(argument);
  if (given !== undefined) return given;
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && isClusterFile(active)) return active.uri;
  // A plan is about the file in its address.
  if (active?.uri.scheme === PLAN_SCHEME) return vscode.Uri.parse(active.uri.query, true);
  const diagram = frontPanel();
  if (diagram !== undefined) return diagram;
  const visible = vscode.window.visibleTextEditors.map((editor) => editor.document).find(isClusterFile);
  if (visible !== undefined) return visible.uri;
  const files = await findClusterFiles();
  if (files.length === 0) {
    const create = say`New Cluster File`;
    const answer = await sayInformation(say`There is no cluster file (*.k3s.yaml) in this workspace yet.`, {
      choices: [create],
    });
    if (answer === create) await vscode.commands.executeCommand('k3s-ha.newCluster');
    return undefined;
  }
  if (files.length === 1) return files[0];
  const picked = await choose(
    files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
    { title: purpose, placeHolder: say`Which cluster?` },
  );
  return picked?.uri;
}

/** The file of an argument: a URI, a row, or what a link in the card of a row says of it, where the URI is text. */
export function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const candidate = (argument as { uri?: unknown } | undefined)?.uri;
  if (typeof candidate === 'string') return vscode.Uri.parse(candidate, true);
  return candidate instanceof vscode.Uri ? candidate : undefined;
}

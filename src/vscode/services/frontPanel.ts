import * as vscode from 'vscode';

/**
 * The cluster file whose diagram is in front. VS Code knows an active text editor, but not whose panel is active: while
 * one is, there is no active text editor, and what is visible beside it may be of another cluster.
 */
let front: vscode.Uri | undefined;
const changed = new vscode.EventEmitter<void>();

export const onDidChangeFrontPanel = changed.event;

export function frontPanel(): vscode.Uri | undefined {
  return front;
}

/** Told by the diagrams: the panel of this file is active, or it no longer is. */
export function tellFrontPanel(uri: vscode.Uri, active: boolean): void {
  const was = front?.toString();
  if (active) front = uri;
  else if (was === uri.toString()) front = undefined;
  if (front?.toString() !== was) changed.fire();
}

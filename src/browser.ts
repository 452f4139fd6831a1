import type * as vscode from 'vscode';
import { composeInBrowser } from './vscode/composeInBrowser';

/** Where VS Code begins that runs in a browser without a machine behind it (vscode.dev, github.dev). */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(composeInBrowser(context));
}

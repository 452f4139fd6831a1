import type * as vscode from 'vscode';
import { compose } from './vscode/compose';

/** Synchronous and without I/O: files are read and machines contacted only when a view or a command asks for it. */
export function activate(context: vscode.ExtensionContext): ReturnType<typeof compose> {
  return compose(context);
}

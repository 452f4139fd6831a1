import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

export const EXTENSION_ID = 'k3s-ha.k3s-ha';

/** The extension under test, activated or not. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(EXTENSION_ID);
  assert.ok(found, `${EXTENSION_ID} is not installed in this VS Code`);
  return found;
}

/** Prints a line into the output of the run, wherever that goes. */
export function note(line: string): void {
  const file = process.env['K3S_TEST_LOG'];
  if (file) fs.appendFileSync(file, `      ${line}\n`);
  else console.log(`      ${line}`);
}

/** Adds a measured value to the file that `npm run bench` reads, when there is one. */
export function measured(name: string, value: number | string): void {
  const file = process.env['K3S_TEST_MEASURES'];
  if (file) fs.appendFileSync(file, `${JSON.stringify({ name, value })}\n`);
}

/** Polls until `probe` returns something truthy; the error names what was waited for. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | PromiseLike<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Writes a file into the opened folder (a copy of test/integration/workspace) and returns its address. */
export function writeWorkspaceFile(name: string, text: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const file = path.join(folder.uri.fsPath, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return vscode.Uri.file(file);
}

/** Closes every editor and drops what was not saved. */
export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

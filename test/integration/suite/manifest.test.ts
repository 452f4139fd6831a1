import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { extension } from './support';

const PREFIX = 'k3s-ha.';

/** VS Code registers these for each view by itself. */
const VIEW_COMMANDS = ['focus', 'open', 'removeView', 'resetViewLocation', 'toggleVisibility'];

interface Manifest {
  readonly contributes?: {
    readonly commands?: readonly { readonly command: string }[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

const contributes = () => (extension().packageJSON as Manifest).contributes ?? {};

suite('package.json and the running extension agree', () => {
  suiteSetup(async () => {
    await extension().activate();
  });

  test('every contributed command is registered, and every command of ours is contributed', async () => {
    const contributed = (contributes().commands ?? []).map(({ command }) => command).sort();
    const ofViews = new Set(
      Object.values(contributes().views ?? {})
        .flat()
        .flatMap(({ id }) => VIEW_COMMANDS.map((verb) => `${id}.${verb}`)),
    );
    const registered = (await vscode.commands.getCommands(true))
      .filter((id) => id.startsWith(PREFIX) && !ofViews.has(id))
      .sort();
    assert.deepEqual(registered, contributed);
    assert.ok(contributed.length > 0, 'no command is contributed');
  });

  test('every file that package.json names is in the package', () => {
    const root = extension().extensionPath;
    const named = new Set<string>();
    JSON.stringify(extension().packageJSON, (_key, value: unknown) => {
      if (typeof value === 'string' && /^\.?\/?(dist|schemas|media)\/[\w./-]+$/.test(value)) named.add(value);
      return value;
    });
    assert.ok(named.size > 0);
    assert.deepEqual(
      [...named].filter((file) => !fs.existsSync(path.join(root, file))),
      [],
    );
  });
});

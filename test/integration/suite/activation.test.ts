import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { closeEditors, extension, measured, note, until } from './support';
import { watchInputOutput } from './watchInputOutput';

/** What the Kubernetes client in dist/kube.js needs; older hosts fail when it is loaded. */
const OLDEST_NODE = [22, 19] as const;

suite('the extension', () => {
  test('runs on a Node that its bundles can use', () => {
    note(`VS Code ${vscode.version}, Node ${process.versions.node}`);
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    assert.ok(
      major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]),
      `Node ${process.versions.node}`,
    );
  });

  test('sleeps in a folder without a cluster file, then wakes up without touching files, network, processes or timers', async () => {
    const { extensionPath, isActive } = extension();
    assert.equal(isActive, false, 'it was active before anything asked for it');
    const watch = watchInputOutput(path.join(extensionPath, 'dist'));
    try {
      await extension().activate();
    } finally {
      watch.stop();
    }
    assert.equal(extension().isActive, true);
    assert.deepEqual(watch.calls(), []);
  });

  test('has not loaded what plans and touches hosts', () => {
    const loaded = Object.keys(require.cache).filter((file) => file.startsWith(extension().extensionPath));
    assert.ok(
      loaded.some((file) => path.basename(file) === 'extension.js'),
      'the module cache shows what was loaded',
    );
    const later = [
      'operations.js',
      'views.js',
      'live.js',
      'lessons.js',
      'edits.js',
      'ssh.js',
      'kube.js',
      'databases.js',
      'imports.js',
      'practice.js',
    ];
    assert.deepEqual(
      loaded.map((file) => path.basename(file)).filter((file) => later.includes(file)),
      [],
    );
  });

  test('has its start recorded by VS Code, for the bench', async () => {
    await vscode.commands.executeCommand('perfview.show');
    const id = extension().id;
    const row = await until('the row of our extension among the activation times', () => {
      const text = vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'perf')?.getText() ?? '';
      const rows = text
        .slice(Math.max(0, text.indexOf('Extension Activation Stats')))
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|').map((cell) => cell.trim()));
      const head = rows.find((cells) => cells.includes('Extension'));
      const ours = rows.find((cells) => cells.some((cell) => cell.toLowerCase() === id.toLowerCase()));
      return head && ours && { head, ours };
    });
    const column = (name: string) => Number(row.ours[row.head.indexOf(name)]);
    const times = { load: column('Load Code'), activate: column('Call Activate'), finish: column('Finish Activate') };
    note(`load code ${times.load} ms, call activate ${times.activate} ms, finish activate ${times.finish} ms`);
    for (const [name, value] of Object.entries(times)) measured(`activation ${name} ms`, value);
    await closeEditors();
    assert.ok(
      Object.values(times).every((time) => Number.isFinite(time) && time >= 0),
      JSON.stringify(times),
    );
  });
});

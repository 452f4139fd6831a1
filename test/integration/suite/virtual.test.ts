import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { closeEditors, extension, until } from './support';
import { watchInputOutput } from './watchInputOutput';

const SCHEME = 'k3s-ha-memory';
const FILE = vscode.Uri.from({ scheme: SCHEME, path: '/owner/repository/cluster.k3s.yaml' });
const TEXT = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: elsewhere}
k3s: {version: v1.36.3+k3s1}
token: \${file:token}
ssh: {user: nobody, port: 9}
servers: {nodes: [{host: 127.0.0.1}]}
`;

/** A file system with one file, as an extension for repositories of a web site has it. */
const memory: vscode.FileSystemProvider = {
  onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
  watch: () => new vscode.Disposable(() => undefined),
  stat: (uri) => {
    if (uri.path !== FILE.path) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: TEXT.length };
  },
  readFile: () => new TextEncoder().encode(TEXT),
  readDirectory: () => [],
  createDirectory: () => undefined,
  writeFile: () => undefined,
  delete: () => undefined,
  rename: () => undefined,
};

suite('a cluster file of a virtual workspace', () => {
  let registration: vscode.Disposable;
  suiteSetup(async () => {
    registration = vscode.workspace.registerFileSystemProvider(SCHEME, memory, { isReadonly: true });
    await extension().activate();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(FILE));
  });
  suiteTeardown(async () => {
    await closeEditors();
    registration.dispose();
  });

  for (const command of ['previewPlan', 'provision', 'mergeKubeconfig', 'startPractice']) {
    test(`M15: ${command} reads no local file, starts no program and contacts no machine`, async () => {
      assert.equal(vscode.workspace.isTrusted, true, 'only a trusted workspace gets this far');
      const watch = watchInputOutput(path.join(extension().extensionPath, 'dist'));
      let ended = false;
      try {
        void vscode.commands.executeCommand(`k3s-ha.${command}`, FILE).then(() => (ended = true));
        // It ends when the message that says why is closed.
        await until(`the end of ${command}`, async () => {
          await vscode.commands.executeCommand('notifications.clearAll');
          return ended;
        });
      } finally {
        watch.stop();
      }
      assert.deepEqual(
        watch.calls().filter((call) => !call.startsWith('setTimeout')),
        [],
      );
    });
  }
});

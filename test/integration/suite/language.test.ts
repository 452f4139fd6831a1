import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, writeWorkspaceFile } from './support';

const LANGUAGE = 'k3s-cluster';

suite('the language of cluster files', () => {
  teardown(closeEditors);

  for (const [name, expected] of [
    ['cluster.k3s.yaml', true],
    ['edge.k3s.yaml', true],
    ['deployment.yaml', false],
  ] as const) {
    test(`${name} ${expected ? 'is' : 'is not'} a cluster file`, async () => {
      const document = await vscode.workspace.openTextDocument(writeWorkspaceFile(name, 'kind: Cluster\n'));
      assert.equal(document.languageId === LANGUAGE, expected, `it has the language ${document.languageId}`);
    });
  }
});

import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, extension, until, writeWorkspaceFile } from './support';

const CLUSTER = `apiVersion: k3s-ha/v1
kind: Cluster
metadata:
  name: edge
k3s:
  version: v1.36.3+k3s1
loadBalancer:
  address: 10.0.0.100
  type: external
datastore:
  type: embedded-etcd
token: very-plain-token-0123
ssh:
  user: ubuntu
servers:
  config:
    write-kubeconfig-mode: "0600"
  nodes:
    - host: 10.0.0.11
      name: server-1
    - host: 10.0.0.12
      name: server-2
    - host: 10.0.0.13
      name: server-3
`;

/** A file of its own for each test: VS Code may still hold the text of one that was just rewritten. */
let files = 0;

async function open(text: string): Promise<vscode.TextDocument> {
  files += 1;
  const document = await vscode.workspace.openTextDocument(writeWorkspaceFile(`feature-${files}.k3s.yaml`, text));
  await vscode.window.showTextDocument(document);
  return document;
}

const ours = (document: vscode.TextDocument): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'K3s HA');

function codeOf(diagnostic: vscode.Diagnostic): string {
  return String(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
}

function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `"${text}" is not in the document`);
  return document.positionAt(offset + 1);
}

async function diagnosticsOf(document: vscode.TextDocument, code: string): Promise<vscode.Diagnostic> {
  return until(`the diagnostic ${code}`, () => ours(document).find((diagnostic) => codeOf(diagnostic) === code));
}

async function completion(
  document: vscode.TextDocument,
  at: vscode.Position,
): Promise<readonly vscode.CompletionItem[]> {
  return (
    await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    )
  ).items;
}

async function quickFix(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  title: RegExp,
): Promise<vscode.CodeAction> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
  );
  const action = actions.find((candidate) => title.test(candidate.title));
  assert.ok(action, `no quick fix like ${title}; there is: ${actions.map((each) => each.title).join(' | ')}`);
  return action;
}

suite('editing a cluster file', () => {
  suiteSetup(async () => {
    await extension().activate();
  });
  teardown(closeEditors);

  test('a missing tls-san is an error at the address, with the places that disagree and a page of its own', async () => {
    const document = await open(CLUSTER);
    const diagnostic = await diagnosticsOf(document, 'endpoint-not-in-tls-san');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(diagnostic.range), '10.0.0.100');
    assert.match(diagnostic.message, /server-1, server-2 and server-3/);
    assert.ok((diagnostic.relatedInformation ?? []).length > 0, 'no related place');
    assert.ok(typeof diagnostic.code === 'object', 'the code is no link');
    const page = await vscode.workspace.openTextDocument(diagnostic.code.target);
    assert.match(page.getText(), /tls-san/);
  });

  test('its quick fix adds the address and the error goes away', async () => {
    const document = await open(CLUSTER);
    const action = await quickFix(document, await diagnosticsOf(document, 'endpoint-not-in-tls-san'), /tls-san/);
    assert.ok(action.edit, 'the fix is no edit');
    await vscode.workspace.applyEdit(action.edit);
    assert.match(document.getText(), /tls-san:[\s\S]*10\.0\.0\.100/);
    assert.ok(document.getText().includes('write-kubeconfig-mode: "0600"'), 'something else was changed');
    await until('the end of the error', () =>
      ours(document).every((diagnostic) => codeOf(diagnostic) !== 'endpoint-not-in-tls-san'),
    );
  });

  test('a token in plain text moves to the secret storage', async () => {
    const document = await open(CLUSTER);
    const action = await quickFix(document, await diagnosticsOf(document, 'plaintext-secret'), /secret/i);
    assert.ok(action.command, 'the fix stores nothing');
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
    assert.ok(!document.getText().includes('very-plain-token-0123'), 'the token is still in the file');
    const stored = /token: (\$\{secret:[\w-]+\})/.exec(document.getText())?.[1];
    assert.ok(stored, 'there is no reference');
    // Completion offers what is stored for the file, by its name.
    const reference = new vscode.WorkspaceEdit();
    reference.delete(
      document.uri,
      new vscode.Range(
        positionOf(document, stored).translate(0, -1),
        positionOf(document, stored).translate(0, stored.length - 1),
      ),
    );
    await vscode.workspace.applyEdit(reference);
    assert.equal(
      (await completion(document, document.positionAt(document.getText().indexOf('token: ') + 7))).find(
        ({ label }) => label === stored,
      )?.detail,
      'stored secret',
    );
  });

  test('H7: a secret belongs to one file: a file of the same cluster name elsewhere neither sees nor replaces it', async () => {
    const first = await open(CLUSTER);
    const fix = await quickFix(first, await diagnosticsOf(first, 'plaintext-secret'), /secret/i);
    await vscode.commands.executeCommand(fix.command?.command ?? '', ...(fix.command?.arguments ?? []));
    const other = await open('apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge}\ntoken: \n');
    const offered = await completion(other, new vscode.Position(3, 7));
    assert.deepEqual(
      offered.filter(({ detail }) => detail === 'stored secret').map(({ label }) => label),
      [],
    );
  });

  test('a misspelt key is named with the right one', async () => {
    const document = await open(CLUSTER.replace('write-kubeconfig-mode', 'write-kubeconfig-mod'));
    const diagnostic = await diagnosticsOf(document, 'unknown-flag');
    assert.match(diagnostic.message, /write-kubeconfig-mode/);
    const action = await quickFix(document, diagnostic, /write-kubeconfig-mode/);
    assert.ok(action.edit);
    await vscode.workspace.applyEdit(action.edit);
    assert.ok(document.getText().includes('write-kubeconfig-mode: "0600"'));
  });

  test('half-typed text gives a located message and no exception', async () => {
    const document = await open(CLUSTER.replace('datastore:\n  type: embedded-etcd', 'datastore: {type: embed'));
    const diagnostic = await until('a diagnostic', () => ours(document)[0]);
    assert.ok(diagnostic.message.length > 10);
  });

  test('completion offers the options of the role, without those that are there', async () => {
    const document = await open(
      CLUSTER.replace('    write-kubeconfig-mode: "0600"\n', '    write-kubeconfig-mode: "0600"\n    \n'),
    );
    const line = document.positionAt(document.getText().indexOf('"0600"')).line + 1;
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(line, 4),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('tls-san'), labels.slice(0, 20).join());
    assert.ok(!labels.includes('write-kubeconfig-mode'));
    assert.ok(!labels.includes('disable-apiserver-lb'), 'an option of agents is offered to servers');
  });

  test('hover explains an option', async () => {
    const document = await open(CLUSTER);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, 'write-kubeconfig-mode'),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
    assert.match(text, /K3S_KUBECONFIG_MODE/);
  });

  test('the outline names the hosts', async () => {
    const document = await open(CLUSTER);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const names = (list: readonly vscode.DocumentSymbol[]): string[] =>
      list.flatMap((symbol) => [symbol.name, ...names(symbol.children)]);
    assert.ok(names(symbols).includes('server-2'), names(symbols).join());
  });

  test('the diagram opens beside the file, gets its data, and one panel serves one file', async () => {
    const document = await open(CLUSTER);
    const panels = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview);
    await vscode.commands.executeCommand('k3s-ha.showTopology', document.uri);
    // The title gets the cluster's name with the first snapshot, which answers the page's "ready".
    await until('the handshake with the page', () => panels().find(({ label }) => label === 'Topology: edge'), 30_000);
    await vscode.commands.executeCommand('k3s-ha.showTopology', document.uri);
    assert.equal(panels().length, 1);
  });
});

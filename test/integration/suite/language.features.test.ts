import * as assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { closeEditors, until, writeWorkspaceFile } from './support';

const CLUSTER = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: 10.0.0.100}
datastore: {type: embedded-etcd}
token: \${secret:join}
servers:
  config:
    tls-san: [10.0.0.100]
    secrets-encryption: true
    agent-token: \${secret:join}
  nodes:
    - {host: 10.0.0.11, name: server-1, zone: rack-a}
    - {host: 10.0.0.12, name: server-2, zone: rack-b}
agents:
  nodes:
    - {host: "10.0.1.[1-2]", zone: rack-a}
`;

let files = 0;

async function open(text: string): Promise<vscode.TextDocument> {
  files += 1;
  const document = await vscode.workspace.openTextDocument(writeWorkspaceFile(`language-${files}.k3s.yaml`, text));
  await vscode.window.showTextDocument(document);
  return document;
}

const codes = (document: vscode.TextDocument): string[] =>
  vscode.languages.getDiagnostics(document.uri).map(({ code }) => String(typeof code === 'object' ? code.value : code));
const at = (document: vscode.TextDocument, text: string): vscode.Position =>
  document.positionAt(document.getText().indexOf(text) + 1);
const whole = (document: vscode.TextDocument): vscode.Range => new vscode.Range(0, 0, document.lineCount, 0);

suite('the language', () => {
  suiteTeardown(closeEditors);

  test('says what follows from the file: verdict, quorum, join address, hosts of a range', async () => {
    const document = await open(CLUSTER);
    const lenses = await until('the code lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['k3s-ha.provision', 'k3s-ha.previewPlan', 'k3s-ha.showTopology', 'k3s-ha.cluster.upgrade'],
    );
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole(document),
    );
    assert.deepEqual(
      hints.map(({ label }) => label),
      ['2 servers · survives no loss', 'join https://10.0.0.100:6443', '2 hosts: 10.0.1.1 … 10.0.1.2'],
    );
  });

  test('folds, formats and says in the language status what the file comes to', async () => {
    const document = await open(CLUSTER.replace('tls-san: [10.0.0.100]', 'tls-san:   [10.0.0.100]   # fixed address'));
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.ok(
      folds.some(({ start, end }) => start === 7 && end === 14),
      JSON.stringify(folds),
    );
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), CLUSTER.replace('tls-san: [10.0.0.100]', 'tls-san: [10.0.0.100] # fixed address'));
    const [selection] = await vscode.commands.executeCommand<vscode.SelectionRange[]>(
      'vscode.executeSelectionRangeProvider',
      document.uri,
      [at(document, 'rack-b')],
    );
    const widening: string[] = [];
    for (let step = selection; step !== undefined; step = step.parent) widening.push(document.getText(step.range));
    assert.ok(
      ['rack-b', 'zone: rack-b', '{host: 10.0.0.12, name: server-2, zone: rack-b}'].every((step) =>
        widening.includes(step),
      ),
      widening.join(' | '),
    );
  });

  test('asks a channel server for the releases of K3s, and completion offers them', async () => {
    const server = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          data: [
            { id: 'stable', latest: 'v1.36.9+k3s1' },
            { id: 'v1.35', latest: 'v1.35.11+k3s1' },
          ],
        }),
      ),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const settings = vscode.workspace.getConfiguration('k3s-ha');
    try {
      await settings.update(
        'releases.channelUrl',
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1-release/channels`,
        vscode.ConfigurationTarget.Global,
      );
      await vscode.commands.executeCommand('k3s-ha.refreshReleases');
      const document = await open('apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge}\nk3s:\n  version: \n');
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(4, 11),
      );
      assert.deepEqual(
        items.filter(({ label }) => String(label).startsWith('v1.')).map(({ label }) => label),
        ['v1.36.9+k3s1', 'v1.35.11+k3s1'],
      );
    } finally {
      await settings.update('releases.channelUrl', undefined, vscode.ConfigurationTarget.Global);
      server.close();
    }
  });

  test('renames zones and secrets everywhere', async () => {
    const document = await open(CLUSTER);
    for (const [old, name, count] of [
      ['rack-a', 'berlin', 2],
      ['join', 'edge-join', 2],
    ] as const) {
      const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider',
        document.uri,
        at(document, old),
        name,
      );
      assert.equal(edit.get(document.uri).length, count);
    }
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      at(document, 'rack-a'),
    );
    assert.equal(references.length, 2);
  });

  test('ignores a finding by a comment that a quick fix writes', async () => {
    const document = await open(CLUSTER);
    const finding = await until('the finding', () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .find(({ code }) => typeof code === 'object' && code.value === 'etcd-two-servers'),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      finding.range,
    );
    const ignore = actions.find(({ title }) => title === 'Ignore etcd-two-servers on this line');
    assert.ok(ignore?.edit);
    await vscode.workspace.applyEdit(ignore.edit);
    assert.match(document.getText(), /# k3s-ha-ignore etcd-two-servers\n {2}nodes:/);
    await until('the finding to go', () => !codes(document).includes('etcd-two-servers'));
  });

  test('tells in both files what two files of the workspace have in common, as long as they have', async () => {
    const only = (name: string): string =>
      `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: ${name}}\nservers:\n  nodes:\n    - host: 10.99.0.7\n`;
    const one = await open(only('north'));
    const other = await open(only('south'));
    const shared = (document: vscode.TextDocument): vscode.Diagnostic | undefined =>
      vscode.languages
        .getDiagnostics(document.uri)
        .find(({ code }) => typeof code === 'object' && code.value === 'in-other-file');
    await until('the finding in both', () => shared(one) !== undefined && shared(other) !== undefined);
    const finding = shared(one);
    const [related] = finding?.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), other.uri.toString());
    assert.equal(other.getText(related.location.range), '10.99.0.7');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      one.uri,
      finding?.range,
    );
    const ignore = actions.find(({ title }) => title === 'Ignore in-other-file on this line');
    assert.ok(ignore?.edit);
    await vscode.workspace.applyEdit(ignore.edit);
    await until('the finding to go where it is ignored', () => shared(one) === undefined);
    assert.ok(shared(other));
    const away = new vscode.WorkspaceEdit();
    away.replace(other.uri, whole(other), only('south').replace('10.99.0.7', '10.99.0.8'));
    await vscode.workspace.applyEdit(away);
    await until('the finding to go with its cause', () => shared(other) === undefined);
  });

  test('follows the levels in the settings', async () => {
    const document = await open(CLUSTER);
    await until('the finding', () => codes(document).includes('etcd-two-servers'));
    const settings = vscode.workspace.getConfiguration('k3s-ha', document.uri);
    await settings.update('rules', { 'etcd-two-servers': 'off' }, vscode.ConfigurationTarget.Workspace);
    await until('the finding to go', () => !codes(document).includes('etcd-two-servers'));
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await until('the finding to come back', () => codes(document).includes('etcd-two-servers'));
  });

  test('mends everything safe at once', async () => {
    const document = await open(CLUSTER.replace('[10.0.0.100]', '[]'));
    await until('the finding', () => codes(document).includes('endpoint-not-in-tls-san'));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      whole(document),
      vscode.CodeActionKind.SourceFixAll.value,
    );
    const fix = actions.find(({ kind }) => kind?.value.startsWith('source.fixAll'));
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    await until('the finding to go', () => !codes(document).includes('endpoint-not-in-tls-san'));
    assert.match(document.getText(), /tls-san: *\n? *(?:- |\[)10\.0\.0\.100/);
  });
});

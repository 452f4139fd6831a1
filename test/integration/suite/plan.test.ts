import * as assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { closeEditors, extension, until, writeWorkspaceFile } from './support';

const SCHEME = 'k3s-ha-plan';

/** A port on which nothing listens: examining the host fails at once and contacts nobody. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const planShown = (): vscode.TextDocument | undefined =>
  vscode.window.visibleTextEditors.map(({ document }) => document).find(({ uri }) => uri.scheme === SCHEME);

const titlesOf = async (document: vscode.TextDocument): Promise<readonly string[]> => {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  );
  return lenses.map(({ command }) => command?.title ?? '');
};

suite('the document of a plan', () => {
  let file: vscode.Uri;
  suiteSetup(async () => {
    await extension().activate();
    file = writeWorkspaceFile(
      'planned.k3s.yaml',
      `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1}
ssh: {user: nobody, port: ${await closedPort()}}
servers: {nodes: [{host: 127.0.0.1, name: server-1}]}
`,
    );
  });
  teardown(closeEditors);

  const open = async (): Promise<vscode.TextDocument> => {
    await vscode.commands.executeCommand('k3s-ha.previewPlan', file);
    return until('the plan', planShown, 20_000);
  };

  test('opens read-only, in a language of its own, with what is in the way', async () => {
    const document = await open();
    assert.equal(document.languageId, 'k3s-plan');
    assert.match(document.getText(), /^Plan for cluster "edge": Provision Cluster\n {2}Nothing can be done yet/);
    assert.match(document.getText(), /\nHosts\n {2}server-1 {2}127\.0\.0\.1\n/);
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.match(document.getText(), /^Plan for/);
  });

  test('folds by its parts, which are its outline', async () => {
    const document = await open();
    const headings = document
      .getText()
      .split('\n')
      .flatMap((line, index) => (/^\S/.test(line) ? [index] : []));
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      folds.map(({ start }) => start),
      headings,
    );
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      headings.map((line) => document.lineAt(line).text),
    );
  });

  test('offers to look again and, with something in the way, no more; a command without a plan says so and ends', async () => {
    const document = await open();
    const titles = await titlesOf(document);
    assert.equal(titles.length, 1, titles.join());
    assert.match(titles[0] ?? '', /Examine Again: examined at/);
    await closeEditors();
    for (const command of ['apply', 'examineAgain', 'showDifference'])
      await vscode.commands.executeCommand(`k3s-ha.plan.${command}`);
    assert.equal(planShown(), undefined);
  });

  test('is made anew in its own place when its file has changed', async () => {
    const document = await open();
    const place = vscode.window.activeTextEditor?.viewColumn;
    const changed = new vscode.WorkspaceEdit();
    const text = await vscode.workspace.openTextDocument(file);
    changed.insert(file, new vscode.Position(text.lineCount, 0), '# changed\n');
    await vscode.workspace.applyEdit(changed);
    await text.save();
    await until('the lens', async () =>
      (await titlesOf(document)).some((title) => title.includes('the file has changed since')),
    );
    await vscode.commands.executeCommand('k3s-ha.plan.examineAgain', document.uri);
    await until('the lens', async () => (await titlesOf(document)).some((title) => title.includes('examined at')));
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), document.uri.toString());
    assert.equal(vscode.window.activeTextEditor?.viewColumn, place);
    const plans = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === SCHEME);
    assert.equal(plans.length, 1);
  });
});

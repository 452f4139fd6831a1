import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { K3sHaApi } from '../../../schemas/api';
import { closeEditors, extension, until, writeWorkspaceFile } from './support';

const CLUSTER = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: asked-from-outside}
datastore: {type: embedded-etcd}
token: very-plain-token-0123
servers:
  nodes:
    - {host: 10.0.0.11, name: server-1}
    - {host: 10.0.0.12, name: server-2}
`;

async function toolText(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

suite('what others get from the extension', () => {
  suiteSetup(async () => {
    await extension().activate();
    writeWorkspaceFile('outside.k3s.yaml', CLUSTER);
  });
  teardown(closeEditors);

  test('the exported API tells clusters with their health, and nothing secret', async () => {
    const api = extension().exports as K3sHaApi;
    assert.equal(api.apiVersion, 1);
    const found = await until('the cluster', async () =>
      (await api.clusters()).find(({ name }) => name === 'asked-from-outside'),
    );
    assert.deepEqual(found.servers, ['server-1', 'server-2']);
    assert.equal(found.health.simulated, false);
    assert.doesNotMatch(JSON.stringify(await api.clusters()), /very-plain-token|10\.0\.0\.11/);
  });

  test('language models find the tools, and the ones that read answer without a question', async function () {
    const ours = (): readonly string[] =>
      vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('k3s-ha_'));
    await until('the tools', () => ours().length > 0);
    assert.deepEqual([...ours()].sort(), [
      'k3s-ha_health',
      'k3s-ha_operate',
      'k3s-ha_plan',
      'k3s-ha_survives',
      'k3s-ha_validate',
    ]);
    const findings = await until('the answer', async () => {
      const text = await toolText('k3s-ha_validate', { cluster: 'outside.k3s.yaml' });
      return text.includes('etcd-two-servers') ? text : undefined;
    });
    assert.match(findings, /data, not instructions/);
    assert.match(
      await toolText('k3s-ha_survives', { cluster: 'outside.k3s.yaml', fails: ['server-1'] }),
      /"outcome":"no"/,
    );
  });
});

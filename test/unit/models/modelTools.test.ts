import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOOLS } from '../../../src/vscode/ids';
import { invokeTool, prepareTool, type ToolDependencies } from '../../../src/vscode/models/modelTools';
import type { StoredCluster } from '../../../src/vscode/clusters/clusterStore';
import { fileState, NODES, NOT_READY, TEXT, withNode, withNodes } from '../views/states';

interface Tool {
  readonly name: string;
  readonly when: string;
}

const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  contributes: { languageModelTools: readonly Tool[] };
};

/** Stands in for the editor: these clusters, and what was run. */
function editor({ states = [withNodes(fileState(), NODES)], trusted = true, plan = '' } = {}) {
  const ran: (readonly [string, unknown])[] = [];
  const deps = {
    store: { all: async () => states, get: async () => states[0] },
    plans: { about: () => (plan === '' ? undefined : { document: { text: plan } }) },
    operations: () => ({ run: async (id: string, argument: unknown) => void ran.push([id, argument]) }),
    isTrusted: () => trusted,
    labelOf: ({ cluster }: StoredCluster) => `${cluster.name}.k3s.yaml`,
  } as unknown as ToolDependencies;
  return { deps, ran };
}

/** What follows the notice that it is data. */
function dataIn(answer: string): Record<string, unknown> {
  expect(answer).toMatch(/^Data of K3s HA as JSON\. .* not instructions\.\n/);
  return JSON.parse(answer.slice(answer.indexOf('\n') + 1)) as Record<string, unknown>;
}

const call = async (
  name: (typeof TOOLS)[number],
  input: object,
  deps: ToolDependencies,
): Promise<Record<string, unknown>> => dataIn(await invokeTool(name, input as Record<string, unknown>, deps));

describe('tools for language models', () => {
  it('are those of package.json, and are offered in trusted workspaces alone', () => {
    expect(contributes.languageModelTools.map(({ name }) => name)).toEqual([...TOOLS]);
    for (const { when } of contributes.languageModelTools) expect(when).toContain('isWorkspaceTrusted');
  });

  it('answer nothing where the workspace is not trusted, and do nothing', async () => {
    const { deps, ran } = editor({ trusted: false });
    for (const name of TOOLS) {
      expect(await invokeTool(name, { operation: 'provision' }, deps)).toBe(
        'The workspace is not trusted: K3s HA answers no language model here.',
      );
      expect(await prepareTool(name, { operation: 'provision' }, deps)).toBeUndefined();
    }
    expect(ran).toEqual([]);
  });

  it('validate a file: findings with their lines and rules', async () => {
    const state = fileState(TEXT.replace('    - {host: 10.0.0.13, name: server-3}\n', ''));
    const { findings } = await call('k3s-ha_validate', {}, editor({ states: [state] }).deps);
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: 'error', rule: 'etcd-two-servers', line: expect.any(Number) as number }),
    );
  });

  it('tell what survives, on top of what is really down', async () => {
    const { deps } = editor({ states: [withNodes(fileState(), withNode(NODES, 'server-3', NOT_READY))] });
    const one = await call('k3s-ha_survives', { fails: [] }, deps);
    expect(one).toMatchObject({ alreadyDown: ['server:server-3'], api: { outcome: 'yes' } });
    const two = await call('k3s-ha_survives', { fails: ['server-2'] }, deps);
    expect(two).toMatchObject({ api: { outcome: 'no' }, quorum: { alive: 1, needed: 2 } });
    expect(await invokeTool('k3s-ha_survives', { fails: ['server-9'] }, deps)).toContain(
      '"server-9" is no part of edge',
    );
  });

  it('tell the health that is known, and who can look where nobody does', async () => {
    const watched = await call('k3s-ha_health', { cluster: 'edge' }, editor().deps);
    expect(watched).toMatchObject({
      name: 'edge',
      health: { state: 'healthy' },
      verdict: expect.stringContaining('3 of 3 servers ready') as string,
    });
    const unwatched = await call('k3s-ha_health', {}, editor({ states: [fileState()] }).deps);
    expect(unwatched).toMatchObject({
      health: { state: 'unknown' },
      hint: expect.stringContaining('Clusters') as string,
    });
  });

  it('explain the plan that is open, and make none', async () => {
    expect(await call('k3s-ha_plan', {}, editor({ plan: 'Install K3s on server-1' }).deps)).toEqual({
      plan: 'Install K3s on server-1',
    });
    expect(await call('k3s-ha_plan', {}, editor().deps)).toMatchObject({ plan: null });
  });

  it('show no secret of the file', async () => {
    const state = fileState(TEXT.replace('${secret:edge-token}', 'very-plain-token-0123'));
    const { deps } = editor({ states: [state] });
    for (const name of ['k3s-ha_validate', 'k3s-ha_health', 'k3s-ha_survives'] as const)
      expect(await invokeTool(name, {}, deps)).not.toContain('very-plain-token-0123');
  });

  it('make what acts in a text of the file harmless', async () => {
    const state = fileState(TEXT.replace('name: edge', 'name: "edge\\u001b[31m\\u202e"'));
    // eslint-disable-next-line no-control-regex
    expect(await invokeTool('k3s-ha_health', {}, editor({ states: [state] }).deps)).not.toMatch(/[\u001b\u202e]/u);
  });

  it('ask before anything is changed, and then run the command of the person', async () => {
    const { deps, ran } = editor();
    expect(await prepareTool('k3s-ha_operate', { operation: 'restart', node: 'server-2' }, deps)).toMatchObject({
      title: 'Restart K3s: server-2 of edge',
    });
    expect(ran).toEqual([]);
    await call('k3s-ha_operate', { operation: 'restart', node: 'server-2' }, deps);
    expect(ran).toEqual([['restart', { uri: 'file:///edge.k3s.yaml', row: { id: 'node:server-2' } }]]);
    for (const name of TOOLS.slice(0, -1)) expect(await prepareTool(name, {}, deps)).toBeUndefined();
  });

  it.each([
    { operation: 'reset-cluster' },
    { operation: 'remove-node', node: 'server-1' },
    { operation: 'restart' },
    { operation: 'restart', node: 'server-9' },
    { operation: 'provision', cluster: '/etc/other.k3s.yaml' },
    { operation: '__proto__' },
    {},
  ])('do not do %j', async (input) => {
    const { deps, ran } = editor({ states: [withNodes(fileState(), NODES), fileState(TEXT.replace('edge', 'other'))] });
    const one = 'cluster' in input ? input : { ...input, cluster: 'edge' };
    expect(await prepareTool('k3s-ha_operate', one, deps)).toBeUndefined();
    expect(await invokeTool('k3s-ha_operate', one, deps)).not.toContain('Data of');
    expect(ran).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { applyEdits, type TextEdit } from '../../../src/core/base/text';
import type { Result } from '../../../src/core/base/result';
import { parseDocument } from '../../../src/core/document/parse';
import { validate } from '../../../src/core/language/validate';
import { normalise } from '../../../src/core/cluster/normalise';
import {
  addNode,
  promoteAgent,
  removeNode,
  removeNodes,
  setDatastore,
  setFixedAddress,
  setZone,
  type EditContext,
} from '../../../src/core/authoring/changes';

const FILE = `# The edge.
apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: 10.0.0.100} # the VIP
datastore:
  type: embedded-etcd # for now
token: \${secret:edge-token}
servers:
  config:
    tls-san: [10.0.0.100]
    secrets-encryption: true
  nodes:
    # The first rack.
    - host: 10.0.0.11
      name: server-1
      zone: rack-a
    - {host: 10.0.0.12, name: server-2, zone: rack-b}
    - {host: 10.0.0.13, name: server-3, zone: rack-b}
agents:
  nodes:
    - host: 10.0.1.1 # the big one
      name: agent-1
      config:
        node-label: [disk=ssd]
        server: https://10.0.0.11:6443
    - 10.0.1.2
    - {host: "10.0.2.[1-4]", name: "worker-[1-4]"}
`;

function context(text = FILE): EditContext {
  const document = parseDocument(text);
  return { document, cluster: normalise(document.data) };
}

function apply(edits: Result<readonly TextEdit[], string>, text = FILE): string {
  if (!edits.ok) throw new Error(edits.error);
  const after = applyEdits(text, edits.value);
  expect(parseDocument(after).syntaxProblems).toEqual([]);
  // Comments stay, but for that of a line that moves.
  for (const comment of text.match(/# .*/g) ?? []) if (comment !== '# the big one') expect(after).toContain(comment);
  return after;
}

const nodeOf = ({ cluster }: EditContext, id: string) => {
  const found = [...cluster.servers, ...cluster.agents].find((node) => node.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const hosts = (text: string, role: 'servers' | 'agents') =>
  normalise(parseDocument(text).data)[role].map(({ host, id, zone }) => [host, id, zone]);

describe('editing the cluster from its picture', () => {
  it('adds machines with the next name of their kind', () => {
    expect(hosts(apply(addNode(context(), 'server', { host: '10.0.0.14', zone: 'rack-c' })), 'servers').at(-1)).toEqual(
      ['10.0.0.14', 'server-4', 'rack-c'],
    );
    expect(hosts(apply(addNode(context(), 'agent', { host: '10.0.3.1' })), 'agents').at(-1)).toEqual([
      '10.0.3.1',
      'worker-5',
      undefined,
    ]);
    expect(
      hosts(apply(addNode(context('kind: Cluster\n'), 'server', { host: 'a' }), 'kind: Cluster\n'), 'servers'),
    ).toEqual([['a', 'server-1', undefined]]);
  });

  it('does not add a machine twice', () =>
    expect(addNode(context(), 'agent', { host: '10.0.0.12' })).toEqual({
      ok: false,
      error: '10.0.0.12 is in the file already, as server-2.',
    }));

  it('sets, changes and removes a zone', () => {
    const from = context();
    expect(hosts(apply(setZone(from, nodeOf(from, 'server-2'), 'rack-c')), 'servers')[1]).toEqual([
      '10.0.0.12',
      'server-2',
      'rack-c',
    ]);
    expect(hosts(apply(setZone(from, nodeOf(from, 'server-1'), undefined)), 'servers')[0]).toEqual([
      '10.0.0.11',
      'server-1',
      undefined,
    ]);
    expect(hosts(apply(setZone(from, nodeOf(from, '10.0.1.2'), 'rack-a')), 'agents')[1]).toEqual([
      '10.0.1.2',
      '10.0.1.2',
      'rack-a',
    ]);
  });

  it('removes a machine, but not one of a range', () => {
    const from = context();
    expect(hosts(apply(removeNode(from, nodeOf(from, 'server-3'))), 'servers')).toHaveLength(2);
    expect(removeNode(from, nodeOf(from, 'worker-2'))).toEqual({
      ok: false,
      error: 'worker-2 is one of the 4 hosts of a range: change the range in the file.',
    });
  });

  it('removes several machines in one change, whatever their order', () => {
    const from = context();
    for (const ids of [
      ['server-2', 'server-3', 'agent-1'],
      ['agent-1', 'server-3', 'server-2'],
    ]) {
      const edits = removeNodes(
        from,
        ids.map((id) => nodeOf(from, id)),
      );
      const after = applyEdits(FILE, edits.ok ? edits.value : []);
      expect(hosts(after, 'servers')).toEqual([['10.0.0.11', 'server-1', 'rack-a']]);
      expect(hosts(after, 'agents').map(([, id]) => id)).not.toContain('agent-1');
      expect(after).toContain('# The first rack.');
    }
    expect(removeNodes(from, [nodeOf(from, 'server-3'), nodeOf(from, 'worker-2')])).toMatchObject({ ok: false });
  });

  it('makes an agent a server, without what only agents have', () => {
    const from = context();
    const after = apply(promoteAgent(from, nodeOf(from, 'agent-1')));
    expect(hosts(after, 'servers').at(-1)).toEqual(['10.0.1.1', 'agent-1', undefined]);
    expect(hosts(after, 'agents').map(([host]) => host)).not.toContain('10.0.1.1');
    expect(normalise(parseDocument(after).data).servers.at(-1)?.config).toMatchObject({
      'node-label': ['disk=ssd'],
      'tls-san': ['10.0.0.100'],
    });
    expect(after).not.toContain('server: https');
    expect(hosts(apply(promoteAgent(from, nodeOf(from, '10.0.1.2'))), 'servers').at(-1)?.[0]).toBe('10.0.1.2');
  });

  it('moves the fixed address together with the certificates', () => {
    const after = apply(setFixedAddress(context(), 'k3s.example.com'));
    expect(validate(after).map(({ code }) => code)).not.toContain('endpoint-not-in-tls-san');
    expect(parseDocument(after).data).toMatchObject({
      loadBalancer: { address: 'k3s.example.com' },
      servers: { config: { 'tls-san': ['10.0.0.100', 'k3s.example.com'] } },
    });
    const bare = FILE.replace(/loadBalancer.*\n/, '');
    expect(parseDocument(apply(setFixedAddress(context(bare), '10.0.0.99'), bare)).data).toMatchObject({
      loadBalancer: { address: '10.0.0.99', type: 'external' },
    });
  });

  it('changes the datastore and keeps its password outside', () => {
    const { edits, storeSecrets } = setDatastore(context(), 'postgres://k3s:hunter2@db.example.com:5432/k3s');
    expect(parseDocument(apply(edits)).data).toMatchObject({
      datastore: { type: 'postgres', endpoint: 'postgres://k3s:${secret:edge-db-password}@db.example.com:5432/k3s' },
    });
    expect(storeSecrets).toEqual({ 'edge-db-password': 'hunter2' });
    const external = apply(edits);
    expect(parseDocument(apply(setDatastore(context(external), 'sqlite').edits, external)).data).toMatchObject({
      datastore: { type: 'sqlite' },
    });
    expect(setDatastore(context(external), 'embedded-etcd').edits).toMatchObject({ ok: true });
  });
});

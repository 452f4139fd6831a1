import { describe, expect, it } from 'vitest';
import { strangers, withStrangers } from '../../../src/core/authoring/strangers';
import { normalise } from '../../../src/core/cluster/normalise';
import { nodesOf } from '../../../src/core/cluster/roles';
import { parseDocument } from '../../../src/core/document/parse';
import { nodeHealth } from '../../../src/core/health/nodeHealth';
import { apiNode, NOW, SERVER_LABELS } from '../health/nodes';

const TEXT = `metadata: { name: edge }
ssh: { user: ops, port: 2222 }
servers:
  nodes:
    - { host: 10.0.0.11, name: server-1 }
`;
const document = parseDocument(TEXT);
const file = { document, cluster: normalise(document.data) };
const live = [
  apiNode({ name: 'server-1', labels: SERVER_LABELS }),
  apiNode({ name: 'old-server', ip: '10.0.0.19', labels: SERVER_LABELS }),
  apiNode({ name: 'old-agent', ip: '10.0.1.19' }),
].map((item) => nodeHealth(item, NOW));

describe('nodes of the cluster that the file does not name', () => {
  it('are known by what runs', () => expect(strangers(file.cluster, live)).toEqual(['old-server', 'old-agent']));

  it('are reached by the address that the cluster has, with the login of the file, which stays as it is', () => {
    const described = withStrangers(file, ['server-1', 'old-server', 'old-agent', 'nobody'], live);
    if (!described.ok) throw new Error(described.error);
    const nodes = nodesOf(described.value.cluster);
    expect(nodes.map(({ id, role, host, ssh }) => [id, role, host, ssh.user, ssh.port])).toEqual([
      ['server-1', 'server', '10.0.0.11', 'ops', 2222],
      ['old-server', 'server', '10.0.0.19', 'ops', 2222],
      ['old-agent', 'agent', '10.0.1.19', 'ops', 2222],
    ]);
    expect(file.document.text).toBe(TEXT);
    expect(described.value.document.text).toContain('old-agent');
  });

  it('are not reached without an address', () => {
    const [nowhere] = [{ metadata: { name: 'lost' } }].map((item) => nodeHealth(item, NOW));
    expect(withStrangers(file, ['lost'], nowhere === undefined ? [] : [nowhere])).toEqual({
      ok: false,
      error: 'The Node lost has no address at which its machine could be reached.',
    });
  });
});

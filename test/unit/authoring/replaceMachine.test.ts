import { describe, expect, it } from 'vitest';
import type { EditContext } from '../../../src/core/authoring/changes';
import { linesThatName, replaceMachine, type Successor } from '../../../src/core/authoring/replaceMachine';
import { applyEdits } from '../../../src/core/base/text';
import { normalise } from '../../../src/core/cluster/normalise';
import { nodesOf } from '../../../src/core/cluster/roles';
import { parseDocument } from '../../../src/core/document/parse';

const FILE = `# The edge.
apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
loadBalancer:
  type: haproxy
  address: 10.0.0.100
  nodes: [10.0.0.12, {host: 10.0.0.5, name: lb}] # two of them
servers:
  config:
    tls-san: [10.0.0.100, 10.0.0.12, 10.0.0.121]
  nodes:
    - host: 10.0.0.11
    - host: 10.0.0.12 # the one in the cellar
      name: server-2
      config: {node-ip: 10.0.0.12, advertise-address: 10.0.0.12, node-label: [rack=cellar]}
    - 10.0.0.13
agents:
  nodes:
    - {host: "10.0.2.[1-4]", name: "worker-[1-4]"}
`;

function contextOf(text = FILE): EditContext {
  const document = parseDocument(text);
  return { document, cluster: normalise(document.data) };
}

function replaced(id: string, successor: Successor): string {
  const context = contextOf();
  const node = nodesOf(context.cluster).find((one) => one.id === id);
  if (node === undefined) throw new Error(`no ${id}`);
  const edits = replaceMachine(context, node, successor);
  return edits.ok ? applyEdits(FILE, edits.value) : edits.error;
}

describe('another machine in the place of a node', () => {
  it('has its name and its options, the old address wherever its entry and the load balancer have it, and all comments', () => {
    const after = replaced('server-2', { host: '10.0.0.14', name: 'server-2' });
    expect(after).toBe(
      FILE.replace('nodes: [10.0.0.12,', 'nodes: [10.0.0.14,')
        .replace('host: 10.0.0.12 #', 'host: 10.0.0.14 #')
        .replace(
          '{node-ip: 10.0.0.12, advertise-address: 10.0.0.12,',
          '{node-ip: 10.0.0.14, advertise-address: 10.0.0.14,',
        ),
    );
    expect(linesThatName(after, '10.0.0.12')).toEqual([11]);
  });

  it('takes the name over that the cluster has, where the file has none', () => {
    expect(replaced('10.0.0.11', { host: 'new.example', name: 'cellar-1' })).toBe(
      FILE.replace('- host: 10.0.0.11', '- host: new.example\n      name: cellar-1'),
    );
    const after = replaced('10.0.0.13', { host: '10.0.0.14', name: 'cellar-3' });
    expect(normalise(parseDocument(after).data).servers[2]).toMatchObject({ host: '10.0.0.14', name: 'cellar-3' });
    expect(replaced('10.0.0.13', { host: '10.0.0.14' })).toBe(FILE.replace('- 10.0.0.13', '- 10.0.0.14'));
  });

  it('is none that the file has already, and none of a range', () => {
    expect(replaced('server-2', { host: '10.0.0.13' })).toBe('10.0.0.13 is in the file already, as 10.0.0.13.');
    expect(replaced('server-2', { host: '10.0.0.5' })).toBe('10.0.0.5 is in the file already, as lb.');
    expect(replaced('server-2', { host: '10.0.0.12' })).toContain('is the machine of server-2 already');
    expect(replaced('worker-2', { host: '10.0.3.1' })).toContain('one of the 4 hosts of a range');
  });
});

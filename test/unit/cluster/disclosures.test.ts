import { describe, expect, it } from 'vitest';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';

const told = (text: string): string[] =>
  disclosuresOf(normalise(parseDocument(text).data)).map(({ use, name, machine }) => `${use} ${name} ${machine.id}`);

describe('what hosts of a load balancer are given', () => {
  const file = (type: string): string => `token: \${secret:token}
ssh: {identityFile: ~/.ssh/id, sudoPassword: "\${secret:sudo}"}
loadBalancer:
  address: 10.0.0.100
  type: ${type}
  nodes: [{host: 10.0.0.5, name: lb-1}, {host: 10.0.0.11}]
  vrrp: {password: "\${secret:vrrp}"}
servers: {nodes: [{host: 10.0.0.11, name: server-1}]}
`;

  it('is the login and the password of keepalived, and nothing of K3s', () => {
    expect(told(file('haproxy'))).toEqual([
      'ssh.identityFile ~/.ssh/id server-1',
      'ssh.sudoPassword sudo server-1',
      'token token server-1',
      'loadBalancer.vrrp.password vrrp server-1',
      'ssh.identityFile ~/.ssh/id lb-1',
      'ssh.sudoPassword sudo lb-1',
      'loadBalancer.vrrp.password vrrp lb-1',
    ]);
  });

  it('is nothing where somebody else runs it', () => {
    expect(told(file('external')).filter((line) => !line.endsWith('server-1') || line.includes('vrrp'))).toEqual([]);
  });
});

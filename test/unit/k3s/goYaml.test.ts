import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument, visit } from 'yaml';
import { stringifyForGo } from '../../../src/core/k3s/goYaml';
import { unsendable } from '../../../src/core/remote/sendable';
import { goResolve } from '../../support/goResolve';
import { ADVERSARIAL, adversarialText } from '../../support/yamlTexts';

/** What is wrong with how a text stands in the file, as a value, in a list and as a key. */
function faults(text: string): string[] {
  return [
    ...faultsOf({ value: text }, ['value', text]),
    ...faultsOf({ list: [text] }, ['list', text]),
    ...faultsOf({ [text]: true }, [text, 'true']),
  ];
}

function faultsOf(data: Record<string, unknown>, expected: readonly string[]): string[] {
  const written = stringifyForGo(data);
  const found: string[] = [];
  // eslint-disable-next-line no-control-regex -- what a Go reader refuses or takes for the end of a line
  if (/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/.test(written)) found.push('a raw special character');
  const document = parseDocument(written, { version: '1.2', merge: false });
  found.push(...document.errors.map((error) => error.message));
  const back: (string | undefined)[] = [];
  visit(document, {
    Scalar(_, { source = '', type, value }) {
      back.push(source);
      if (type !== 'PLAIN' || value === true) return;
      for (const version of [2, 3] as const)
        if (goResolve(source, version) !== 'text')
          found.push(`v${version} reads ${source} as ${goResolve(source, version)}`);
    },
  });
  if (JSON.stringify(back) !== JSON.stringify(expected)) found.push(`comes back as ${JSON.stringify(back)}`);
  return found;
}

describe('YAML for K3s', () => {
  it.each(ADVERSARIAL)('%j is the same text to yaml.v2 and v3, as a value and as a key', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it('any text is', () => {
    fc.assert(
      fc.property(adversarialText(), (text) => {
        fc.pre(unsendable(text) === undefined);
        expect(faults(text)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same as ever for what was right before, so that an upgrade restarts nothing', () => {
    const config = {
      token: '${secret:edge-token}',
      'cluster-init': true,
      server: 'https://10.0.0.11:6443',
      'node-name': 'server-1',
      'write-kubeconfig-mode': '0644',
      v: 2,
      'tls-san': ['10.0.0.100', 'k3s.example.com', 'fd00::1'],
      'node-label': ['a=yes', 'zone=b'],
      'cluster-domain': 'on',
      'node-taint': ['a=b:NoSchedule'],
      'datastore-endpoint': 'mysql://u:p@tcp(db:3306)/k3s',
      'cluster-cidr': '10.42.0.0/16,fd00::/56',
      'flannel-iface': 'y1',
      'data-dir': '/var/lib/rancher/k3s',
      'agent-token': '0123456789',
      'node-ip': '1:30',
      'vpn-auth': 'name=a\nkey=b\n',
      'etcd-snapshot-schedule-cron': '0 */6 * * *',
      log: ' x ',
    };
    expect(stringifyForGo(config)).toBe(`token: \${secret:edge-token}
cluster-init: true
server: https://10.0.0.11:6443
node-name: server-1
write-kubeconfig-mode: "0644"
v: 2
tls-san:
  - 10.0.0.100
  - k3s.example.com
  - fd00::1
node-label:
  - a=yes
  - zone=b
cluster-domain: "on"
node-taint:
  - a=b:NoSchedule
datastore-endpoint: mysql://u:p@tcp(db:3306)/k3s
cluster-cidr: 10.42.0.0/16,fd00::/56
flannel-iface: y1
data-dir: /var/lib/rancher/k3s
agent-token: "0123456789"
node-ip: "1:30"
vpn-auth: |
  name=a
  key=b
etcd-snapshot-schedule-cron: 0 */6 * * *
log: " x "
`);
    expect(parse(stringifyForGo(config), { version: '1.1' })).toEqual(config);
  });
});

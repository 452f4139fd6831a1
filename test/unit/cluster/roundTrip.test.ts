import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { setValue } from '../../../src/core/document/edit';
import { parseDocument } from '../../../src/core/document/parse';
import type { PlainValue } from '../../../src/core/document/render';
import { validateSchema } from '../../../src/core/language/validateSchema';
import { normalise } from '../../../src/core/cluster/normalise';

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);
const address = fc.oneof(
  fc.ipV4(),
  label.map((name) => `${name}.example.com`),
  fc.constantFrom('fd00::11', '10.0.1.[1-5]', 'node-[01-03].lan'),
);
/** Texts that YAML would take for something else, or that end a plain value. */
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    'true',
    'off',
    '0644',
    '1e3',
    '~',
    '',
    ' a ',
    'a: b',
    'a #b',
    '- x',
    '&x',
    '*x',
    '"',
    "'",
    '%a',
    'ключ',
    '\u{1F600}',
    'two\nlines',
    '2026-11-21',
    '<<',
  ),
);
const config = fc
  .dictionary(
    fc.constantFrom('node-name', 'write-kubeconfig-mode', 'data-dir', 'flannel-backend', 'etcd-snapshot-schedule-cron'),
    fc.stringMatching(/^[ -~]{1,20}$/),
    { maxKeys: 3 },
  )
  .map((options) => ({
    ...options,
    'tls-san': ['10.0.0.100', 'k3s.example.com'],
    'cluster-init': true,
    'https-listen-port': 6443,
  }));
const node = (withConfig: boolean) =>
  fc.record(
    {
      host: address,
      name: label,
      zone: text.filter((zone) => zone.trim() !== ''),
      ...(withConfig ? { config } : {}),
      ssh: fc.record({ user: label, port: fc.integer({ min: 1, max: 65_535 }) }, { requiredKeys: [] }),
    },
    { requiredKeys: ['host'] },
  );
const file = fc.record(
  {
    apiVersion: fc.constant('k3s-ha/v1'),
    kind: fc.constant('Cluster'),
    metadata: fc.record({ name: label }),
    k3s: fc.record({
      version: fc.constantFrom('v1.36.3+k3s1', 'v1.35.7+k3s1'),
      install: fc.record({
        env: fc.dictionary(fc.constantFrom('INSTALL_K3S_MIRROR', 'HTTP_PROXY', 'K3S_X'), text, { maxKeys: 2 }),
      }),
    }),
    loadBalancer: fc.record(
      {
        address: label,
        port: fc.integer({ min: 1, max: 65_535 }),
        type: fc.constantFrom('external', 'haproxy', 'kube-vip', 'dns'),
        nodes: fc.array(address, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['address'] },
    ),
    datastore: fc.oneof(
      fc.constant({ type: 'embedded-etcd' }),
      fc
        .constantFrom('mysql://k3s:${secret:p}@tcp(db:3306)/k3s', 'mysql://u:p#a:b@tcp(db:3306)/k3s')
        .map((endpoint) => ({ type: 'mysql', endpoint })),
    ),
    token: fc.constantFrom('${secret:edge-token}', '${file:a/b}', '${env:T}'),
    servers: fc.record({ config, nodes: fc.array(node(true), { minLength: 1, maxLength: 5 }) }),
    agents: fc.record({ nodes: fc.array(node(false), { minLength: 1, maxLength: 5 }) }),
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata', 'servers'] },
);

/** The file as our edits write it, key after key. */
function write(data: Readonly<Record<string, unknown>>): string {
  let written = '';
  for (const [key, value] of Object.entries(data))
    written = applyEdits(written, setValue(parseDocument(written), [key], value as PlainValue));
  return written;
}

describe('a cluster file that is written and read again', () => {
  it('means what was written, whatever stands in it', () => {
    fc.assert(
      fc.property(file, (data) => {
        const document = parseDocument(write(data));
        expect(document.syntaxProblems).toEqual([]);
        expect(document.data).toEqual(data);
        expect(normalise(document.data)).toEqual(normalise(data));
      }),
      { numRuns: 500 },
    );
  });

  it('is valid where the data is', () => {
    const valid = {
      apiVersion: 'k3s-ha/v1',
      kind: 'Cluster',
      metadata: { name: 'edge' },
      token: '${secret:t}',
      servers: { config: { 'tls-san': ['10.0.0.100'] }, nodes: [{ host: '10.0.0.11', name: 'server-1', zone: 'off' }] },
    };
    expect(validateSchema(parseDocument(write(valid)))).toEqual([]);
  });
});

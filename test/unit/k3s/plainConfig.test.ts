import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, visit } from 'yaml';
import { stringifyForGo, writtenInFull } from '../../../src/core/k3s/goYaml';
import { plainConfigText } from '../../../src/core/k3s/plainConfig';
import { readPlainConfig } from '../../../src/core/k3s/readPlainConfig';
import { ADVERSARIAL, adversarialText } from '../../support/yamlTexts';

const CONFIG = `# Written by K3s HA from the cluster file.
token: K10${'ab'.repeat(32)}::server:f00d
server: https://10.0.0.100:6443

node-name: agent-1
with-node-id: true
v: 2
# more names
tls-san+:
  - 10.0.0.100
  - "k3s.example.com"
  - 10.42.0.0/16
node-label:
  - zone=b
write-kubeconfig-mode: "0644"
`;

/** What the parser of all of YAML finds in the file: keys, and texts of values with where they stand. */
function parsed(text: string) {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent' });
  const found: { key: string; values: { text: string; start: number; end: number }[] }[] = [];
  visit(document, {
    Scalar(at, { value, range }) {
      if (at === 'key') found.push({ key: String(value), values: [] });
      else found.at(-1)?.values.push({ text: String(value), start: range?.[0] ?? -1, end: range?.[1] ?? -1 });
    },
  });
  return { errors: document.errors.length, found };
}

/** Whatever is taken for plain is what the parser finds. */
function expectSame(text: string): void {
  const plain = readPlainConfig(text);
  if (plain !== undefined) expect({ errors: 0, found: plain }).toEqual(parsed(text));
}

const key = fc.oneof(
  fc.constantFrom(
    'token',
    'server',
    'node-name',
    'tls-san+',
    'v',
    'y',
    'null',
    'on',
    'no',
    'true',
    'a-',
    'A',
    '+',
    'e0',
  ),
  adversarialText(),
);
const plainish = fc.oneof(
  adversarialText(),
  fc.stringMatching(/^["'a-zA-Z0-9./:@=,+_«»~-]{0,9}$/),
  fc.stringMatching(/^[0-9a-fxob_.eE:+-]{1,6}$/),
  fc.constantFrom(
    'agent-1',
    '10.0.0.1',
    '10.0.0.1/24',
    '9f3a',
    '1e5',
    'e0',
    '0x1f',
    '12',
    '012',
    '"0644"',
    'true',
    'yes',
  ),
);

describe('the plain lines of a config.yaml', () => {
  it('are read as the parser reads them, with where each value stands', () => {
    expect(readPlainConfig(CONFIG)).toEqual(parsed(CONFIG).found);
    expect(readPlainConfig(CONFIG)?.map((option) => option.key)).toContain('tls-san+');
    expect(readPlainConfig('')).toEqual([]);
  });

  it.each([
    'a:\n',
    'a: x\na: y\n',
    'a: x # note\n',
    'a: &b x\n',
    'a: *b\n',
    'a: x\n  more\n',
    'a: |\n  x\n',
    'a: [x]\n',
    'a:\n  b: x\n',
    'a:\n- x\n',
    'a:\n  - x: y\n',
    '  - x\n',
    'a: x\n  - y\n',
    'a: x\r\n',
    '---\na: x\n',
    'a: x\n---\nb: y\n',
    'a:  x\n',
    'a: x \n',
    'a: 0644\n',
    'a: yes\n',
    'on: x\n',
    'a: 1:30\n',
    'a: "x\\n"\n',
    '<<: x\n',
    '\ufeffa: x\n',
    'e0: x\n',
    'a: E5\n',
  ])('are not all of %j: that is left to the parser', (text) => expect(readPlainConfig(text)).toBeUndefined());

  it('are never read otherwise than the parser would', () => {
    for (const text of ADVERSARIAL) {
      expectSame(`a: ${text}\n`);
      expectSame(`${text}: a\n`);
      expectSame(`a:\n  - ${text}\n`);
    }
    const line = fc.oneof(
      fc.tuple(key, plainish).map(([name, value]) => `${name}: ${value}`),
      plainish.map((value) => `  - ${value}`),
      key.map((name) => `${name}:`),
      plainish,
      plainish.map((comment) => `#${comment}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.constantFrom('', '\n'), (lines, end) =>
        expectSame(lines.join('\n') + end),
      ),
      { numRuns: 5000 },
    );
  });

  it('are written as the writer of all of YAML writes them', () => {
    const value = fc.oneof(
      plainish,
      fc.boolean(),
      fc.integer(),
      fc.double(),
      fc.array(fc.oneof(plainish, fc.nat()), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (entries) => {
        const data = Object.fromEntries(entries);
        expect(stringifyForGo(data)).toBe(writtenInFull(data));
      }),
      { numRuns: 5000 },
    );
    const shared = ['a'];
    expect(stringifyForGo({ 'tls-san': shared, 'node-label': shared })).toBe(
      writtenInFull({ 'tls-san': shared, 'node-label': shared }),
    );
  });

  it('are all that most hosts get: an agent, a server, and what is shown of both', () => {
    for (const token of ['K10ab::server:f00d', '9f3aab', '«secret»'])
      expect(
        plainConfigText({ token, server: 'https://10.0.0.100:6443', 'node-name': 'agent-1', 'tls-san': ['10.0.0.1'] }),
      ).toBe(`token: ${token}\nserver: https://10.0.0.100:6443\nnode-name: agent-1\ntls-san:\n  - 10.0.0.1\n`);
  });
});

import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { schemaFixes } from '../../../src/core/language/schemaFixes';
import { validateSchema } from '../../../src/core/language/validateSchema';
import { clusterFile, SERVERS } from './marked';

const problemsIn = (lines: string) => {
  const text = clusterFile(lines);
  return validateSchema(parseDocument(text)).map((problem) => ({
    code: problem.code,
    message: problem.message,
    at: text.slice(problem.range.start, problem.range.end),
    severity: problem.severity,
  }));
};

/** The file after each fix that is offered for its only problem. */
const fixed = (lines: string): [string, string, boolean][] => {
  const document = parseDocument(clusterFile(lines));
  return validateSchema(document).flatMap((problem) =>
    schemaFixes(document, problem).map((fix): [string, string, boolean] => [
      fix.title,
      applyEdits(document.text, fix.edits).slice(clusterFile('').length),
      fix.safe,
    ]),
  );
};

describe('validateSchema', () => {
  it('finds nothing wrong with a small right file, with or without defaults written out', () => {
    expect(problemsIn(SERVERS)).toEqual([]);
    expect(problemsIn(`${SERVERS}loadBalancer: {address: 10.0.0.100}\n`)).toEqual([]);
    expect(problemsIn(`${SERVERS}loadBalancer: {address: 10.0.0.100, type: external, nodes: []}\n`)).toEqual([]);
    expect(validateSchema(parseDocument(''))).toEqual([]);
    expect(validateSchema(parseDocument('# later\n'))).toEqual([]);
  });

  it.each<[string, string, { code: string; at: string; says: string }]>([
    [
      'a misspelled key',
      `${SERVERS}loadBalancer: {adress: a, address: b}\n`,
      { code: 'unknown-key', at: 'adress', says: 'did you mean "address"?' },
    ],
    [
      'a misspelled option',
      `${SERVERS}  config: {tls-sans: [a]}\n`,
      { code: 'unknown-key', at: 'tls-sans', says: 'did you mean "tls-san"?' },
    ],
    [
      'an option in another spelling',
      `${SERVERS}  config:\n    nodeTaint: [a]\n`,
      { code: 'unknown-key', at: 'nodeTaint', says: '"node-taint"' },
    ],
    [
      'the short name of an option',
      `${SERVERS}  config: {d: /data}\n`,
      { code: 'unknown-key', at: 'd', says: '"data-dir"' },
    ],
    [
      'a plus sign on what is no list',
      `${SERVERS}  config: {debug+: true}\n`,
      { code: 'unknown-key', at: 'debug+', says: 'only lists' },
    ],
    [
      'a server option on agents',
      `${SERVERS}agents:\n  config:\n    tls-san: [a]\n`,
      { code: 'unknown-key', at: 'tls-san', says: '"tls-san" is an option of servers' },
    ],
    [
      'a server option on one agent',
      `${SERVERS}agents:\n  nodes:\n    - host: a\n      config: {disable+: [traefik]}\n`,
      { code: 'unknown-key', at: 'disable+', says: 'is an option of servers' },
    ],
    [
      'an option beside config',
      `${SERVERS}  tls-san: [a]\n`,
      { code: 'misplaced-option', at: 'tls-san', says: 'under servers.config' },
    ],
    [
      'a missing block',
      'token: ${secret:t}\n',
      { code: 'missing-key', at: 'apiVersion: k3s-ha/v1', says: 'needs "servers"' },
    ],
    [
      'a missing key of a list item',
      'servers:\n  nodes:\n    - name: a\n      zone: b\n',
      { code: 'missing-key', at: 'name: a', says: 'needs "host"' },
    ],
    [
      'a missing key of a chosen kind',
      `${SERVERS}datastore:\n  type: mysql\n`,
      { code: 'missing-key', at: 'datastore', says: 'needs "endpoint"' },
    ],
    [
      'a missing kind',
      `${SERVERS}datastore:\n  endpoint: mysql://x\n`,
      { code: 'missing-key', at: 'datastore', says: 'needs "type"' },
    ],
    ['an empty block', `${SERVERS}ssh:\n`, { code: 'wrong-type', at: 'ssh', says: 'ssh is empty' }],
    [
      'an empty value',
      'servers:\n  nodes:\n    - host:\n',
      { code: 'wrong-type', at: 'host', says: 'needs a value: text' },
    ],
    [
      'YAML 1.1 booleans',
      `${SERVERS}  config: {cluster-init: yes}\n`,
      { code: 'wrong-type', at: 'yes', says: 'must be true or false, not yes' },
    ],
    [
      'a quoted number',
      `${SERVERS}  config: {https-listen-port: "6443"}\n`,
      { code: 'wrong-type', at: '"6443"', says: 'remove the quotes' },
    ],
    [
      'a number instead of text',
      'servers:\n  nodes:\n    - host: a\n      name: 12\n',
      { code: 'wrong-type', at: '12', says: 'put it in quotes' },
    ],
    [
      'a block instead of a list',
      'servers:\n  nodes:\n    host: a\n',
      { code: 'wrong-type', at: 'host: a', says: 'nodes must be a list, not a block of keys' },
    ],
    [
      'a number in a list of texts',
      `${SERVERS}  config: {node-label: [1]}\n`,
      { code: 'wrong-type', at: '1', says: 'node-label must be text' },
    ],
    [
      'a value that is not possible',
      `${SERVERS}  config: {flannel-backend: vxlann}\n`,
      { code: 'value-not-allowed', at: 'vxlann', says: 'did you mean vxlan?' },
    ],
    [
      'an unknown kind of datastore',
      `${SERVERS}datastore: {type: mariadb}\n`,
      { code: 'value-not-allowed', at: 'mariadb', says: 'embedded-etcd, mysql' },
    ],
    [
      'an unknown kind of load balancer',
      `${SERVERS}loadBalancer: {address: a, type: haprox}\n`,
      { code: 'value-not-allowed', at: 'haprox', says: 'did you mean haproxy?' },
    ],
    [
      'an address that is a URL',
      `${SERVERS}loadBalancer: {address: "https://a:6443"}\n`,
      { code: 'wrong-format', at: '"https://a:6443"', says: 'such as 10.0.0.100' },
    ],
    [
      'a host with user',
      'servers:\n  nodes:\n    - host: root@a\n',
      { code: 'wrong-format', at: 'root@a', says: 'go under ssh' },
    ],
    [
      'a duration without unit',
      `${SERVERS}  config: {etcd-s3-timeout: "5"}\n`,
      { code: 'wrong-format', at: '"5"', says: '5m0s' },
    ],
    [
      'a port that does not exist',
      `${SERVERS}ssh: {port: 70000}\n`,
      { code: 'out-of-range', at: '70000', says: 'between 1 and 65535' },
    ],
    ['no server at all', 'servers:\n  nodes: []\n', { code: 'wrong-count', at: 'nodes', says: 'at least one server' }],
    [
      'hosts for an external load balancer',
      `${SERVERS}loadBalancer: {address: a, nodes: [b]}\n`,
      { code: 'wrong-count', at: 'nodes', says: 'only haproxy and nginx' },
    ],
    [
      'a variable that cannot be one',
      `${SERVERS}k3s: {install: {env: {a-b: x}}}\n`,
      { code: 'wrong-format', at: 'a-b', says: 'INSTALL_K3S_MIRROR' },
    ],
  ])('finds %s and nothing else', (_title, lines, { code, at, says }) => {
    const problems = problemsIn(lines);
    expect(problems).toEqual([{ code, at, message: expect.stringContaining(says), severity: 'error' }]);
  });

  it('never repeats a secret', () => {
    const messages = problemsIn(
      `${SERVERS}token: 424242\nssh: {password: 171717, sudoPassword: [x999]}\ndatastore: {type: mysql, endpoint: 313131}\n`,
    ).map(({ message }) => message);
    expect(messages).toHaveLength(4);
    expect(messages.join()).not.toMatch(/424242|171717|x999|313131/);
  });

  it('underlines the use of a merged value', () => {
    const text = clusterFile(`${SERVERS}agents:\n  nodes:\n    - &a {host: 1}\n    - <<: *a\n`);
    const places = validateSchema(parseDocument(text)).map(({ range }) => text.slice(range.start, range.end));
    expect(places).toEqual(['1', '*a']);
  });
});

describe('schemaFixes', () => {
  it.each<[string, string, [string, string, boolean][]]>([
    [
      'rename or remove what is misspelled',
      'servers:\n  nodes: [{host: a}]\n  config: {tls-sans: [a]} # c\n',
      [
        ['Rename to "tls-san"', 'servers:\n  nodes: [{host: a}]\n  config: {tls-san: [a]} # c\n', false],
        ['Remove "tls-sans"', 'servers:\n  nodes: [{host: a}]\n  config: {} # c\n', false],
      ],
    ],
    [
      'rename another spelling without asking',
      `${SERVERS}  config:\n    nodeTaint: [a]\n`,
      [
        ['Rename to "node-taint"', `${SERVERS}  config:\n    node-taint: [a]\n`, true],
        ['Remove "nodeTaint"', `${SERVERS}  config: {}\n`, false],
      ],
    ],
    [
      'move an option below config, even from the last line',
      `${SERVERS}  tls-san: [a]`,
      [
        ['Move to servers.config', `${SERVERS}  config:\n    tls-san:\n      - a`, false],
        ['Remove "tls-san"', SERVERS.trimEnd(), false],
      ],
    ],
    [
      'not move an option over another value',
      `${SERVERS}  config: {tls-san: [b]}\n  tls-san: [a]\n`,
      [['Remove "tls-san"', `${SERVERS}  config: {tls-san: [b]}\n`, false]],
    ],
    [
      'add what is missing',
      'servers:\n  nodes:\n    - name: a\n',
      [['Add "host"', 'servers:\n  nodes:\n    - name: a\n      host: 10.0.0.11\n', false]],
    ],
    [
      'quote numbers that are texts',
      'servers:\n  nodes:\n    - host: a\n      name: 012\n',
      [['Write "012"', 'servers:\n  nodes:\n    - host: a\n      name: "012"\n', true]],
    ],
    [
      'take the quotes off numbers',
      `${SERVERS}ssh: {port: "22"}\n`,
      [['Write 22', `${SERVERS}ssh: {port: 22}\n`, true]],
    ],
    [
      'write booleans as K3s and YAML 1.2 both read them',
      `${SERVERS}  config: {debug: on}\n`,
      [['Write true', `${SERVERS}  config: {debug: true}\n`, true]],
    ],
    [
      'take the nearest value',
      `${SERVERS}loadBalancer: {address: a, type: dnss}\n`,
      [['Write dns', `${SERVERS}loadBalancer: {address: a, type: dns}\n`, false]],
    ],
  ])('%s', (_title, lines, expected) => {
    expect(fixed(lines)).toEqual(expected);
  });

  it('adds the constants at the top without asking', () => {
    const document = parseDocument('metadata: {name: e}\nservers: {nodes: [{host: a}]}\n');
    const safe = validateSchema(document)
      .flatMap((problem) => schemaFixes(document, problem))
      .filter((fix) => fix.safe);
    expect(safe.map((fix) => fix.title)).toEqual(['Add "apiVersion"', 'Add "kind"']);
  });
});

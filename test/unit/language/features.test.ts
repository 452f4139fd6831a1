import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { codeLenses } from '../../../src/core/language/codeLenses';
import { inlayHints } from '../../../src/core/language/inlayHints';
import { documentLinks } from '../../../src/core/language/links';
import { namedAt, rename } from '../../../src/core/language/occurrences';
import { normalise } from '../../../src/core/cluster/normalise';
import { atCursor, clusterFile } from './marked';

const FILE = clusterFile(`loadBalancer: {address: 10.0.0.100}
datastore: {type: embedded-etcd}
servers:
  nodes: # three of them
    - {host: 10.0.0.11, name: server-1, zone: rack-a}
    - {host: 10.0.0.12, name: server-2, zone: rack-b}
    - {host: 10.0.0.13, name: server-3, zone: rack-a}
agents:
  nodes:
    - host: 10.0.1.[1-50]
      zone: rack-a
`);

function hints(text: string): string[] {
  const document = parseDocument(text);
  return inlayHints(document, normalise(document.data), { start: 0, end: text.length }).map(
    ({ offset, text: hint }) => `${text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim()} «${hint}»`,
  );
}

describe('inlay hints', () => {
  it('say what the servers survive, where agents join, and what a range stands for', () => {
    expect(hints(FILE)).toEqual([
      'nodes: «3 servers · survives 1»',
      'nodes: «join https://10.0.0.100:6443»',
      '- host: 10.0.1.[1-50] «50 hosts: 10.0.1.1 … 10.0.1.50»',
    ]);
  });

  it.each([
    ['embedded etcd of two', FILE.replace(/ {4}- \{host: 10\.0\.0\.13.*\n/, ''), '2 servers · survives no loss'],
    [
      'a database',
      FILE.replace('{type: embedded-etcd}', '{type: mysql, endpoint: "mysql://k3s:${secret:p}@tcp(db:3306)/k3s"}'),
      '3 servers · survives 2, datastore decides',
    ],
    ['one server', clusterFile('servers:\n  nodes:\n    - host: a\n'), '1 server · survives no loss'],
  ])('count for %s', (_title, text, expected) => expect(hints(text)[0]).toContain(expected));

  it('only where they are asked for, and not in a broken file', () => {
    const document = parseDocument(FILE);
    expect(inlayHints(document, normalise(document.data), { start: 0, end: 40 })).toEqual([]);
    expect(hints(`${FILE}token: "\n`)).toEqual([]);
  });
});

describe('code lenses', () => {
  it('stand above the file, the verdict last', () => {
    const document = parseDocument(FILE);
    const lenses = codeLenses(document, normalise(document.data));
    expect(lenses.map(({ action }) => action)).toEqual(['provision', 'previewPlan', 'topology']);
    expect(lenses[2]?.title).toMatch(/^Topology: Survives the loss of any 1 of 3 servers; /);
    expect(document.text.slice(lenses[0]?.range.start, lenses[0]?.range.end)).toBe('apiVersion');
  });

  it('offer an upgrade above the release, and none where the file follows a channel', () => {
    const upgrades = (k3s: string): string[] => {
      const document = parseDocument(`${FILE}${k3s}`);
      return codeLenses(document, normalise(document.data))
        .filter(({ action }) => action === 'upgrade')
        .map(({ range, title }) => `${title} ${document.text.slice(range.start, range.end)}`);
    };
    expect(upgrades('k3s:\n  version: v1.36.3+k3s1\n')).toEqual(['Upgrade K3s… version']);
    expect(upgrades('k3s:\n  channel: stable\n')).toEqual([]);
  });

  it('offer a start above a file with nothing in it, each from a snippet that is there', () => {
    const snippets = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../../schemas/snippets.json'), 'utf8'),
    ) as object;
    for (const text of ['', '\n\n', '# mine\n']) {
      const document = parseDocument(text);
      const lenses = codeLenses(document, normalise(document.data));
      expect(lenses.map(({ title }) => title)).toEqual([
        'Start with Embedded etcd',
        'External Datastore',
        'Practice Fleet',
        'Paste a Command or a File…',
      ]);
      for (const { action, starter = '' } of lenses) if (action === 'start') expect(snippets).toHaveProperty([starter]);
    }
  });

  it('are not there without servers', () => {
    const document = parseDocument('apiVersion: k3s-ha/v1\nkind: Cluster\n');
    expect(codeLenses(document, normalise(document.data))).toEqual([]);
  });
});

describe('links', () => {
  it('lead to local files and web addresses, and not to files of the hosts', () => {
    const text = clusterFile(
      'k3s:\n  install:\n    scriptUrl: https://get.k3s.io\n    artifacts: ./airgap\ntoken: ${file:./token.txt}\n# token: ${file:./old.txt}\nssh: {identityFile: ~/.ssh/id}\ndatastore:\n  type: etcd\n  caFile: ./ca.pem\n  certFile: /etc/k3s/cert.pem\n',
    );
    expect(
      documentLinks(parseDocument(text)).map(({ range, target }) => [text.slice(range.start, range.end), target]),
    ).toEqual([
      ['https://get.k3s.io', { kind: 'url', url: 'https://get.k3s.io' }],
      ['./airgap', { kind: 'file', path: './airgap' }],
      ['${file:./token.txt}', { kind: 'file', path: './token.txt' }],
      ['~/.ssh/id', { kind: 'file', path: '~/.ssh/id' }],
      ['./ca.pem', { kind: 'file', path: './ca.pem' }],
    ]);
  });
});

describe('links of files that go to hosts', () => {
  it('lead to them, for all hosts, for a role and for one; a pattern leads nowhere', () => {
    const text = `registries: {file: ./registries.yaml}
manifests: [./addons/*.yaml, ./web.yaml]
files: [{from: ./a, to: /etc/a}]
hooks: [{when: before apply, run: ./pre.sh}]
servers:
  files: [{from: ./b, to: /etc/b}]
  nodes: [{host: s, files: [{from: ./c, to: /etc/c}]}]
`;
    const paths = documentLinks(parseDocument(text)).map(({ target }) => (target.kind === 'file' ? target.path : ''));
    expect(paths).toEqual(['./registries.yaml', './web.yaml', './a', './pre.sh', './b', './c']);
  });
});

describe('links of the install script', () => {
  it.each([
    ['./install.sh', { kind: 'file', path: './install.sh' }],
    ['~/k3s/install.sh', { kind: 'file', path: '~/k3s/install.sh' }],
    ['https://mirror.example.com/k3s.sh', { kind: 'url', url: 'https://mirror.example.com/k3s.sh' }],
    ['file:///etc/passwd', undefined],
  ])('%s', (scriptUrl, target) => {
    const links = documentLinks(parseDocument(clusterFile(`k3s: {install: {scriptUrl: "${scriptUrl}"}}\n`)));
    expect(links.map((link) => link.target)).toEqual(target === undefined ? [] : [target]);
  });
});

describe('names', () => {
  const renamed = (marked: string, name: string): string => {
    const { text, offset } = atCursor(marked);
    const document = parseDocument(text);
    const named = namedAt(document, offset);
    if (named === undefined) return 'nothing is named here';
    const edits = rename(document, named, name);
    return edits.ok ? applyEdits(text, edits.value) : edits.error;
  };

  it('of zones, secrets and anchors are renamed everywhere', () => {
    const zones = renamed(FILE.replace('zone: rack-b', 'zone: "ra‸ck-a"'), 'Berlin 1');
    expect(zones.match(/Berlin 1/g)).toHaveLength(4);
    expect(parseDocument(zones).syntaxProblems).toEqual([]);
    expect(zones).not.toContain('rack-a');
    expect(
      renamed(
        'token: ${secret:jo‸in}\nagents: {config: {token: "${secret:join}", agent-token: "${secret:other}"}}\n',
        'edge-join',
      ),
    ).toBe(
      'token: ${secret:edge-join}\nagents: {config: {token: "${secret:edge-join}", agent-token: "${secret:other}"}}\n',
    );
    expect(renamed('ssh: &com‸mon {user: a}\nservers: {nodes: [{host: a, ssh: *common}]}\n', 'all')).toBe(
      'ssh: &all {user: a}\nservers: {nodes: [{host: a, ssh: *all}]}\n',
    );
  });

  it('keep the rules of their kind', () => {
    expect(renamed('token: ${secret:jo‸in}\n', 'my secret')).toContain('letters, digits');
    expect(renamed('ssh: &com‸mon {user: a}\n', 'a b')).toContain('no spaces');
    expect(renamed(FILE.replace('zone: rack-b', 'zone: rack‸-b'), '  ')).toContain('needs a name');
    expect(renamed('kind: Clu‸ster\n', 'x')).toBe('nothing is named here');
  });
});

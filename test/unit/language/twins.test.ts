import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import { twinsAmong, type FileAmongOthers } from '../../../src/core/language/twins';
import { validate } from '../../../src/core/language/validate';

function file(path: string, name: string, rest: string) {
  const document = parseDocument(`apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: ${name}}\n${rest}`);
  return { path, document, cluster: normalise(document.data) };
}

function told(...files: FileAmongOthers[]): string[] {
  const found = twinsAmong(files);
  return files.flatMap(({ path, document }) =>
    (found.get(path) ?? []).map(
      ({ severity, range, message }) =>
        `${path} ${severity} ${document.text.slice(range.start, range.end)}: ${message.slice(0, message.indexOf(':'))}`,
    ),
  );
}

describe('several cluster files', () => {
  it('a machine, a name and a fixed address of two files are told in both', () => {
    const a = file('a.k3s.yaml', 'edge', 'loadBalancer: {address: 10.0.0.100}\nservers: {nodes: [{host: 10.0.0.11}]}');
    const b = file(
      'b.k3s.yaml',
      'Edge',
      'loadBalancer: {address: 10.0.0.100}\nagents: {nodes: [{host: "10.0.0.[11-12]"}]}',
    );
    expect(told(a, b)).toEqual([
      'a.k3s.yaml info edge: b.k3s.yaml has a cluster called edge, too',
      'a.k3s.yaml warning 10.0.0.100: 10.0.0.100 is the fixed address of b.k3s.yaml, too',
      'a.k3s.yaml warning 10.0.0.11: 10.0.0.11 is a machine of b.k3s.yaml, too',
      'b.k3s.yaml info Edge: a.k3s.yaml has a cluster called Edge, too',
      'b.k3s.yaml warning 10.0.0.100: 10.0.0.100 is the fixed address of a.k3s.yaml, too',
      'b.k3s.yaml warning "10.0.0.[11-12]": 10.0.0.11 is a machine of a.k3s.yaml, too',
    ]);
  });

  it('each is told where the other one has it', () => {
    const a = file('a', 'a', 'servers: {nodes: [{host: 10.0.0.11}]}');
    const b = file('b', 'b', '# first\nservers: {nodes: [{host: 10.0.0.12}, {host: 10.0.0.11}]}');
    const found = twinsAmong([a, b]);
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const)
      expect(
        found
          .get(own.path)
          ?.map((twin) => [twin.other.path, other.document.text.slice(twin.other.range.start, twin.other.range.end)]),
      ).toEqual([[other.path, '10.0.0.11']]);
  });

  it('a comment at the line ignores it there, a level changes it or switches it off, and the comment is never needless', () => {
    const plain = file('a', 'a', 'servers: {nodes: [{host: 10.0.0.11}]}');
    const ignoring = file(
      'b',
      'b',
      'servers:\n  nodes:\n    # k3s-ha-ignore in-other-file -- moves there in May\n    - host: 10.0.0.11\n',
    );
    expect(told(plain, ignoring).map((line) => line.slice(0, 2))).toEqual(['a ']);
    const silent = { ...plain, path: 'c', levels: { 'in-other-file': 'off' as const } };
    expect(told(plain, silent).filter((line) => line.startsWith('c '))).toEqual([]);
    expect(validate(ignoring.document.text).map(({ code }) => code)).not.toContain('unused-ignore');
    expect(
      validate(ignoring.document.text.replace('in-other', 'in-othr')).map(({ message }) => message),
    ).toContainEqual('There is no rule "in-othr-file"; did you mean "in-other-file"?');
  });

  it('another door leads to another machine', () => {
    const site = (path: string, jump: string, host = '10.0.0.11') =>
      file(path, path.slice(0, 1), `ssh: {proxyJump: ${jump}}\nservers: {nodes: [{host: "${host}"}]}`);
    expect(told(site('a', 'gate-a'), site('b', 'gate-b'))).toEqual([]);
    expect(told(site('a', 'gate-a'), site('b', 'gate-a'))).toHaveLength(2);
  });

  it('names of examples, references and placeholders are of nobody', () => {
    const of = (path: string) =>
      file(path, path, 'loadBalancer: {address: k3s.example.com}\nservers: {nodes: [{host: 192.0.2.11}, {host: $IP}]}');
    expect(told(of('a'), of('b'))).toEqual([]);
  });

  it('what stands twice in one file is a matter of that file', () => {
    const twice = file('a', 'a', 'servers: {nodes: [{host: 10.0.0.11}, {host: 10.0.0.11}]}');
    expect(told(twice, file('b', 'b', 'servers: {nodes: [{host: 10.0.0.12}]}'))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/core/cluster/normalise';
import { hostFiles } from '../../../src/core/cluster/hostFiles';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import { nodesOf } from '../../../src/core/cluster/roles';
import { parseDocument } from '../../../src/core/document/parse';
import type { Cluster } from '../../../src/core/cluster/cluster';

const read = (yaml: string): Cluster => normalise(parseDocument(yaml).data);

/** `<node> <mode> <place>` of every file. */
function places(cluster: Cluster): string[] {
  return nodesOf(cluster).flatMap((node) =>
    hostFiles(cluster, node).map(
      ({ to, mode, source }) => `${node.id} ${mode} ${to} ${source.kind === 'local' ? source.from : ''}`,
    ),
  );
}

const NODES = `servers:
  files: [{from: s, to: /etc/s}, {from: nearer, to: /etc/a}]
  nodes:
    - host: s1
      files: [{from: own, to: /etc/own, mode: '644', owner: 'nobody:nogroup', restart: true}, {from: nearest, to: /etc/a}]
    - host: s2
agents:
  nodes: [{host: a1}]
`;

describe('files that a cluster file sends', () => {
  it('go to all hosts, to those of a role or to one; the nearest of the same place counts', () => {
    const cluster = read(`files: [{from: a, to: /etc/a}]\n${NODES}`);
    expect(places(cluster)).toEqual([
      's1 0600 /etc/a nearest',
      's1 0600 /etc/s s',
      's1 0644 /etc/own own',
      's2 0600 /etc/a nearer',
      's2 0600 /etc/s s',
      'a1 0600 /etc/a a',
    ]);
    expect(cluster.servers[0]?.files?.at(-1)).toMatchObject({ owner: 'nobody:nogroup', restart: true });
    expect(cluster.servers[0]?.files?.at(-1)?.path).toEqual(['servers', 'nodes', 0, 'files', 0]);
  });

  it('are read anew when they change, also for nodes that do not', () => {
    const before = parseDocument(`files: [{from: a, to: /etc/a}]\n${NODES}`);
    normalise(before.data);
    const text = before.text.replace('from: a,', 'from: b,');
    expect(normalise(parseDocument(text, before).data).agents[0]?.files?.map(({ from }) => from)).toEqual(['b']);
  });

  it('that are half written are left out', () => {
    expect(places(read('files: [{from: a}, {to: /etc/b}, c, null]\nservers: {nodes: [{host: s1}]}'))).toEqual([]);
  });
});

describe('registries', () => {
  const text = `registries:
  mirrors: {docker.io: {endpoint: ["https://r.example.com"]}, "*": null}
  configs: {r.example.com: {auth: {username: k3s, password: "\${secret:registry}"}}}
servers: {config: {private-registry: /etc/own.yaml}, nodes: [{host: s1}]}
agents: {nodes: [{host: a1}]}
`;

  it('become registries.yaml of every host, where K3s there looks for it', () => {
    expect(places(read(text))).toEqual(['s1 0600 /etc/own.yaml ', 'a1 0600 /etc/rancher/k3s/registries.yaml ']);
  });

  it('are shown without what logs in, and their secrets are told for each host', () => {
    const cluster = read(text);
    const [file] = cluster.servers.flatMap((node) => hostFiles(cluster, node));
    const shown = file?.source.kind === 'written' ? file.source.shown : '';
    expect(shown).toContain('password: «secret»');
    expect(shown).toContain('username: k3s');
    expect(shown).toContain('"*": null');
    const told = disclosuresOf(cluster).map(({ kind, name, use, machine }) => `${kind} ${name} ${use} ${machine.id}`);
    expect(told).toEqual(['secret registry registries s1', 'secret registry registries a1']);
  });

  it('may be a file, which the person is asked about wherever it lies', () => {
    const cluster = read('registries: {file: ./registries.yaml}\nservers: {nodes: [{host: s1}]}');
    expect(places(cluster)).toEqual(['s1 0600 /etc/rancher/k3s/registries.yaml ./registries.yaml']);
    expect(disclosuresOf(cluster)).toMatchObject([{ kind: 'file', name: './registries.yaml', use: 'registries.file' }]);
  });
});

describe('manifests', () => {
  it('go to the servers that apply them, below their own data-dir', () => {
    const cluster = read(`manifests: [./addons/*.yaml]
servers:
  nodes:
    - {host: s1, config: {data-dir: /data/k3s}}
    - {host: s2, config: {disable-apiserver: true}}
agents: {nodes: [{host: a1}]}`);
    expect(places(cluster)).toEqual(['s1 0600 /data/k3s/server/manifests ./addons/*.yaml']);
  });
});

import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { hostNotes, preflight } from '../../../../src/engine/planning/preflight';
import { clusterOf, freshHost, runningUnit } from '../../../support/cluster';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const [agent] = cluster.agents as [ClusterNode];
const MEBIBYTE = 1024;

function problemsOf(node: ClusterNode, seen: Partial<HostFacts>, of = cluster): string[] {
  return preflight(of, node, { ...freshHost(node.id), ...seen }).map(({ message }) => message);
}

function notesOf(node: ClusterNode, seen: Partial<HostFacts>, median = 1_790_000_000): string[] {
  return hostNotes(node, { ...freshHost(node.id), ...seen }, median);
}

describe('what keeps a host from being touched', () => {
  it.each(['x86_64', 'amd64', 'aarch64', 'arm64', 's390x', 'armv7l'])('is not the architecture %s', (arch) => {
    expect(problemsOf(server, { arch })).toEqual([]);
  });

  it.each(['riscv64', 'i686', 'ppc64le', 'sarm64'])('is the architecture %s', (arch) => {
    expect(problemsOf(server, { arch })).toEqual([
      `server-1 has the processor architecture ${arch}, for which there is no K3s`,
    ]);
  });

  it('is a port that its own role needs, and no other one', () => {
    const ports = (node: ClusterNode, ...listeningPorts: number[]): string[] =>
      problemsOf(node, { listeningPorts }).map((message) => /Port (\d+)/.exec(message)?.[1] ?? message);
    expect(ports(server, 22, 443, 6443, 2379, 2380, 10250)).toEqual(['6443', '2379', '2380', '10250']);
    expect(ports(agent, 22, 443, 6443, 2379, 2380, 10250)).toEqual(['10250']);
  });

  it('is no port of etcd where the data is elsewhere, and the port of the API that the file names', () => {
    const outside = clusterOf({
      datastore: { type: 'mysql', endpoint: 'mysql://u:p@tcp(10.0.0.9:3306)/k3s' },
      serverConfig: { 'https-listen-port': 7443 },
    });
    const [first] = outside.servers as [ClusterNode];
    const found = problemsOf(first, { listeningPorts: [2379, 2380, 6443, 7443] }, outside);
    expect(found).toEqual([expect.stringContaining('Port 7443 is already in use on server-1')]);
  });

  it('is too little room, but not one that nobody could measure', () => {
    expect(problemsOf(server, { diskFreeKiB: 1024 * MEBIBYTE - 1 })).toHaveLength(1);
    expect(problemsOf(server, { diskFreeKiB: 1024 * MEBIBYTE })).toEqual([]);
    expect(problemsOf(server, { diskFreeKiB: 0 })).toEqual([]);
  });

  it('is no default route before K3s is started, with commands that make one', () => {
    const [found] = preflight(cluster, server, { ...freshHost('server-1'), defaultRoute: false });
    expect(found).toMatchObject({ code: 'no-default-route', host: 'server-1' });
    expect(found?.details).toContain('ip route add default via 203.0.113.255 dev dummy0 metric 1000');
    expect(problemsOf(server, { defaultRoute: false, units: runningUnit('server') })).toEqual([]);
  });

  it('is neither room nor ports where K3s is installed: they are its own', () => {
    const installed = { units: runningUnit('server'), diskFreeKiB: 1, listeningPorts: [6443, 10250] };
    expect(problemsOf(server, installed)).toEqual([]);
  });

  it('is the unit of the other role, with the way to get rid of it', () => {
    const [found] = preflight(cluster, agent, { ...freshHost('agent-1'), units: runningUnit('server') });
    expect(found?.message).toBe('agent-1 is declared as agent but has k3s.service installed');
    expect(found?.nextSteps.join()).toContain('(k3s-uninstall.sh)');
    const [other] = preflight(cluster, server, { ...freshHost('server-1'), units: runningUnit('agent') });
    expect(other?.nextSteps.join()).toContain('(k3s-agent-uninstall.sh)');
  });
});

describe('what a person should know of a host', () => {
  it('is nothing of a plain one', () => {
    expect(notesOf(server, {})).toEqual([]);
  });

  it.each([
    ['firewall', { firewall: 'ufw' as const }, 'server-1 has ufw active'],
    [
      'no default route under a K3s that runs all the same',
      { defaultRoute: false, units: runningUnit('server') },
      'server-1 has no default route',
    ],
    ['a clock that is late', { time: 1_790_000_000 - 31 }, 'The clock of server-1 is 31 s away from the others'],
    ['a clock that is early', { time: 1_790_000_000 + 90 }, 'The clock of server-1 is 90 s away from the others'],
  ])('is %s', (_, seen, words) => {
    expect(notesOf(server, seen)).toEqual([expect.stringContaining(words)]);
  });

  it('is no clock within half a minute', () => {
    expect(notesOf(server, { time: 1_790_000_000 + 30 })).toEqual([]);
    expect(notesOf(server, { time: 1_790_000_000 - 30 })).toEqual([]);
  });

  it.each([
    ['a server of one processor', server, { cpus: 1 }, true],
    ['a server of two', server, { cpus: 2 }, false],
    ['a server of less than two gigabytes', server, { memoryKiB: 1_899_999 }, true],
    ['a server of two gigabytes as machines report them', server, { memoryKiB: 1_900_000 }, false],
    ['an agent of one processor and little memory', agent, { cpus: 1, memoryKiB: 480_000 }, false],
    ['an agent of less', agent, { memoryKiB: 479_999 }, true],
  ] as const)('is the size of %s', (_, node, seen, small) => {
    expect(notesOf(node, seen)).toEqual(small ? [expect.stringContaining('is smaller than K3s asks for')] : []);
  });
});

import { describe, expect, it } from 'vitest';
import { clusterOf, freshHost } from '../../../support/cluster';
import { scriptedHosts, type CallAnswer } from '../../../support/scriptedHosts';
import { checkHosts } from '../../../../src/core/hostChecks/registry';
import { measureDisks } from '../../../../src/engine/checks/measureDisks';
import { lookUpNames } from '../../../../src/engine/checks/lookUpNames';
import { tryPorts, type Reached } from '../../../../src/engine/checks/tryPorts';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { normalise } from '../../../../src/core/cluster/normalise';
import { machinesOf } from '../../../../src/core/cluster/roles';

/** Machines that listen as they are told, and meet at each door what `meets` says. */
function machines(
  meets: (from: string, port: string, address: string) => string = () => 'reached',
  more: CallAnswer = () => ({}),
) {
  return scriptedHosts((host, script, turn, call) => {
    if (script === 'port-dial') {
      const lines = call.stdin.split('\n').filter((line) => line !== '');
      const said = lines.map((line) => {
        const [port = '', address = ''] = line.split(' ');
        return `${meets(host, port, address)} ${line}`;
      });
      return { stdout: said.join('\n'), ...(more(host, script, turn, call) as object) };
    }
    return more(host, script, turn, call);
  });
}

const reachedOf = (
  cluster: Cluster,
  seen: Readonly<Record<string, Partial<Reached>>> = {},
): ReadonlyMap<string, Reached> =>
  new Map(machinesOf(cluster).map(({ id }) => [id, { ...freshHost(id), ...seen[id] }]));

function say(cluster: Cluster, mesh: Awaited<ReturnType<typeof tryPorts>>): readonly string[] {
  return checkHosts({ cluster, facts: new Map(), unreachable: new Map(), mesh }).map(
    ({ id, severity, machine, message }) => `${severity} ${id} ${machine}: ${message}`,
  );
}

/** One server and one agent, which the file calls by a name. */
function clusterNamed(host: string): Cluster {
  const { agents, ...rest } = clusterOf({ servers: 1, agents: 1, datastore: { type: 'sqlite' } });
  return { ...rest, agents: agents.map((agent) => ({ ...agent, host, address: host })) };
}

/** The cluster with HAProxy on two machines of their own. */
function balancedCluster(): Cluster {
  return normalise({
    apiVersion: 'k3s-ha/v1',
    kind: 'Cluster',
    metadata: { name: 'edge' },
    loadBalancer: {
      type: 'haproxy',
      address: '10.0.0.100',
      nodes: [
        { host: '10.0.0.5', name: 'lb-1' },
        { host: '10.0.0.6', name: 'lb-2' },
      ],
    },
    datastore: { type: 'postgres', endpoint: 'postgres://k3s:${secret:db}@db.lan:5432/k3s' },
    registries: { mirrors: { 'docker.io': { endpoint: ['https://mirror.lan:5000'] } } },
    servers: { nodes: [{ host: 'one.lan', name: 'server-1' }] },
    agents: { nodes: [{ host: '10.0.1.11', name: 'agent-1' }] },
  });
}

describe('the mesh of ports', () => {
  const cluster = clusterOf({ servers: 3, agents: 1 });

  it('is tried at every port that the roles of the machines need, from every machine that uses it', async () => {
    const hosts = machines();
    expect(await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 10 })).toEqual({
      shut: [],
      untried: new Map(),
    });
    const of = (script: string, host: string) =>
      hosts.calls.filter((call) => call.script === script && call.host === host);
    expect(of('port-listen', 'server-1').map(({ args }) => args)).toEqual([
      ['30', 'tcp:6443', 'tcp:2379', 'tcp:2380', 'tcp:10250', 'udp:8472'],
    ]);
    expect(of('port-listen', 'agent-1').map(({ args }) => args)).toEqual([['30', 'tcp:10250', 'udp:8472']]);
    expect(of('port-dial', 'agent-1').map(({ stdin }) => stdin.trim().split('\n'))).toEqual([
      ['10.0.0.11', '10.0.0.12', '10.0.0.13'].flatMap((address) =>
        ['tcp:6443', 'tcp:10250', 'udp:8472'].map((port) => `${port} ${address}`),
      ),
    ]);
  });

  it('tells a port that others do not reach, with who does not and how', async () => {
    const hosts = machines((from, port, address) =>
      address === '10.0.0.12' && port === 'tcp:2380'
        ? 'refused'
        : from === 'agent-1' && port === 'udp:8472'
          ? 'silent'
          : 'reached',
    );
    expect(say(cluster, await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 2 }))).toEqual([
      'error port-unreachable server-1: agent-1 does not reach 8472/udp of server-1: no answer',
      'error port-unreachable server-2: server-1 and server-3 do not reach 2380/tcp of server-2: refused',
      'error port-unreachable server-2: agent-1 does not reach 8472/udp of server-2: no answer',
      'error port-unreachable server-3: agent-1 does not reach 8472/udp of server-3: no answer',
    ]);
  });

  it('knocks at a listener that is already there over TCP, and not over UDP', async () => {
    const hosts = machines(undefined, (host, script) =>
      host === 'server-1' && script === 'port-listen' ? { stdout: 'busy tcp:6443\nbusy udp:8472\nready\n' } : {},
    );
    await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 10 });
    const knocks = hosts.calls.find(({ script, host }) => script === 'port-dial' && host === 'agent-1')?.stdin ?? '';
    expect(knocks).toContain('tcp:6443 10.0.0.11\n');
    expect(knocks).not.toContain('udp:8472 10.0.0.11\n');
    expect(knocks).toContain('udp:8472 10.0.0.12\n');
  });

  it('says of which machines it could not be tried, and tries the others', async () => {
    const hosts = machines(undefined, (host, script) =>
      host === 'server-1'
        ? { stdout: 'none\n' }
        : host === 'agent-1' && script === 'port-listen'
          ? { stdout: '', exitCode: 0 }
          : {},
    );
    const found = say(cluster, await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 10 }));
    expect(found).toEqual([
      'info port-not-tried server-1: Nobody could try whether server-1 and the other machines reach each other: it has neither python3 nor perl',
      'info port-not-tried agent-1: Nobody could try whether agent-1 and the other machines reach each other: what listened there ended before all had knocked',
    ]);
  });

  it('takes half of an answer, or none, for no answer: what was not told is not open', async () => {
    const hosts = machines(undefined, (host, script) =>
      script !== 'port-dial'
        ? {}
        : host === 'server-2'
          ? { stdout: '' }
          : host === 'server-3'
            ? { stdout: 'Welcome to server-3!\nreached tcp:6443 10.0.0.11\nrefused tcp:2379 10.0.0.11\nreached tcp:23' }
            : {},
    );
    const found = say(cluster, await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 10 }));
    const half = 'its answer ended before it had told of every port';
    expect(found).toEqual([
      'error port-unreachable server-1: server-3 does not reach 2379/tcp of server-1: refused',
      `info port-not-tried server-2: Nobody could try whether server-2 and the other machines reach each other: ${half}`,
      `info port-not-tried server-3: Nobody could try whether server-3 and the other machines reach each other: ${half}`,
    ]);
  });

  it('does not call the ports of a machine shut that goes away while the others knock', async () => {
    const hosts = machines(
      (_, __, address) => (/10\.0\.0\.1[12]/.test(address) ? 'silent' : 'reached'),
      (host, script) =>
        script === 'port-listen'
          ? { stdout: 'process 77\nready\n' }
          : script !== 'port-free'
            ? {}
            : host === 'server-1'
              ? 'cut off'
              : { stdout: host === 'server-2' ? '' : 'there\n' },
    );
    const gone = 'what listened there ended before all had knocked';
    expect(say(cluster, await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 10 }))).toEqual([
      `info port-not-tried server-1: Nobody could try whether server-1 and the other machines reach each other: ${gone}`,
      `info port-not-tried server-2: Nobody could try whether server-2 and the other machines reach each other: ${gone}`,
    ]);
  });

  it('ends a listener that was given up before it was ready, when its process is known', async () => {
    const asked: string[] = [];
    const stop = new AbortController();
    const hosts = machines();
    const run: typeof hosts.run = async (at, command, options = {}) => {
      asked.push(`${command.script.id} ${at.id} ${command.args.join(' ')}`);
      if (command.script.id !== 'port-listen') return hosts.run(at, command, options);
      options.onLine?.('process 78', 'stdout');
      stop.abort();
      return { kind: 'unknown', problem: { code: 'remote-cancelled', message: 'cancelled', nextSteps: [] } };
    };
    await tryPorts(cluster, reachedOf(cluster), { hosts: { ...hosts, run }, parallel: 1 }, { signal: stop.signal });
    expect(asked.filter((call) => !call.startsWith('port-listen'))).toEqual(['port-free server-1 78']);
  });

  it('ends every listener when all have knocked, when a connection breaks, and when it is cancelled', async () => {
    let listening = 0;
    const hosts = scriptedHosts(() => ({}));
    const run: typeof hosts.run = async (at, command, options = {}) => {
      if (command.script.id !== 'port-listen') return hosts.run(at, command, options);
      listening += 1;
      options.onLine?.('ready', 'stdout');
      await new Promise<void>((resolve) => options.signal?.addEventListener('abort', () => resolve(), { once: true }));
      listening -= 1;
      return { kind: 'failed', problem: { code: 'remote-cancelled', message: 'ended', nextSteps: [] } };
    };
    const used = { hosts: { ...hosts, run }, parallel: 10 };
    await tryPorts(cluster, reachedOf(cluster), used);
    expect(listening).toBe(0);
    const stop = new AbortController();
    const cancelled = tryPorts(cluster, reachedOf(cluster), used, { signal: stop.signal });
    stop.abort();
    await cancelled;
    expect(listening).toBe(0);
  });

  it('ends each listener before it is over, so that whoever looks next finds the ports free', async () => {
    const hosts = machines(undefined, (host, script) =>
      script === 'port-listen' ? { stdout: `process 4${host.at(-1)}\nready\n` } : {},
    );
    await tryPorts(cluster, reachedOf(cluster), { hosts, parallel: 10 });
    const freed = hosts.calls.filter(({ script }) => script === 'port-free').map(({ host, args }) => [host, ...args]);
    expect(freed).toEqual([
      ['server-1', '41'],
      ['server-2', '42'],
      ['server-3', '43'],
      ['agent-1', '41'],
    ]);
  });

  it('beside a cluster that runs listens on new machines alone, and knocks where the others listen already', async () => {
    const hosts = machines((_, port, address) =>
      port === 'tcp:10250' && address === '10.0.0.12' ? 'silent' : 'reached',
    );
    const running = { listeningPorts: [22, 6443, 2379, 2380, 10_250] };
    const reached = reachedOf(cluster, { 'server-1': running, 'server-2': running, 'server-3': running });
    const mesh = await tryPorts(cluster, reached, { hosts, parallel: 10 }, { fresh: new Set(['agent-1']) });
    expect(hosts.asked().filter((call) => call.startsWith('port-listen'))).toEqual(['port-listen agent-1']);
    const knocks = (host: string) =>
      hosts.calls
        .find(({ script, ...call }) => script === 'port-dial' && call.host === host)
        ?.stdin.trim()
        .split('\n');
    expect(knocks('server-1')).toEqual(['tcp:10250 10.0.1.11', 'udp:8472 10.0.1.11']);
    expect(knocks('agent-1')).toEqual(
      ['10.0.0.11', '10.0.0.12', '10.0.0.13'].flatMap((at) => [`tcp:6443 ${at}`, `tcp:10250 ${at}`]),
    );
    expect(say(cluster, mesh)).toEqual([
      'error port-unreachable server-2: agent-1 does not reach 10250/tcp of server-2: no answer',
    ]);
  });

  it('knows a machine by a name that the others need not know, and by the address that it has', async () => {
    const named = clusterNamed('alias-of-my-laptop');
    const hosts = machines((_, __, address) => (address === '10.0.1.11' ? 'reached' : 'silent'));
    const reached = reachedOf(named, { 'agent-1': { addresses: ['10.0.1.11'] }, 'server-1': { addresses: [] } });
    expect((await tryPorts(named, reached, { hosts, parallel: 10 })).shut.map(({ machine }) => machine)).not.toContain(
      'agent-1',
    );
  });

  it('has machines of the load balancer listen on its port, and everybody knock there', async () => {
    const balanced = balancedCluster();
    const hosts = machines((from, _, address) => (from === 'agent-1' && address === '10.0.0.5' ? 'silent' : 'reached'));
    const mesh = await tryPorts(balanced, reachedOf(balanced), { hosts, parallel: 10 });
    const listened = hosts.calls.find(({ script, host }) => script === 'port-listen' && host === 'lb-1');
    expect(listened?.args).toEqual(['30', 'tcp:6443']);
    expect(say(balanced, mesh)).toEqual([
      'error port-unreachable lb-1: agent-1 does not reach 6443/tcp of lb-1: no answer',
    ]);
  });

  it('of a thousand agents has each knock at the servers and at twenty neighbours', async () => {
    const large = clusterOf({ servers: 1, agents: 200, datastore: { type: 'sqlite' } });
    const hosts = machines();
    await tryPorts(large, reachedOf(large), { hosts, parallel: 500 });
    const knocks = hosts.calls.find(({ script, host }) => script === 'port-dial' && host === 'agent-100')?.stdin ?? '';
    expect(knocks.trim().split('\n')).toHaveLength(3 + 20 * 2);
  });
});

describe('the disk of etcd', () => {
  it('is measured on members alone, and told when one of twenty rounds is slower than etcd asks for', async () => {
    const cluster = clusterOf({ servers: 3, agents: 1, serverConfig: { 'data-dir': '/data' } });
    const hosts = scriptedHosts((host) =>
      host === 'server-3'
        ? { stdout: '' }
        : {
            stdout: Array.from({ length: 20 }, (_, i) => `took ${host === 'server-2' && i < 2 ? '0.5' : '0.02'}`).join(
              '\n',
            ),
          },
    );
    const disks = await measureDisks(cluster, reachedOf(cluster), { hosts, parallel: 5 });
    expect(hosts.calls.map(({ host, args }) => `${host} ${args.join()}`)).toEqual([
      'server-1 /data',
      'server-2 /data',
      'server-3 /data',
    ]);
    expect([...disks.keys()]).toEqual(['server-1', 'server-2']);
    const found = checkHosts({ cluster, facts: new Map(), unreachable: new Map(), disks });
    expect(found.map(({ id, machine, message }) => [id, machine, message])).toEqual([
      [
        'etcd-slow-disk',
        'server-2',
        'The disk of server-2 takes 50 ms for a write that is safe, and usually 2.0 ms; etcd asks for less than 10 ms',
      ],
    ]);
  });
});

describe('the names of a file', () => {
  const asked = (cluster: Cluster, unknown: readonly string[]) => {
    const hosts = scriptedHosts((_, __, ___, { stdin }) => ({
      stdout: stdin.replaceAll(
        /^(.+)$/gm,
        (_all, name: string) => `${name}=${unknown.includes(name) ? '' : '10.0.0.9 '}`,
      ),
    }));
    return { hosts, found: lookUpNames(cluster, reachedOf(cluster), { hosts, parallel: 5 }) };
  };

  it('are looked up by the machines that use them, each by its own', async () => {
    const { hosts, found } = asked(balancedCluster(), []);
    expect(await found).toEqual(new Map());
    expect(hosts.calls.map(({ host, stdin }) => `${host}: ${stdin.trim().split('\n').join(' ')}`)).toEqual([
      'server-1: db.lan mirror.lan',
      'agent-1: mirror.lan',
      'lb-1: one.lan',
      'lb-2: one.lan',
    ]);
  });

  it('are told by name and machine where nobody knows them; a registry keeps nothing from starting', async () => {
    const cluster = balancedCluster();
    const unknownNames = await asked(cluster, ['db.lan', 'mirror.lan', 'one.lan']).found;
    expect(
      checkHosts({ cluster, facts: new Map(), unreachable: new Map(), unknownNames }).map(
        ({ id, severity, message }) => `${severity} ${id}: ${message}`,
      ),
    ).toEqual([
      'error name-unknown: server-1 finds no address for db.lan, by which the file names the datastore',
      'error name-unknown: lb-1 finds no address for one.lan, by which the file names a server behind the load balancer',
      'error name-unknown: lb-2 finds no address for one.lan, by which the file names a server behind the load balancer',
      'warning name-unknown: server-1 finds no address for mirror.lan, by which the file names a registry of images',
      'warning name-unknown: agent-1 finds no address for mirror.lan, by which the file names a registry of images',
    ]);
  });

  it("are nobody's where a machine has nothing to ask with, or does not answer", async () => {
    const cluster = balancedCluster();
    const hosts = scriptedHosts((host) => (host === 'server-1' ? { stdout: 'none\n' } : 'cut off'));
    expect(await lookUpNames(cluster, reachedOf(cluster), { hosts, parallel: 5 })).toEqual(new Map());
  });
});

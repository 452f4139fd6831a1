import { connect as tlsConnect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { etcdMembers } from '../../src/core/remote/etcd';
import { readFile } from '../../src/core/remote/file';
import { apiReady, listNodes } from '../../src/core/remote/kubectl';
import { probe } from '../../src/core/facts/probe';
import { serverReady } from '../../src/core/remote/readiness';
import { controlUnit } from '../../src/core/remote/unit';
import { agentOf, etcdServer, eventually, hasKubectl, startLab, type Lab } from './lab';

const DATA = '/var/lib/rancher/k3s';
const NO_API = ['disable-apiserver: true', 'disable-controller-manager: true', 'disable-scheduler: true'];

interface Node {
  readonly metadata: { readonly name: string; readonly labels: object; readonly annotations: object };
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

async function nodes(lab: Lab, on: string): Promise<ReadonlyMap<string, Node>> {
  const listed = await lab.run(on, listNodes());
  return new Map(listed.ok ? (listed.value as Node[]).map((node) => [node.metadata.name, node]) : []);
}

function hasCondition(node: Node | undefined, type: string): boolean {
  return node?.status.conditions.some((condition) => condition.type === type && condition.status === 'True') === true;
}

describe('a server of each kind and an agent', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ servers: 3, agents: 1 });
    await lab.bring('server-1', 'server', etcdServer());
    const through = lab.address('server-1');
    await lab.bring('server-2', 'server', etcdServer(through, 'disable-etcd: true'));
    await lab.bring('server-3', 'server', etcdServer(through, ...NO_API));
    await lab.bring('agent-1', 'agent', agentOf(through));
    await eventually(
      async () => {
        const all = await nodes(lab, 'server-1');
        const ready = [...all.values()].filter((node) => hasCondition(node, 'Ready')).length;
        return ready === 4 && hasCondition(all.get('server-3'), 'EtcdIsVoter');
      },
      () => 'not four Ready nodes',
    );
  });
  afterAll(() => lab.stop());

  it('have the roles, annotations and conditions of their kind', async () => {
    const all = await nodes(lab, 'server-1');
    const about = (name: string): unknown[] => {
      const { metadata } = all.get(name) as Node;
      const roles = Object.keys(metadata.labels).filter((key) => key.startsWith('node-role.'));
      const etcd = Object.keys(metadata.annotations).filter((key) => key.startsWith('etcd.k3s.'));
      return [roles.map((key) => key.split('/')[1]), etcd.length > 0, hasCondition(all.get(name), 'EtcdIsVoter')];
    };
    expect(about('server-1')).toEqual([['control-plane', 'etcd'], true, true]);
    expect(about('server-2')).toEqual([['control-plane'], false, false]);
    expect(about('server-3')).toEqual([['etcd'], true, true]);
    expect(about('agent-1')).toEqual([[], false, false]);
  });

  it('are ready each in its own way, with two members of etcd', async () => {
    for (const id of ['server-1', 'server-2', 'server-3'])
      expect(await lab.run(id, serverReady(DATA, 6443)), id).toEqual({ ok: true, value: { ready: true, says: 'ok' } });
    const view = await lab.run('server-3', etcdMembers(DATA));
    expect(view.ok && view.value.members.map(({ nodeName }) => nodeName).sort()).toEqual(['server-1', 'server-3']);
    expect(await lab.run('server-2', etcdMembers(DATA))).toMatchObject({ error: { code: 'etcd-not-answering' } });
  });

  it('open the ports of their kind: 2379 also without etcd, 6443 also without an API server', async () => {
    const open = async (id: string): Promise<readonly number[]> => {
      const facts = await lab.run(id, probe());
      return facts.ok ? facts.value.listeningPorts.filter((port) => port !== 2222) : [];
    };
    const agent = [6444, 10010, 10248, 10249, 10250, 10256];
    const sorted = (...ports: number[]): number[] => ports.sort((a, b) => a - b);
    expect(await open('server-1')).toEqual(sorted(2379, 2380, 2381, 2382, 6443, ...agent, 10257, 10258, 10259));
    expect(await open('server-2')).toEqual(sorted(2379, 6443, ...agent, 10257, 10258, 10259));
    expect(await open('server-3')).toEqual(sorted(2379, 2380, 2381, 2382, 6443, ...agent, 10258));
    expect(await open('agent-1')).toEqual(sorted(...agent));
  });

  it('let kubectl work on every server, and keep what it needs', async () => {
    for (const id of ['server-1', 'server-2', 'server-3']) expect((await lab.run(id, apiReady())).ok, id).toBe(true);
    expect(await lab.run('agent-1', apiReady())).toMatchObject({
      error: { why: expect.stringContaining('localhost:8080 was refused') },
    });
    const state = `${DATA}/agent/etc/k3s-agent-load-balancer.json`;
    expect((await lab.run('server-2', readFile(state))).ok).toBe(false);
    expect(await lab.run('server-3', readFile(state))).toMatchObject({
      value: expect.stringContaining(`${lab.address('server-1')}:6443`),
    });
  });

  it('show one and the same certificate, also when one of them brings a new name', async () => {
    const serial = (id: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = tlsConnect({ host: lab.address(id), port: 6443, rejectUnauthorized: false }, () => {
          const { serialNumber, subjectaltname = '' } = socket.getPeerCertificate();
          resolve(`${serialNumber} ${subjectaltname}`);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const all = (): Promise<string[]> => Promise.all(['server-1', 'server-2', 'server-3'].map(serial));
    const before = await all();
    expect(new Set(before).size).toBe(1);
    await lab.begin(
      'server-2',
      'server',
      etcdServer(lab.address('server-1'), 'disable-etcd: true', 'tls-san: [extra.example]'),
    );
    await lab.run('server-2', controlUnit('restart', 'k3s'));
    await eventually(
      async () => (await serial('server-1')).includes('extra.example'),
      () => 'the new name is not shown',
    );
    await eventually(
      async () => (await lab.status('server-2')).active === 'active',
      () => 'server-2 does not come back',
    );
    const after = await all();
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before[0]);
  });
});

describe.runIf(hasKubectl)('a member', () => {
  let lab: Lab;
  let config: string;
  afterEach(() => lab.stop());

  async function threeServers(): Promise<void> {
    lab = await startLab({ servers: 3 });
    await lab.bring('server-1', 'server', etcdServer());
    const through = lab.address('server-1');
    await Promise.all(['server-2', 'server-3'].map((id) => lab.bring(id, 'server', etcdServer(through))));
    config = await lab.kubeconfig('server-1', through);
    await eventually(
      async () =>
        [...(await nodes(lab, 'server-1')).values()].filter((node) => hasCondition(node, 'EtcdIsVoter')).length === 3,
      () => 'not three voters',
    );
  }
  const members = async (): Promise<readonly string[]> => {
    const view = await lab.run('server-1', etcdMembers(DATA));
    return view.ok ? view.value.members.map(({ nodeName }) => nodeName).sort() : [];
  };

  it('that is removed by annotation leaves its server running, without etcd', async () => {
    await threeServers();
    await lab.kubectl(config, 'annotate', 'node', 'server-3', 'etcd.k3s.cattle.io/remove=true');
    await lab.journalLine('server-3', 'This node has been removed from the cluster');
    expect(await members()).toEqual(['server-1', 'server-2']);
    expect(await lab.status('server-3')).toMatchObject({ active: 'active', restarts: 0 });
    expect(await lab.run('server-3', etcdMembers(DATA))).toMatchObject({ error: { code: 'etcd-not-answering' } });
    await eventually(
      async () => {
        const node = (await nodes(lab, 'server-1')).get('server-3');
        return JSON.stringify(node?.status.conditions).includes('"reason":"NotAMember"');
      },
      () => 'the node is still a voter',
    );
    await lab.run('server-3', controlUnit('restart', 'k3s'));
    await eventually(
      async () => (await members()).length === 3,
      () => 'server-3 does not join again',
    );
  });

  it('stays behind when its machine is wiped and started before its node is deleted', async () => {
    await threeServers();
    await lab.run('server-3', controlUnit('stop', 'k3s'));
    lab.fleet.inspect('server-3').removeFile(`${DATA}/server`);
    await lab.begin('server-3', 'server', etcdServer(lab.address('server-1')));
    await lab.journalLine('server-3', 'duplicate node name found');
    await lab.run('server-3', controlUnit('stop', 'k3s'));
    expect((await lab.kubectl(config, 'delete', 'node', 'server-3')).stdout).toContain('deleted');
    expect(await members()).toEqual(['server-1', 'server-2', 'server-3']);
  });

  it('leaves with its node when K3s is stopped first', async () => {
    await threeServers();
    await lab.run('server-3', controlUnit('stop', 'k3s'));
    expect((await lab.kubectl(config, 'delete', 'node', 'server-3')).stdout).toContain('deleted');
    expect(await members()).toEqual(['server-1', 'server-2']);
    expect((await nodes(lab, 'server-1')).has('server-3')).toBe(false);
  });
});

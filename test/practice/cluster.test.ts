import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listNodes } from '../../src/core/remote/kubectl';
import { probe } from '../../src/core/facts/probe';
import { agentOf, etcdServer, eventually, hasKubectl, kubectlProcess, startLab, type Lab } from './lab';

const IDS = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];

describe('three servers with embedded etcd, two agents, a load balancer', () => {
  let lab: Lab;
  let config: string;

  beforeAll(async () => {
    lab = await startLab({ servers: 3, agents: 2 });
    const balancer = lab.address('load-balancer');
    const san = `tls-san: [${balancer}]`;
    await lab.bring('server-1', 'server', etcdServer(undefined, san));
    const first = lab.address('server-1');
    await Promise.all([
      lab.bring('server-2', 'server', etcdServer(first, san)),
      lab.bring('server-3', 'server', etcdServer(first, san)),
      lab.bring('agent-1', 'agent', agentOf(balancer)),
      lab.bring('agent-2', 'agent', agentOf(balancer)),
    ]);
    config = await lab.kubeconfig('server-1', balancer);
    await eventually(
      async () => {
        const nodes = await lab.run('server-2', listNodes());
        return (
          nodes.ok &&
          nodes.value.length === 5 &&
          nodes.value.every((node) => JSON.stringify(node).includes('"type":"Ready","status":"True"')) &&
          JSON.stringify(nodes.value).split('MemberNotLearner').length === 4
        );
      },
      () => 'the nodes do not become Ready and voters',
    );
  });
  afterAll(() => lab.stop());

  it('let no command through that no host knows', () => {
    expect(lab.events.filter((event) => event.kind === 'unknownCommand')).toEqual([]);
  });

  it('took the joining servers one after the other', () => {
    const journals = ['server-2', 'server-3'].map((id) => lab.fleet.inspect(id).journal('k3s').join('\n'));
    expect(
      journals.filter((text) =>
        text.includes(
          'Waiting for other members to finish joining etcd cluster: etcdserver: too many learner members in cluster',
        ),
      ),
    ).toHaveLength(1);
    for (const text of journals) expect(text).toContain('ETCD server is now running');
  });

  it('are what a probe reports', async () => {
    const server = await lab.run('server-1', probe());
    if (!server.ok) throw new Error(server.error.message);
    expect(server.value).toMatchObject({
      arch: 'x86_64',
      hostname: 'server-1',
      init: 'systemd',
      k3sVersion: 'v1.36.3+k3s1',
      etcdData: true,
      serverToken: true,
      restartPending: false,
    });
    expect(server.value.units).toMatchObject({
      k3s: { active: 'active', sub: 'running', restarts: 0, enabled: true, command: ['server'] },
    });
    expect(server.value.listeningPorts).toContain(6443);
    expect(server.value.certificateNames).toEqual(
      expect.arrayContaining([
        lab.address('load-balancer'),
        lab.address('server-3'),
        '10.43.0.1',
        'kubernetes.default.svc.cluster.local',
        '::1',
      ]),
    );
    expect(server.value.os).toContain('simulated');
    const agent = await lab.run('agent-1', probe());
    if (!agent.ok) throw new Error(agent.error.message);
    expect(agent.value.units).toMatchObject({
      'k3s-agent': { active: 'active', sub: 'running', restarts: 0, enabled: true },
    });
    expect(agent.value).toMatchObject({ etcdData: false, serverToken: false, certificateNames: [] });
  });

  it('describe themselves as K3s nodes, secrets masked, and as simulated', async () => {
    const nodes = await lab.run('server-3', listNodes());
    if (!nodes.ok) throw new Error(nodes.error.message);
    const byName = new Map(
      (
        nodes.value as {
          metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> };
          status: { conditions: { type: string; status: string }[] };
        }[]
      ).map((node) => [node.metadata.name, node]),
    );
    expect([...byName.keys()].sort()).toEqual([...IDS].sort());
    const server = byName.get('server-2');
    expect(server?.metadata.labels).toMatchObject({
      'node-role.kubernetes.io/control-plane': 'true',
      'node-role.kubernetes.io/etcd': 'true',
      'k3s-ha.io/simulated': 'true',
    });
    expect(JSON.parse(server?.metadata.annotations['k3s.io/node-args'] ?? '')).toEqual([
      'server',
      '--token',
      '********',
      '--server',
      `https://${lab.address('server-1')}:6443`,
      '--tls-san',
      lab.address('load-balancer'),
    ]);
    expect(server?.status.conditions).toContainEqual(expect.objectContaining({ type: 'EtcdIsVoter', status: 'True' }));
    expect(byName.get('agent-1')?.metadata.labels).not.toHaveProperty('node-role.kubernetes.io/control-plane');
  });

  describe.runIf(hasKubectl)('with the real kubectl, through the load balancer', () => {
    it('lists the nodes as a table and as JSON', async () => {
      const { stdout, stderr } = await lab.kubectl(config, 'get', 'nodes', '-o', 'wide');
      expect(stderr).toBe('');
      const [header = '', ...rows] = stdout.trim().split('\n');
      expect(header.split(/\s{2,}/)).toEqual([
        'NAME',
        'STATUS',
        'ROLES',
        'AGE',
        'VERSION',
        'INTERNAL-IP',
        'EXTERNAL-IP',
        'OS-IMAGE',
        'KERNEL-VERSION',
        'CONTAINER-RUNTIME',
      ]);
      expect(rows.map((row) => row.split(/\s{2,}/).slice(0, 3))).toEqual([
        ['agent-1', 'Ready', '<none>'],
        ['agent-2', 'Ready', '<none>'],
        ['server-1', 'Ready', 'control-plane,etcd'],
        ['server-2', 'Ready', 'control-plane,etcd'],
        ['server-3', 'Ready', 'control-plane,etcd'],
      ]);
      const list = await lab.kubectl(config, 'get', 'nodes', '-o', 'name', '-l', 'node-role.kubernetes.io/etcd=true');
      expect(list.stdout.trim().split('\n')).toEqual(['node/server-1', 'node/server-2', 'node/server-3']);
    });

    it('describes a node', async () => {
      const { stdout, exitCode } = await lab.kubectl(config, 'describe', 'node', 'server-1');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Name:\s+server-1/);
      expect(stdout).toContain('KubeletReady');
      expect(stdout).toMatch(/Kubelet Version:\s+v1\.36\.3\+k3s1/);
    });

    it('tells version and readiness', async () => {
      expect((await lab.kubectl(config, 'version')).stdout).toContain('Server Version: v1.36.3+k3s1');
      expect((await lab.kubectl(config, 'get', '--raw', '/readyz')).stdout).toBe('ok');
    });

    it('cordons and uncordons', async () => {
      expect((await lab.kubectl(config, 'cordon', 'agent-2')).stdout).toContain('cordoned');
      expect((await lab.kubectl(config, 'get', 'node', 'agent-2')).stdout).toContain('Ready,SchedulingDisabled');
      expect((await lab.kubectl(config, 'uncordon', 'agent-2')).stdout).toContain('uncordoned');
      expect((await lab.kubectl(config, 'get', 'node', 'agent-2')).stdout).not.toContain('SchedulingDisabled');
    });

    it('shows a power cut on a watch: NotReady after the grace time, Ready after the boot', async () => {
      const watch = kubectlProcess(config, 'get', 'nodes', '-w');
      let seen = '';
      watch.stdout?.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      await eventually(
        () => seen.split('\n').length >= 6,
        () => `no list: ${seen}`,
      );
      await lab.fleet.powerOff('agent-1');
      await eventually(
        () => /agent-1\s+NotReady/.test(seen),
        () => `no NotReady: ${seen}`,
      );
      const { stdout } = await lab.kubectl(config, 'describe', 'node', 'agent-1');
      expect(stdout).toContain('Kubelet stopped posting node status.');
      seen = '';
      await lab.fleet.powerOn('agent-1');
      await eventually(
        () => /agent-1\s+Ready/.test(seen),
        () => `not Ready again: ${seen}`,
      );
      watch.kill();
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedFaults } from '../support/journals';
import { expectFailure, expectNodes, installByHand, kubeconfigFor, startByHand } from './byHand';
import { DEFAULT_K3S_VERSION, startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { startHaproxy, untilJournalHas } from './driver/services';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const AGENTS = ['agent-1', 'agent-2'];
const ALL_READY = Object.fromEntries([...AGENTS, ...SERVERS].map((name) => [name, 'Ready']));
const TOKEN = 'a-long-enough-secret';

describe.skipIf(fleetSkipReason() !== undefined)('three servers with embedded etcd behind HAProxy, by hand', () => {
  let fleet: Fleet;
  let balancer: string;
  let kubeconfig: string;

  beforeAll(async () => {
    const plain = [...SERVERS, ...AGENTS, 'stray'].map((name) => ({ name }));
    fleet = await startFleet({ hosts: [...plain, { name: 'lb', services: true }] });
    balancer = fleet.host('lb').address;
    await startHaproxy(
      fleet.host('lb'),
      SERVERS.map((name) => fleet.host(name)),
    );
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('comes up and shows five Ready nodes through the load balancer', async () => {
    const log = await installByHand(
      fleet,
      'server-1',
      'server',
      `cluster-init: true\ntoken: ${TOKEN}\ntls-san: [${balancer}]\n`,
    );
    expect(log).toContain(`[INFO]  Using ${DEFAULT_K3S_VERSION} as release`);
    await startByHand(fleet, 'server-1', 'server');
    const join = `server: https://${balancer}:6443\ntoken: ${TOKEN}\n`;
    const servers = SERVERS.slice(1).map(async (name) => {
      await installByHand(fleet, name, 'server', `${join}tls-san: [${balancer}]\n`);
      await startByHand(fleet, name, 'server');
    });
    const agents = AGENTS.map(async (name) => {
      await installByHand(fleet, name, 'agent', join);
      await startByHand(fleet, name, 'agent');
    });
    await Promise.all([...servers, ...agents]);
    kubeconfig = await kubeconfigFor(fleet, 'server-1', balancer);
    await expectNodes(fleet, kubeconfig, ALL_READY);
    expect((await fleet.kubectl(kubeconfig, ['get', '--raw', '/readyz'])).stdout).toBe('ok');
  });

  it('says on each host what it is, and that it is a double', async () => {
    expect(await fleet.host('server-2').mustExec('k3s --version')).toMatch(
      /^k3s version v1\.36\.3\+k3s1 \([0-9a-f]{8}\)\n.*test double/,
    );
    const list = JSON.parse(await fleet.host('server-3').mustExec('k3s kubectl get nodes -o json')) as {
      items: { metadata: { name: string; annotations: Record<string, string> } }[];
    };
    expect(list.items.map((node) => node.metadata.name).sort()).toEqual([...AGENTS, ...SERVERS]);
    expect(list.items.map((node) => node.metadata.annotations['k3s.io/node-args']).join()).not.toContain(TOKEN);
    expect(await fleet.host('server-3').mustExec('k3s kubectl get --raw /readyz')).toBe('ok');
    expect(
      await fleet
        .host('server-1')
        .mustExec('stat -c "%a %U" /etc/rancher/k3s/k3s.yaml /var/lib/rancher/k3s/server/token'),
    ).toBe('600 root\n600 root\n');
  });

  it('answers without credentials as K3s does', async () => {
    const curl = async (path: string): Promise<string> =>
      (await fleet.inLan('curl', ['-sk', '-w', ' %{http_code}', `https://${balancer}:6443${path}`])).stdout;
    expect(await curl('/ping')).toBe('pong 200');
    expect(await curl('/cacerts')).toMatch(/^-----BEGIN CERTIFICATE-----[^]* 200$/);
    expect(await curl('/readyz')).toMatch(/"message":"Unauthorized"[^]* 401$/);
    expect(await curl('/v1-k3s/server-bootstrap')).toMatch(/"message":"forbidden"[^]* 403$/);
  });

  it('is refused by kubectl under a name that no certificate has', async () => {
    const other = fleet.address(99);
    await fleet.host('lb').mustExec('ip addr add "$1/24" dev eth0', { args: [other] });
    const { code, stderr } = await fleet.kubectl(kubeconfig.replace(balancer, other), ['get', 'nodes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`x509: certificate is valid for .*${balancer}.*, not ${other}`));
  });

  it('gives reasons in the journal for what cannot join', async () => {
    const stray = fleet.host('stray');
    for (const role of ['server', 'agent'] as const) await installByHand(fleet, 'stray', role, '');
    const attempt = (role: 'server' | 'agent', config: string, reason: string): Promise<void> =>
      expectFailure(stray, role === 'server' ? 'k3s' : 'k3s-agent', config, reason);
    const url = `server: https://${balancer}:6443\n`;
    await attempt(
      'agent',
      `${url}token: ${TOKEN}\ntls-san: [${balancer}]\n`,
      'flag provided but not defined: -tls-san',
    );
    await attempt(
      'agent',
      `${url}token: wrong\n`,
      'Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized',
    );
    await attempt('agent', url, '--token is required');
    await attempt(
      'agent',
      `server: https://${stray.address}:6443\ntoken: x\n`,
      `Failed to validate connection to cluster at https://${stray.address}:6443: failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": `,
    );
    await attempt('server', `${url}token: wrong\n`, 'failed to bootstrap cluster data: not authorized');
    await attempt(
      'server',
      `${url}token: K10${'0'.repeat(64)}::server:${TOKEN}\n`,
      `token CA hash does not match the Cluster CA certificate hash: ${'0'.repeat(64)} != `,
    );
    await attempt(
      'server',
      `${url}token: ${TOKEN}\ncluster-cidr: 10.99.0.0/16\n`,
      'critical configuration value mismatch between servers',
    );
    await attempt(
      'server',
      `server: https://${stray.address}:6443\ntoken: x\n`,
      `failed to validate token: failed to get CA certs: Get \\"https://${stray.address}:6443/cacerts\\": dial tcp ${stray.address}:6443: connect: connection refused`,
    );
  });

  it('survives the loss of the first server, stops without quorum, and heals', async () => {
    await fleet.host('server-1').powerOff();
    await expectNodes(fleet, kubeconfig, { ...ALL_READY, 'server-1': 'NotReady' });
    await fleet.host('server-2').powerOff();
    await until(
      'quorum is seen to be lost',
      60_000,
      async () => {
        const { stderr } = await fleet.kubectl(kubeconfig, ['get', '--raw', '/readyz', '--request-timeout=5s']);
        return stderr.includes('[-]etcd failed') ? true : undefined;
      },
      200,
    );
    expect((await fleet.kubectl(kubeconfig, ['cordon', 'agent-1', '--request-timeout=5s'])).stderr).toContain(
      'etcdserver: request timed out',
    );
    await Promise.all([fleet.host('server-1').powerOn(), fleet.host('server-2').powerOn()]);
    await expectNodes(fleet, kubeconfig, ALL_READY);
  });

  it('takes a server out when its node is deleted', async () => {
    expect(await fleet.kubectl(kubeconfig, ['cordon', 'server-3'])).toMatchObject({ code: 0 });
    await expectNodes(fleet, kubeconfig, { ...ALL_READY, 'server-3': 'Ready,SchedulingDisabled' });
    expect(await fleet.kubectl(kubeconfig, ['delete', 'node', 'server-3'])).toMatchObject({ code: 0 });
    await untilJournalHas(
      fleet.host('server-3'),
      'k3s',
      'This node has been removed from the cluster - please restart k3s to rejoin the cluster',
    );
    await untilJournalHas(fleet.host('server-3'), 'k3s', 'leaderelection lost');
    await startByHand(fleet, 'server-3', 'server');
    await expectNodes(fleet, kubeconfig, ALL_READY);
  });

  it('leaves a server hanging whose member was removed while it was stopped', async () => {
    const server = fleet.host('server-3');
    await server.mustExec('systemctl stop k3s');
    expect(await fleet.kubectl(kubeconfig, ['delete', 'node', 'server-3'])).toMatchObject({ code: 0 });
    await server.mustExec('journalctl -q --rotate; journalctl -q --vacuum-time=1us; systemctl start --no-block k3s');
    const fault = recordedFaults().find(({ id }) => id === 'etcd-removed-stopped');
    for (const line of fault?.journal ?? ['no such fault'])
      await untilJournalHas(server, 'k3s', line.replace(/^"level":"warn",/, ''));
    expect(await server.mustExec('systemctl show k3s -p ActiveState -p SubState -p NRestarts')).toBe(
      'NRestarts=0\nActiveState=activating\nSubState=start\n',
    );
  });
});

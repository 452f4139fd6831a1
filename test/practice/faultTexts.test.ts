import { afterEach, describe, expect, it } from 'vitest';
import { writeFile } from '../../src/core/remote/file';
import { controlUnit, unitStatus } from '../../src/core/remote/unit';
import { recordedFaults } from '../support/journals';
import { agentOf, etcdServer, eventually, hasKubectl, startLab, type Lab } from './lab';

let lab: Lab;
afterEach(() => lab.stop());

const CONFIG = '/etc/rancher/k3s/config.yaml';
const TOKEN = 'practice-secret';

/** A message without what differs from run to run and from lab to lab. */
function same(line: string): string {
  return line
    .replace(/^time="[^"]*" /, '')
    .replace(/^\{?("level":"\w+",)"ts":"[^"]*",/, '$1')
    .replace(/\}$/, '')
    .replaceAll(/\d+\.\d+\.\d+\.\d+/g, 'ADDRESS')
    .replaceAll(/: (?:[0-9a-f]{64}|[0-9a-f]+…) != (?:[0-9a-f]{64}|[0-9a-f]+…)/g, ': HASH != HASH')
    .replace(/connect: (?:no route to host|connection refused)/, 'connect: …')
    .replace(/(?:503 Service Unavail\S*|…)"?$/, '…')
    .replace(/Access denied for user '[^']*'@'[^']*' \(using password: \w+\)"?$/, 'Access denied for user …');
}

async function first(options: Parameters<typeof startLab>[0], ...config: string[]): Promise<string> {
  lab = await startLab({ servers: 2, ...options });
  await lab.bring('server-1', 'server', etcdServer(undefined, ...config));
  return lab.address('server-1');
}

/** How a fault is brought about: gives the host whose journal tells it. */
const FAULTS: Readonly<Record<string, () => Promise<string>>> = {
  'token-wrong-server': async () => second(['token: other', `server: https://${await first({})}:6443`]),
  'token-wrong-agent': async () => agent(['token: other', `server: https://${await first({ agents: 1 })}:6443`]),
  'token-ca-hash': async () =>
    second([`token: K10${'0'.repeat(64)}::server:${TOKEN}`, `server: https://${await first({})}:6443`]),
  'server-unreachable-server': async () => {
    lab = await startLab({ servers: 2 });
    return second(etcdServer(lab.address('server-1')));
  },
  'cidr-mismatch': async () => second(etcdServer(await first({}), 'cluster-cidr: 10.43.0.0/16')),
  'join-sqlite': async () => {
    lab = await startLab({ servers: 2 });
    await lab.bring('server-1', 'server', [`token: ${TOKEN}`]);
    return second(etcdServer(lab.address('server-1')));
  },
  'server-option-on-agent': async () => agent(agentOf(await first({ agents: 1 }), 'cluster-init: true')),
  'unknown-key-server': async () => {
    await first({}, 'no-such-option: 1');
    return 'server-1';
  },
  'node-name-taken-agent': async () => agent(agentOf(await first({ agents: 1 }), 'node-name: server-1')),
  'etcd-duplicate-name': async () => second(etcdServer(await first({}), 'node-name: server-1')),
  'mysql-password': async () => {
    lab = await startLab({ servers: 2, databases: [{ address: '10.0.0.5:3306', user: 'k3s', password: 'right' }] });
    return second([`token: ${TOKEN}`, 'datastore-endpoint: mysql://k3s:wrong@tcp(10.0.0.5:3306)/k3s']);
  },
  'db-unreachable': async () => {
    lab = await startLab({ servers: 2 });
    lab.fleet.databaseDown('10.0.0.5:3306', true);
    return second([`token: ${TOKEN}`, 'datastore-endpoint: mysql://k3s:k3s@tcp(10.0.0.5:3306)/k3s']);
  },
  'db-other-token': async () => {
    lab = await startLab({ servers: 2 });
    const endpoint = 'datastore-endpoint: mysql://k3s:k3s@tcp(10.0.0.5:3306)/k3s';
    await lab.bring('server-1', 'server', [`token: ${TOKEN}`, endpoint]);
    return second(['token: other', endpoint]);
  },
};

async function second(config: readonly string[]): Promise<string> {
  await lab.begin('server-2', 'server', config);
  return 'server-2';
}

async function agent(config: readonly string[]): Promise<string> {
  await lab.begin('agent-1', 'agent', config);
  return 'agent-1';
}

async function expectSaid(id: string, host: string): Promise<void> {
  const fault = recordedFaults().find((one) => one.id === id);
  const unit = host.startsWith('agent') ? 'k3s-agent' : 'k3s';
  const lines = (): string[] => lab.fleet.inspect(host).journal(unit).map(same);
  for (const line of fault?.journal ?? ['no such fault'])
    await eventually(
      () => lines().includes(same(line)),
      () => `not said: ${same(line)}\n${lines().join('\n')}`,
    );
  if (fault?.systemd.includes('NRestarts=0') === true)
    expect(await lab.status(host)).toMatchObject({ active: 'activating', sub: 'start', restarts: 0 });
  if (fault?.systemd.includes('auto-restart') === true)
    await eventually(
      async () => (await lab.status(host)).restarts > 0,
      () => 'no restart loop',
    );
}

describe('the simulated K3s says what a real one said', () => {
  it.each(Object.entries(FAULTS))('%s', async (id, play) => expectSaid(id, await play()));

  it.runIf(hasKubectl)('etcd-removed-stopped', async () => {
    const through = await first({ servers: 3 });
    for (const id of ['server-2', 'server-3']) await lab.bring(id, 'server', etcdServer(through));
    const config = await lab.kubeconfig('server-1', through);
    await eventually(
      async () => (await lab.kubectl(config, 'get', 'nodes')).stdout.includes('server-2'),
      () => 'server-2 is not registered',
    );
    await lab.fleet.powerOff('server-2');
    expect((await lab.kubectl(config, 'delete', 'node', 'server-2')).stdout).toContain('deleted');
    await lab.fleet.powerOn('server-2');
    await expectSaid('etcd-removed-stopped', 'server-2');
  });
});

describe('a unit', () => {
  it('L7: whose token is put back shows nothing of the process before, and is replaced by a start', async () => {
    const through = await first({ agents: 1 });
    await agent(['token: other', `server: https://${through}:6443`]);
    await lab.journalLine('agent-1', 'not authorized');
    expect((await lab.status('agent-1')).journal.join()).toContain('not authorized');
    await lab.run('agent-1', writeFile(CONFIG, '0600', `${agentOf(through).join('\n')}\n`));
    const before = await lab.run('agent-1', controlUnit('start', 'k3s-agent'));
    expect(before).toMatchObject({ ok: true, value: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    await eventually(
      async () => (await lab.status('agent-1')).active === 'active',
      () => 'the agent does not come up',
    );
    const status = await lab.status('agent-1');
    expect(status.invocation).not.toBe(before.ok ? before.value : '');
    expect(status.journal.join()).not.toContain('not authorized');
    expect(status.journal.join()).toContain('k3s agent is up and running');
  });

  it('M14: tells its invocation, which a restart changes and a start of what runs does not', async () => {
    await first({});
    const { invocation } = await lab.status('server-1');
    expect(await lab.run('server-1', controlUnit('start', 'k3s'))).toEqual({ ok: true, value: '' });
    expect((await lab.status('server-1')).invocation).toBe(invocation);
    expect(await lab.run('server-1', controlUnit('restart', 'k3s'))).toEqual({ ok: true, value: invocation });
    const silent = await lab.run(
      'server-1',
      unitStatus('k3s', { before: invocation, journalLines: 50, waitSeconds: 0, known: '' }),
    );
    expect(silent.ok && silent.value.invocation === invocation ? silent.value.journal : []).toEqual([]);
    await eventually(
      async () => (await lab.status('server-1')).invocation !== invocation,
      () => 'not restarted',
    );
  });
});

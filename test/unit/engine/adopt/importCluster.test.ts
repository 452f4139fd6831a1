import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../../../src/core/cluster/normalise';
import { parseDocument } from '../../../../src/core/document/parse';
import { validate } from '../../../../src/core/language/validate';
import type { Problem } from '../../../../src/core/base/problem';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { freshHost, runningUnit } from '../../../support/cluster';
import type { Plan } from '../../../../src/core/plan/plan';
import type { AdoptedCluster } from '../../../../src/core/authoring/adopt/adoptCluster';
import { importCluster, type ImportWish } from '../../../../src/engine/adopt/importCluster';
import { takenSecrets } from '../../../../src/engine/adopt/takenSecrets';
import { preparePlan } from '../../../../src/engine/run/prepare';
import { fastClock } from '../../../support/clock';
import { unreachableScripts } from '../../../support/installScripts';
import { localFolder } from '../../../support/localFiles';
import { AUTHORITY, sha256, TOKEN } from '../../../support/plans';
import { runningCluster, type Installed, type Machines } from '../../../support/runningCluster';
import { factsText } from '../../../support/factsText';
import { etcdText, type Reply, type ScriptedHosts } from '../../../support/scriptedHosts';

const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;

const ETCD = { etcdData: true };
const CERTIFICATE = {
  kind: 'file',
  sha256: '0'.repeat(64),
  mode: '0644',
  owner: 'root:root',
  ids: '0:0',
  size: 9,
} as const;
const HAS_CERTIFICATE = { files: new Map([['/etc/ssl/db.crt', CERTIFICATE]]) };
const byUrl = (url: string): Readonly<Record<string, string>> => ({ K3S_TOKEN: TOKEN, K3S_URL: url });

/** Five ways in which people install K3s. */
const WAYS: Readonly<Record<string, Machines>> = {
  flags: {
    'server-1': {
      role: 'server',
      address: '10.0.0.11',
      arguments: [
        '--cluster-init',
        '--tls-san=10.0.0.100',
        '--tls-san',
        'k3s.example.net',
        '--disable=traefik',
        '--write-kubeconfig-mode',
        '0644',
      ],
      facts: ETCD,
    },
    'server-2': {
      role: 'server',
      address: '10.0.0.12',
      arguments: [
        '--server',
        'https://10.0.0.11:6443',
        '--tls-san=10.0.0.100',
        '--tls-san',
        'k3s.example.net',
        '--disable=traefik',
        '--write-kubeconfig-mode',
        '0644',
        '--token',
        TOKEN,
      ],
      facts: ETCD,
    },
    'server-10': {
      role: 'server',
      address: '10.0.0.13',
      arguments: [
        '--server',
        'https://10.0.0.11:6443',
        '--tls-san=10.0.0.100',
        '--tls-san',
        'k3s.example.net',
        '--disable=traefik',
        '--write-kubeconfig-mode',
        '0644',
        '--node-taint',
        'CriticalAddonsOnly=true:NoExecute',
        '--token',
        TOKEN,
      ],
      facts: ETCD,
      taints: [{ key: 'CriticalAddonsOnly', value: 'true', effect: 'NoExecute' }],
    },
    'agent-1': {
      role: 'agent',
      address: '10.0.1.11',
      arguments: [
        '--server',
        'https://10.0.0.100:6443',
        '--token',
        `K10${'ab'.repeat(32)}::server:${TOKEN}`,
        '--node-label',
        'disk=ssd',
      ],
      labels: { disk: 'ssd', 'topology.kubernetes.io/zone': 'rack-a' },
    },
  },
  variables: {
    alpha: {
      role: 'server',
      address: '10.0.0.11',
      arguments: ['--cluster-init'],
      environment: {
        K3S_TOKEN: TOKEN,
        K3S_NODE_NAME: 'alpha',
        K3S_KUBECONFIG_MODE: '644',
        K3S_DEBUG: '1',
        HTTPS_PROXY: 'http://ada:hunter2@proxy:3128',
      },
      facts: ETCD,
    },
    beta: {
      role: 'agent',
      address: '10.0.1.11',
      environment: {
        ...byUrl('https://10.0.0.11:6443'),
        K3S_NODE_NAME: 'beta',
        HTTPS_PROXY: 'http://ada:hunter2@proxy:3128',
      },
    },
  },
  'drop-ins': {
    'server-1': {
      role: 'server',
      address: '10.0.0.11',
      config: `cluster-init: true\ntoken: ${TOKEN}\ntls-san: [10.0.0.100]\nsecrets-encryption: true\n`,
      dropIns: { '10-san.yaml': 'tls-san+:\n  - k3s.example.net\nflannel-backend: wireguard-native\n' },
      facts: ETCD,
      files: ['/etc/rancher/k3s/config.yaml.d/10-san.yaml', '/etc/rancher/k3s/registries.yaml'],
    },
    'server-2': {
      role: 'server',
      address: '10.0.0.12',
      config: `server: https://10.0.0.11:6443\ntoken: ${TOKEN}\ntls-san: [10.0.0.100]\nsecrets-encryption: true\nnode-label: [tier=front]\n`,
      dropIns: { '10-san.yaml': 'tls-san+:\n  - k3s.example.net\nflannel-backend: wireguard-native\n' },
      facts: ETCD,
      labels: { tier: 'front', team: 'blue' },
      files: ['/etc/rancher/k3s/config.yaml.d/10-san.yaml'],
    },
    'server-3': {
      role: 'server',
      address: '10.0.0.13',
      config: `server: https://10.0.0.12:6443\ntoken: ${TOKEN}\nsecrets-encryption: true\n`,
      dropIns: {
        '10-san.yaml': 'tls-san:\n  - 10.0.0.100\n  - k3s.example.net\n',
        '20-net.yml': 'flannel-backend: wireguard-native\n',
      },
      facts: ETCD,
    },
    'agent-1': {
      role: 'agent',
      address: '10.0.1.11',
      config: `server: https://10.0.0.12:6443\ntoken: ${TOKEN}\nkubelet-arg:\n  - max-pods=50\n`,
      files: ['/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl'],
    },
  },
  'data-dir': {
    'server-1': {
      role: 'server',
      address: '10.0.0.11',
      arguments: ['--data-dir=/srv/k3s', '--https-listen-port', '7443', '--debug'],
      facts: { sqliteData: true },
    },
    'agent-1': {
      role: 'agent',
      address: '10.0.1.11',
      arguments: ['--data-dir=/srv/k3s'],
      environment: byUrl('https://10.0.0.11:7443'),
    },
  },
  database: {
    'server-1': {
      role: 'server',
      address: '10.0.0.11',
      environment: { K3S_DATASTORE_ENDPOINT: 'postgres://k3s:p%40ss@10.0.0.60:5432/k3s?sslmode=verify-full' },
      config: `token: ${TOKEN}\nagent-token: for-agents\ntls-san: lb.example.net\ndatastore-cafile: /etc/ssl/db.crt\n`,
      facts: HAS_CERTIFICATE,
    },
    'server-2': {
      role: 'server',
      address: '10.0.0.12',
      environment: { K3S_DATASTORE_ENDPOINT: 'postgres://k3s:p%40ss@10.0.0.60:5432/k3s?sslmode=verify-full' },
      config: `token: ${TOKEN}\nagent-token: for-agents\ntls-san: lb.example.net\ndatastore-cafile: /etc/ssl/db.crt\n`,
      facts: HAS_CERTIFICATE,
    },
    'agent-1': {
      role: 'agent',
      address: '10.0.1.11',
      environment: { K3S_TOKEN: 'for-agents', K3S_URL: 'https://lb.example.net:443' },
    },
  },
};

const WISH: ImportWish = { host: '10.0.0.11', login: { user: 'ops' }, name: 'edge' };

async function adopted(hosts: ScriptedHosts, wish: Partial<ImportWish> = {}): Promise<AdoptedCluster> {
  const result = await importCluster({ ...WISH, ...wish }, { hosts, parallel: 4 });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** What the file would change on the very hosts that it was read from. */
async function firstPlan({ text, secrets }: AdoptedCluster, hosts: ScriptedHosts): Promise<Plan> {
  const door = takenSecrets();
  door.take(secrets);
  const cluster = normalise(parseDocument(text).data);
  const deps = {
    hosts,
    secrets: door,
    scripts: unreachableScripts,
    ...localFolder(),
    clock: fastClock(),
    sha256,
    parallel: 4,
  };
  return (await preparePlan(cluster, deps)).plan;
}

describe('a cluster that was installed by', () => {
  it.each(Object.keys(WAYS))('%s has a file of its own, and nothing to do', async (way) => {
    const hosts = runningCluster(WAYS[way] as Machines);
    const file = await adopted(hosts);
    const path = join(import.meta.dirname, '../../../golden/adopt', `${way}.k3s.yaml`);
    const golden = `${file.text}${file.notes.map((note) => `# told: ${note}\n`).join('')}`;
    if (UPDATE) writeFileSync(path, golden);
    expect(golden).toBe(readFileSync(path, 'utf8'));
    expect(validate(file.text).filter(({ severity }) => severity === 'error')).toEqual([]);
    const plan = await firstPlan(file, hosts);
    expect([plan.problems, plan.steps.map(({ id, says }) => [id, says.reason])]).toEqual([[], []]);
    for (const secret of [TOKEN, 'hunter2', 'p%40ss', 'for-agents']) expect(file.text).not.toContain(secret);
  });

  it('any of them is only looked at', async () => {
    const hosts = runningCluster(WAYS['drop-ins'] as Machines);
    await adopted(hosts);
    expect([...new Set(hosts.calls.map(({ script }) => script))].sort()).toEqual([
      'cluster-marks',
      'etcd-members',
      'k3s-files',
      'nodes',
      'probe',
      'read-file',
    ]);
  });
});

const server = (last: number, more: Partial<Installed> = {}): Installed => ({
  role: 'server',
  address: `10.0.0.${last}`,
  config: `token: ${TOKEN}\n`,
  facts: ETCD,
  ...more,
});
const THREE: Machines = { 'server-1': server(11), 'server-2': server(12), 'server-3': server(13) };

async function refusal(machines: Machines, host = '10.0.0.11'): Promise<Problem> {
  const result = await importCluster({ ...WISH, host }, { hosts: runningCluster(machines), parallel: 4 });
  if (result.ok) throw new Error(result.value.text);
  return result.error;
}

describe('what cannot be imported', () => {
  it('is a host without K3s, an agent, and one that does not answer', async () => {
    expect(await refusal({ ...THREE, 'server-1': server(11, { facts: { units: {} } }) })).toMatchObject({
      message: 'K3s is not installed on 10.0.0.11',
      host: '10.0.0.11',
    });
    const agent: Installed = { role: 'agent', address: '10.0.1.11', environment: byUrl('https://10.0.0.11:6443') };
    expect(await refusal({ ...THREE, 'agent-1': agent }, '10.0.1.11')).toMatchObject({
      message: '10.0.1.11 is an agent',
      nextSteps: ['Name one of the servers; this agent reaches them at https://10.0.0.11:6443.'],
    });
    expect(await refusal(THREE, '10.0.0.99')).toMatchObject({ code: 'connection-lost', host: '10.0.0.99' });
  });

  it('is K3s in a service of another name: it is called that, with the commands that rename it', async () => {
    const node = { name: 'k3s-node', role: 'agent', active: 'active', enabled: true } as const;
    const main = { ...node, name: 'k3s-main', role: 'server' } as const;
    expect(
      await refusal({ ...THREE, 'server-1': server(11, { facts: { units: {}, otherUnits: [main] } }) }),
    ).toMatchObject({
      code: 'k3s-under-other-name',
      message: '10.0.0.11 has K3s in k3s-main.service and not in k3s.service',
      details: expect.arrayContaining([
        'systemctl disable --now k3s-main.service',
        'mv /etc/systemd/system/k3s-main.service /etc/systemd/system/k3s.service',
      ]) as string[],
    });
    const agent: Installed = {
      role: 'agent',
      address: '10.0.1.11',
      environment: byUrl('https://10.0.0.11:6443'),
      facts: { units: {}, otherUnits: [node] },
    };
    const result = await importCluster(WISH, { hosts: runningCluster({ ...THREE, 'agent-1': agent }), parallel: 4 });
    expect(result.ok && result.value.notes.join('\n')).toContain(
      'agent-1 has K3s in k3s-node.service and not in k3s-agent.service',
    );
  });

  it('is a host that answers half: nothing, the beginning, or something else, each with what it said', async () => {
    const whole = factsText({ ...freshHost('server-1'), units: runningUnit('server') });
    const half: readonly (readonly [Reply, RegExp])[] = [
      [{ stdout: '' }, /exit status 0/],
      [{ stdout: whole.slice(0, whole.length / 2) }, /exit status 0/],
      [{ stdout: 'This account is currently not available.\n', exitCode: 1 }, /exit status 1/],
      [{ stdout: '', stderr: 'sh: not found\n', exitCode: 127 }, /sh: not found/],
      ['cut off', /^undefined$/],
    ];
    for (const [probe, why] of half) {
      const problem = await refusal({ ...THREE, 'server-1': server(11, { answers: { probe } }) });
      expect(problem).toMatchObject({
        host: '10.0.0.11',
        code: probe === 'cut off' ? 'connection-lost' : 'probe-failed',
      });
      expect(String(problem.why)).toMatch(why);
    }
    // What a start-up file prints before and after the answer is no part of it.
    const noisy = { probe: { stdout: `Welcome to Debian!\nfortune=cookie\n${whole}\nBye.\n` } };
    expect(
      await refusal({ ...THREE, 'server-1': server(11, { answers: { ...noisy, nodes: { stdout: '{"items":[' } } }) }),
    ).toMatchObject({
      message: 'The API of the cluster does not answer on 10.0.0.11',
      why: 'kubectl on the host did not answer with a list of nodes',
    });
  });

  it('is a cluster whose API does not answer there', async () => {
    const nodes = { exitCode: 1, stderr: 'The connection to the server 127.0.0.1:6443 was refused' };
    expect(await refusal({ ...THREE, 'server-1': server(11, { answers: { nodes } }) })).toMatchObject({
      message: 'The API of the cluster does not answer on 10.0.0.11',
      why: 'The connection to the server 127.0.0.1:6443 was refused',
    });
  });
});

describe('what was not seen or does not fit is told', () => {
  it('a host that answers half or not at all stands there as Kubernetes tells it', async () => {
    const machines = {
      ...THREE,
      'server-2': server(12, { answers: { probe: { stdout: 'arch=x86_64\n' } } }),
      'server-3': server(13, { answers: { probe: 'cut off' } as const }),
    };
    const { text, notes } = await adopted(runningCluster(machines));
    expect(text.match(/# Not reached over SSH.*\n {4}- host: 10\.0\.0\.1[23]\n/g)).toHaveLength(2);
    expect(notes.join('\n')).toMatch(
      /server-2 \(10\.0\.0\.12\) was not looked at.*could not be examined \(exit status 0\)/,
    );
    expect(notes.join('\n')).toMatch(/server-3 \(10\.0\.0\.13\) was not looked at/);
  });

  it('a machine of another cluster at the address of a node is not taken for the node', async () => {
    const stranger = server(12, {
      config: 'cluster-cidr: 10.99.0.0/16\n',
      facts: { ...ETCD, caHash: 'cd'.repeat(32) },
    });
    const { text, notes } = await adopted(runningCluster({ ...THREE, 'server-2': stranger }));
    expect(text).not.toContain('10.99.0.0');
    expect(notes.join('\n')).toMatch(
      /Another machine answers at the address of server-2 \(It belongs to another cluster/,
    );
  });

  it('servers that disagree are named with what each says', async () => {
    const machines = {
      ...THREE,
      'server-2': server(12, { arguments: ['--cluster-domain', 'a.local'] }),
      'server-3': server(13, { facts: { ...ETCD, k3sVersion: 'v1.36.2+k3s1', tokenSha256: sha256('other') } }),
    };
    const hosts = runningCluster(machines);
    const file = await adopted(hosts);
    const told = file.notes.join('\n');
    expect(told).toContain(
      'The servers disagree about cluster-domain, which all of them must have alike: server-1 has none, server-2 has "a.local" and server-3 has none.',
    );
    expect(told).toContain('The file has the newest, v1.36.3+k3s1; server-3 has v1.36.2+k3s1');
    expect(told).toContain('The servers do not all have the same token');
    expect((await firstPlan(file, hosts)).problems.map(({ message }) => message).join()).toContain('server-3');
  });

  it('servers with other data or another token are named with what each has, and no password is shown', async () => {
    const other = 'postgres://k3s:hunter2@10.0.0.61:5432/k3s';
    const on = (endpoint: string, token: string): Partial<Installed> => ({
      config: `token: ${TOKEN}\ndatastore-endpoint: ${endpoint}\ncluster-cidr: ${endpoint === other ? '10.43.0.0/16' : '10.42.0.0/16'}\n`,
      facts: { tokenSha256: sha256(token) },
    });
    const { notes } = await adopted(
      runningCluster({
        'server-1': server(11, on('postgres://k3s:p%40ss@10.0.0.60:5432/k3s', TOKEN)),
        'server-2': server(12, on('postgres://k3s:p%40ss@10.0.0.60:5432/k3s', 'other')),
        'server-3': server(13, on(other, TOKEN)),
      }),
    );
    expect(notes).toEqual([
      expect.stringContaining(
        'The servers disagree about cluster-cidr, which all of them must have alike: server-1 has ["10.42.0.0/16"], server-2 has ["10.42.0.0/16"] and server-3 has ["10.43.0.0/16"].',
      ),
      expect.stringContaining(
        'The servers do not all keep their data in the same place: server-1 and server-2 in PostgreSQL at 10.0.0.60:5432 and server-3 in PostgreSQL at 10.0.0.61:5432.',
      ),
      expect.stringContaining(
        'The servers do not all have the same token: server-1 and server-3 have one and server-2 has another.',
      ),
    ]);
    expect(notes.join('\n')).not.toMatch(/hunter2|p%40ss/);
  });

  it('servers whose etcd has other members, does not answer or is not healthy', async () => {
    const three = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
    const etcd = (stdout: string): Partial<Installed> => ({ answers: { 'etcd-members': { stdout } } });
    const split = await adopted(
      runningCluster({ ...THREE, 'server-3': server(13, etcd(etcdText([{ id: 3, name: 'server-3' }], 3))) }),
    );
    expect(split.notes).toEqual([
      expect.stringContaining(
        'The servers do not have the same list of members of etcd: server-1 and server-2 have server-1, server-2 and server-3 and server-3 has server-3. They are not one cluster any more',
      ),
    ]);
    const ill = await adopted(
      runningCluster({
        ...THREE,
        'server-2': server(12, etcd('>>> members\nnot ready\n<<< 503\n')),
        'server-3': server(13, etcd(etcdText(three, 3, 'RAFT NO LEADER'))),
      }),
    );
    expect(ill.notes).toEqual([
      'etcd of server-2 does not tell its members: not ready. See the journal of K3s there.',
      'etcd of server-3 is not healthy: RAFT NO LEADER. See the journal of K3s there.',
    ]);
  });

  it('what else works on the cluster, where nobody tells it: lost, or an answer without a word', async () => {
    for (const marks of ['cut off', { stdout: '' }, { stdout: 'Welcome to server-1!\n' }] as const) {
      const machines = { ...THREE, 'server-1': server(11, { answers: { 'cluster-marks': marks } }) };
      expect((await adopted(runningCluster(machines))).notes).toEqual([
        expect.stringContaining('Who else works on this cluster was not told'),
      ]);
    }
  });

  it('a token that cannot be read is told, and what is printed around one is no token', async () => {
    for (const answer of ['cut off', { stdout: '' }, { exitCode: 1, stderr: 'cat: I/O error' }] as const) {
      const machines = { ...THREE, 'server-1': server(11, { answers: { 'read-file': answer } }) };
      const { text, notes } = await adopted(runningCluster(machines));
      expect(text).not.toContain('token:');
      expect(notes).toEqual([expect.stringContaining('The token could not be read on any server')]);
    }
    const answers = { 'read-file': { stdout: `Welcome!\nK10${AUTHORITY}::server:${TOKEN}\n` } };
    const { secrets, notes } = await adopted(runningCluster({ ...THREE, 'server-1': server(11, { answers }) }));
    expect(secrets).toEqual({});
    expect(notes).toEqual([expect.stringContaining('The token could not be read on any server')]);
  });

  it('the Endpoints of the API are the servers, and nobody else', async () => {
    expect((await adopted(runningCluster(THREE))).notes).toEqual([]);
    const marks = 'endpoint 10.0.0.11\nendpoint 10.0.0.12\nendpoint 10.0.0.100\n';
    const { notes } = await adopted(runningCluster(THREE, marks));
    expect(notes).toEqual([
      expect.stringContaining('The Endpoints of default/kubernetes have 10.0.0.100, which is no server'),
      expect.stringContaining('server-3 is not among the Endpoints of default/kubernetes'),
    ]);
    // Servers that advertise a load balancer are not there with an address of their own.
    const advertised = runningCluster(
      { ...THREE, 'server-1': server(11, { arguments: ['--advertise-address=10.0.0.100'] }) },
      marks.replace('endpoint 10.0.0.11\n', 'endpoint 10.0.0.13\n'),
    );
    expect((await adopted(advertised)).notes).toEqual([
      expect.stringContaining('have 10.0.0.100'),
      expect.stringContaining('server-1 is not among'),
    ]);
  });

  it('others who work on the cluster, and a second unit', async () => {
    const marks =
      'plan|system-upgrade/server-plan|v1.35.1+k3s1|||\nworkload|kube-system/kured||||\nworkload|cattle-system/cattle-cluster-agent|1|||\nworkload|cattle-fleet-system/fleet-agent|1|||\nworkload|default/web|1|||\n';
    const both = {
      ...runningUnit('server'),
      'k3s-agent': { ...runningUnit('agent')['k3s-agent'], active: 'inactive' },
    };
    const machines = { ...THREE, 'server-2': server(12, { facts: { ...ETCD, units: both as HostFacts['units'] } }) };
    const { notes } = await adopted(runningCluster(machines, marks));
    expect(notes).toEqual([
      expect.stringContaining('server-2 also has k3s-agent.service, which is enabled'),
      expect.stringContaining(
        'The plan system-upgrade/server-plan of system-upgrade-controller keeps nodes at v1.35.1+k3s1',
      ),
      expect.stringContaining('kured runs here'),
      expect.stringContaining('Rancher manages this cluster'),
      expect.stringContaining('Fleet applies'),
    ]);
  });
});

describe('text of a host', () => {
  it('never becomes a reference to a secret, a variable or a file of this machine', async () => {
    const hostile = server(12, {
      config: `token: \${env:AWS_SECRET}\nnode-label: ['a=\${file:~/.ssh/id_rsa}']\n"x: y": z\n`,
      arguments: ['--datastore-cafile=${file:/etc/shadow}', '--node-name', 'server-2'],
      labels: { 'topology.kubernetes.io/zone': '${secret:other}' },
    });
    const { text, notes } = await adopted(runningCluster({ ...THREE, 'server-2': hostile }));
    expect(text.match(/\$\{[^}]*\}/g)).toEqual(['${secret:edge-token}']);
    expect(notes.join('\n')).toContain('server-2: The option node-label is left out');
  });

  it('is data of the YAML, whatever it looks like', async () => {
    const value = 'a=b\nagents: {nodes: [{host: evil}]} # "\u2028';
    const machines = { ...THREE, 'server-1': server(11, { config: `node-label: [${JSON.stringify(value)}]\n` }) };
    const { text } = await adopted(runningCluster(machines));
    const cluster = normalise(parseDocument(text).data);
    expect(cluster.agents).toEqual([]);
    expect(cluster.servers[0]?.config['node-label']).toEqual([value]);
  });
});

describe('a load balancer', () => {
  it('is found in a kubeconfig of the person where no node tells it', async () => {
    const asked: string[] = [];
    const addressesOf = (hash: string): readonly string[] => {
      asked.push(hash);
      return ['https://10.0.0.12:6443', 'https://api.example.net:8443'];
    };
    const { text } = await adopted(runningCluster(THREE), { addressesOf });
    expect(normalise(parseDocument(text).data).loadBalancer).toMatchObject({
      address: 'api.example.net',
      port: 8443,
      type: 'external',
    });
    expect(asked).toEqual([AUTHORITY]);
  });
});

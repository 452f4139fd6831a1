import { createServer } from 'node:net';
import { listNodes } from '../../../src/core/remote/kubectl';
import { controlUnit, type UnitStatus } from '../../../src/core/remote/unit';
import { agentOf, etcdServer, eventually, startLab, type Lab } from '../../practice/lab';
import { recordedFaults, type RecordedFault } from '../../support/journals';
import { adminOf, ask, patiently } from '../lab';
import type { Report } from '../report';

const TOKEN = 'practice-secret';
const MYSQL = 'datastore-endpoint: mysql://k3s:k3s@tcp(10.0.0.5:3306)/k3s';

/** Brings a fault about; gives the lab, and the host whose journal tells it. */
type Play = () => Promise<readonly [Lab, string]>;

async function first(options: Parameters<typeof startLab>[0], ...config: string[]): Promise<Lab> {
  const lab = await startLab({ servers: 2, ...options });
  await lab.bring('server-1', 'server', etcdServer(undefined, ...config));
  return lab;
}

async function three(): Promise<Lab> {
  const lab = await first({ servers: 3 });
  const through = lab.address('server-1');
  await Promise.all(['server-2', 'server-3'].map((id) => lab.bring(id, 'server', etcdServer(through))));
  await eventually(
    async () => {
      const nodes = await lab.run('server-1', listNodes());
      return nodes.ok && JSON.stringify(nodes.value).split('MemberNotLearner').length === 4;
    },
    () => 'not three voters',
  );
  return lab;
}

async function second(lab: Lab, config: readonly string[]): Promise<readonly [Lab, string]> {
  await lab.begin('server-2', 'server', config);
  return [lab, 'server-2'];
}

async function agent(lab: Lab, config: readonly string[]): Promise<readonly [Lab, string]> {
  await lab.begin('agent-1', 'agent', config);
  return [lab, 'agent-1'];
}

const url = (lab: Lab): string => `server: https://${lab.address('server-1')}:6443`;

async function twoOff(): Promise<readonly [Lab, string]> {
  const lab = await three();
  await Promise.all(['server-2', 'server-3'].map((id) => lab.fleet.powerOff(id)));
  return [lab, 'server-1'];
}

const PLAYS: Readonly<Record<string, Play>> = {
  'token-wrong-server': async () => {
    const lab = await first({});
    return second(lab, ['token: other', url(lab)]);
  },
  'token-wrong-agent': async () => {
    const lab = await first({ agents: 1 });
    return agent(lab, ['token: other', url(lab)]);
  },
  'token-ca-hash': async () => {
    const lab = await first({});
    return second(lab, [`token: K10${'0'.repeat(64)}::server:${TOKEN}`, url(lab)]);
  },
  'token-without-hash': async () => {
    const lab = await first({});
    await lab.bring('server-2', 'server', etcdServer(lab.address('server-1')));
    return [lab, 'server-2'];
  },
  'server-unreachable-server': async () => {
    const lab = await startLab({ servers: 2 });
    return second(lab, etcdServer(lab.address('server-1')));
  },
  'server-unreachable-agent': async () => {
    const lab = await startLab({ servers: 1, agents: 1 });
    return agent(lab, agentOf(lab.address('server-1')));
  },
  'agent-waits-for-server': async () => {
    const lab = await startLab({ servers: 1, agents: 1, timeScale: 0.3 });
    await lab.begin('server-1', 'server', etcdServer());
    await lab.journalLine('server-1', 'Connection to etcd is ready');
    return agent(lab, agentOf(lab.address('server-1')));
  },
  'cidr-mismatch': async () => {
    const lab = await first({});
    return second(lab, etcdServer(lab.address('server-1'), 'cluster-cidr: 10.43.0.0/16'));
  },
  'join-sqlite': async () => {
    const lab = await startLab({ servers: 2 });
    await lab.bring('server-1', 'server', [`token: ${TOKEN}`]);
    return second(lab, etcdServer(lab.address('server-1')));
  },
  'server-option-on-agent': async () => {
    const lab = await first({ agents: 1 });
    return agent(lab, agentOf(lab.address('server-1'), 'cluster-init: true'));
  },
  'unknown-key-server': async () => [await first({}, 'no-such-option: 1'), 'server-1'],
  'yaml-broken': async () => second(await startLab({ servers: 2 }), [`token: ${TOKEN}`, 'tls-san: [a']),
  'node-name-taken-agent': async () => {
    const lab = await first({ agents: 1 });
    await lab.journalLine('server-1', 'Running kubelet');
    return agent(lab, agentOf(lab.address('server-1'), 'node-name: server-1'));
  },
  'etcd-duplicate-name': async () => {
    const lab = await first({});
    return second(lab, etcdServer(lab.address('server-1'), 'node-name: server-1'));
  },
  'etcd-removed-running': async () => {
    const lab = await three();
    const body = JSON.stringify({ metadata: { annotations: { 'etcd.k3s.cattle.io/remove': 'true' } } });
    const admin = await adminOf(lab, 'server-1');
    await ask(lab.address('server-1'), '/api/v1/nodes/server-2', { method: 'PATCH', body, admin });
    return [lab, 'server-2'];
  },
  'etcd-removed-stopped': async () => {
    const lab = await three();
    await lab.run('server-2', controlUnit('stop', 'k3s'));
    const admin = await adminOf(lab, 'server-1');
    await ask(lab.address('server-1'), '/api/v1/nodes/server-2', { method: 'DELETE', admin });
    await eventually(
      async () => (await ask(lab.address('server-1'), '/api/v1/nodes/server-2', { admin })).status === 404,
      () => 'the node stays',
    );
    await lab.run('server-2', controlUnit('start', 'k3s'));
    return [lab, 'server-2'];
  },
  'etcd-learner-busy': async () => {
    const lab = await first({ servers: 3 });
    const through = lab.address('server-1');
    const others = ['server-2', 'server-3'];
    await Promise.all(others.map((id) => lab.begin(id, 'server', etcdServer(through))));
    const waits = (id: string): boolean =>
      lab.fleet.inspect(id).journal('k3s').join('\n').includes('Waiting for other members');
    await patiently(() => others.some(waits));
    return [lab, others.find(waits) ?? 'server-3'];
  },
  'etcd-learner-normal': async () => {
    const lab = await first({});
    return second(lab, etcdServer(lab.address('server-1')));
  },
  'etcd-quorum-lost': twoOff,
  'etcd-quorum-lost-waiting': twoOff,
  'mysql-password': async () => {
    const databases = [{ address: '10.0.0.5:3306', user: 'k3s', password: 'right' }];
    const lab = await startLab({ servers: 2, databases });
    return second(lab, [`token: ${TOKEN}`, 'datastore-endpoint: mysql://k3s:wrong@tcp(10.0.0.5:3306)/k3s']);
  },
  'db-unreachable': async () => {
    const lab = await startLab({ servers: 2 });
    lab.fleet.databaseDown('10.0.0.5:3306', true);
    return second(lab, [`token: ${TOKEN}`, MYSQL]);
  },
  'db-other-token': async () => {
    const lab = await startLab({ servers: 2 });
    await lab.bring('server-1', 'server', [`token: ${TOKEN}`, MYSQL]);
    return second(lab, ['token: other', MYSQL]);
  },
  'db-lost': async () => {
    const lab = await startLab({ servers: 1 });
    await lab.bring('server-1', 'server', [`token: ${TOKEN}`, MYSQL]);
    lab.fleet.databaseDown('10.0.0.5:3306', true);
    return [lab, 'server-1'];
  },
  'port-taken': async () => {
    const lab = await startLab({ servers: 2 });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(6443, lab.address('server-2'), resolve));
    const stop = lab.stop.bind(lab);
    const ending: Lab = { ...lab, stop: () => stop().finally(() => taken.close()) };
    return second(ending, etcdServer());
  },
};

/** Faults that are brought about at the same time: each waits more than it computes. */
const TOGETHER = 3;

interface Shown {
  readonly recorded: readonly string[];
  readonly said: readonly string[];
  readonly expected: string;
  readonly state: string;
}

/** Every fault that was provoked on a real K3s: its journal, and what systemd shows. */
export async function faults(report: Report): Promise<void> {
  const shown = new Map<string, Shown>();
  const waiting = recordedFaults().flatMap((fault) => {
    const play = PLAYS[fault.id];
    return play === undefined ? [] : [{ fault, play }];
  });
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      shown.set(next.fault.id, await bringAbout(next.fault, next.play));
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  for (const { id, journal } of recordedFaults()) {
    const found = shown.get(id);
    if (found === undefined) report.absent(`fault ${id}`, journal[0] ?? '');
    else {
      report.compare(`fault ${id}: journal`, found.recorded, found.said);
      report.compare(`fault ${id}: systemd`, found.expected, found.state);
    }
  }
}

async function bringAbout(fault: RecordedFault, play: Play): Promise<Shown> {
  const [lab, host] = await play();
  try {
    const unit = host.startsWith('agent') ? 'k3s-agent' : 'k3s';
    const recorded = fault.journal.map(same);
    const said = (): readonly string[] => {
      const lines = lab.fleet.inspect(host).journal(unit).map(same);
      return recorded.map((line) => (lines.includes(line) ? line : (nearest(lines, line) ?? '')));
    };
    await patiently(() => said().join('\n') === recorded.join('\n'));
    const expected = recordedState(fault);
    let state = '';
    await patiently(async () => (state = stateOf(await lab.status(host), expected)) === expected);
    return { recorded, said: said(), expected, state };
  } finally {
    await lab.stop();
  }
}

/** A message without what differs from run to run and from lab to lab. */
function same(line: string): string {
  return line
    .replace(/^time="[^"]*" /, '')
    .replace(/^\{?("level":"\w+",)"ts":"[^"]*",/, '$1')
    .replace(/^E(?:\d+ [\d:.]+ +\d+|…) /, 'E… ')
    .replace(/\}$/, '')
    .replace(/^level=\w+ msg="(Waiting to retrieve agent configuration; server is not ready: \/)/, '$1')
    .replaceAll(/\d+\.\d+\.\d+\.\d+/g, 'ADDRESS')
    .replaceAll(/(ADDRESS):\d{5}/g, '$1:PORT')
    .replaceAll(/: (?:[0-9a-f]{64}|[0-9a-f]+…) != (?:[0-9a-f]{64}|[0-9a-f]+…)/g, ': HASH != HASH')
    .replace(/connect: (?:no route to host|connection refused)/, 'connect: …')
    .replace(/(?:503 Service Unavail\S*|…)"?$/, '…')
    .replace(/Access denied for user '[^']*'@'[^']*' \(using password: \w+\)"?$/, 'Access denied for user …');
}

/** The line that begins most alike, for whoever reads the difference. */
function nearest(lines: readonly string[], wanted: string): string | undefined {
  const alike = (line: string): number => [...line].findIndex((character, i) => character !== wanted[i]);
  return [...lines].sort((a, b) => alike(b) - alike(a))[0];
}

/** What systemd shows, in the few words that the recordings have in common. */
function recordedState({ systemd }: RecordedFault): string {
  if (/active\/running/.test(systemd) || systemd === 'none') return 'active/running, not restarted';
  if (/Result=protocol/.test(systemd)) return 'restarted, protocol';
  if (/auto-restart|status=1\/FAILURE/.test(systemd)) return 'restarted, exit-code';
  return /NRestarts=0/.test(systemd) ? 'activating/start, not restarted' : 'activating/start';
}

function stateOf({ active, sub, restarts, result }: UnitStatus, expected: string): string {
  if (!expected.includes(', ')) return `${active}/${sub}`;
  return restarts > 0 || result !== 'success' ? `restarted, ${result}` : `${active}/${sub}, not restarted`;
}

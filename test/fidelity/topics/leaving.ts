import { etcdMembers } from '../../../src/core/remote/etcd';
import { listNodes } from '../../../src/core/remote/kubectl';
import { controlUnit } from '../../../src/core/remote/unit';
import { etcdServer, eventually } from '../../practice/lab';
import { adminOf, ask, startRecordedLab, type RecordedLab } from '../lab';
import { transcript, watched } from '../recorded';
import { recording } from '../../support/journals';
import type { Report } from '../report';

const DATA = '/var/lib/rancher/k3s';
const NODE = '/api/v1/nodes/server-3';

interface Cluster {
  readonly lab: RecordedLab;
  readonly admin: string;
}

async function threeServers(scale?: number): Promise<Cluster> {
  const lab = await startRecordedLab({ servers: 3 }, scale);
  await lab.bring('server-1', 'server', etcdServer());
  const through = lab.address('server-1');
  await Promise.all(['server-2', 'server-3'].map((id) => lab.bring(id, 'server', etcdServer(through))));
  await eventually(
    async () => {
      const nodes = await lab.run('server-1', listNodes());
      return nodes.ok && JSON.stringify(nodes.value).split('MemberNotLearner').length === 4;
    },
    () => 'not three voters',
  );
  return { lab, admin: await adminOf(lab, 'server-1') };
}

async function members(lab: RecordedLab, learners = false): Promise<readonly string[]> {
  const view = await lab.run('server-1', etcdMembers(DATA));
  if (!view.ok) return [];
  return view.value.members
    .filter(({ learner }) => learners || !learner)
    .map(({ nodeName }) => lab.named(nodeName))
    .sort();
}

async function gone({ lab, admin }: Cluster): Promise<boolean> {
  return (await ask(lab.address('server-1'), NODE, { admin })).status === 404;
}

async function deleteNode({ lab, admin }: Cluster): Promise<void> {
  await ask(lab.address('server-1'), NODE, { admin, method: 'DELETE' });
}

/** Servers that leave: stopped, running, by annotation, and wiped; who stays a member, and when. */
export async function leaving(report: Report): Promise<void> {
  await Promise.all([stopped, annotated, wiped].map((play) => play(report)));
  await running(report);
  await Promise.all(LOSSES.map((loss) => machineLost(report, loss)));
  report.absent('leader lost: /readyz of the others', '500 or a time-out for 7.2 s, then 200');
  report.absent('Endpoints default/kubernetes', 'without a lost server after 12.6 to 29.1 s');
}

async function stopped(report: Report): Promise<void> {
  const cluster = await threeServers(0.05);
  const { lab } = cluster;
  try {
    await lab.run('server-3', controlUnit('stop', 'k3s'));
    const from = Date.now();
    await deleteNode(cluster);
    await eventually(
      () => gone(cluster),
      () => 'the node stays',
    );
    const seconds =
      transcript('remove-server-stopped.txt').find(({ command }) => command.includes('delete node'))?.seconds ?? 0;
    report.compareSeconds(
      'stopped server: its Node is deleted after',
      seconds,
      lab.seconds(Date.now() - from),
      lab.slack,
    );
    report.compare('stopped server: members after its Node was deleted', ['h1', 'h2'], await members(lab, true));
  } finally {
    await lab.stop();
  }
}

/** What the recording of a running server's removal tells, as words with their seconds. */
const RUNNING: readonly (readonly [string, RegExp])[] = [
  ['the Node is marked for deletion', /^ *\+([\d.]+) nodes h3 deletion : None -> \d/m],
  ['the member is gone', /^ *\+([\d.]+) hosts h2 {2}members {4}"name":"h1-\S+ "name":"h2-\S+$/m],
  ['K3s has ended', /^ *\+([\d.]+) hosts h3 {2}unit {7}NRestarts=0 ActiveState=activating SubState=auto-restart/m],
  ['K3s is started again', /^ *\+([\d.]+) hosts h3 {2}unit {7}NRestarts=1 ActiveState=activating SubState=start/m],
  ['a new member is learner', /^ *\+([\d.]+) hosts h2 {2}members .*"isLearner":true/m],
  ['a new member is voter', /^ *\+(32\.13) hosts h2 {2}members/m],
];

async function running(report: Report): Promise<void> {
  const cluster = await threeServers(0.05);
  const { lab, admin } = cluster;
  try {
    const at = new Map<string, number>();
    const from = Date.now();
    const note = (event: string, is: boolean): void => {
      if (is && !at.has(event)) at.set(event, lab.seconds(Date.now() - from));
    };
    await deleteNode(cluster);
    await eventually(
      async () => {
        const node = await ask(lab.address('server-1'), NODE, { admin });
        const unit = await lab.status('server-3');
        const voters = await members(lab);
        const all = await members(lab, true);
        note('the Node is marked for deletion', node.body.includes('deletionTimestamp'));
        note('the member is gone', all.length === 2);
        note('K3s has ended', unit.sub === 'auto-restart');
        note('K3s is started again', unit.restarts === 1 && unit.sub === 'start');
        note('a new member is learner', all.length === 3 && voters.length === 2 && at.has('K3s is started again'));
        note('a new member is voter', voters.length === 3 && at.has('K3s is started again'));
        return (
          at.size === RUNNING.length &&
          unit.active === 'active' &&
          node.status === 200 &&
          !node.body.includes('deletionTimestamp')
        );
      },
      () => `what has been seen: ${[...at.keys()].join(', ')}`,
    );
    const text = recording('remove-server-running.txt');
    const recorded = new Map(RUNNING.map(([event, pattern]) => [event, Number(pattern.exec(text)?.[1])] as const));
    const order = (events: ReadonlyMap<string, number>): readonly string[] =>
      [...events].sort(([, a], [, b]) => a - b).map(([event]) => event);
    report.compare('running server: order after its Node was deleted', order(recorded), order(at));
    for (const [event, seconds] of recorded)
      report.compareSeconds(`running server: ${event} after`, seconds, at.get(event) ?? 0, lab.slack);
    report.compare('running server: NRestarts', 1, (await lab.status('server-3')).restarts);
    report.compare('running server: its Node is there again', true, !(await gone(cluster)));
  } finally {
    await lab.stop();
  }
}

async function annotated(report: Report): Promise<void> {
  const cluster = await threeServers();
  const { lab, admin } = cluster;
  try {
    const body = JSON.stringify({ metadata: { annotations: { 'etcd.k3s.cattle.io/remove': 'true' } } });
    await ask(lab.address('server-1'), NODE, { admin, method: 'PATCH', body });
    await lab.journalLine('server-3', 'This node has been removed from the cluster');
    const conditions = async (): Promise<string> => (await ask(lab.address('server-1'), NODE, { admin })).body;
    await eventually(
      async () => (await conditions()).includes('NotAMember'),
      () => 'still a voter',
    );
    const node = JSON.parse(await conditions()) as {
      metadata: { annotations: Record<string, string> };
      status: { conditions: readonly { type: string; status: string; reason: string; message: string }[] };
    };
    const voter = node.status.conditions.find(({ type }) => type === 'EtcdIsVoter');
    const recorded = watched('remove-annotate.txt');
    const last = (field: string): string | undefined =>
      recorded.filter((one) => one.who === 'h3' && one.field === field).at(-1)?.now;
    report.compare(
      'removed by annotation: EtcdIsVoter',
      last('cond EtcdIsVoter'),
      `${voter?.status} ${voter?.reason} | ${voter?.message}`,
    );
    report.compare(
      'removed by annotation: annotation with the name of the member',
      /^h3-[0-9a-f]{8}$/.test(last('annot etcd.k3s.cattle.io/removed-node-name') ?? ''),
      /^server-3-[0-9a-f]{8}$/.test(node.metadata.annotations['etcd.k3s.cattle.io/removed-node-name'] ?? ''),
    );
    const { active, sub, restarts } = await lab.status('server-3');
    const unit =
      /hosts h3 {2}unit {7}NRestarts=(\d+) ActiveState=(\w+) SubState=(\w+)/.exec(recording('remove-annotate.txt')) ??
      [];
    report.compare('removed by annotation: unit', [unit[2], unit[3], Number(unit[1])], [active, sub, restarts]);
    report.compare(
      'removed by annotation: /ping of its server',
      'pong',
      (await ask(lab.address('server-3'), '/ping')).body,
    );
    report.compare('removed by annotation: its etcd is asked', 'etcd-not-answering', await problemOf(lab));
    report.compare('removed by annotation: members', ['h1', 'h2'], await members(lab, true));
  } finally {
    await lab.stop();
  }
}

async function problemOf(lab: RecordedLab): Promise<string> {
  const view = await lab.run('server-3', etcdMembers(DATA));
  return view.ok ? 'answers' : view.error.code;
}

async function wiped(report: Report): Promise<void> {
  const cluster = await threeServers();
  const { lab } = cluster;
  try {
    await lab.run('server-3', controlUnit('stop', 'k3s'));
    lab.fleet.inspect('server-3').removeFile(`${DATA}/server`);
    await lab.begin('server-3', 'server', etcdServer(lab.address('server-1')));
    await lab.journalLine('server-3', 'duplicate node name found');
    const [partA = '', partB = ''] = recording('uninstall-then-delete.txt').split(/^## B$/m);
    const shown =
      /Result=protocol\nout\| NRestarts=\d+\nout\| ActiveState=activating\nout\| SubState=auto-restart/.test(partA);
    await eventually(
      async () => (await lab.status('server-3')).result === 'protocol',
      () => 'no protocol error',
    );
    report.compare('wiped and started: unit fails by protocol', shown, true);
    await lab.run('server-3', controlUnit('stop', 'k3s'));
    await deleteNode(cluster);
    await eventually(
      () => gone(cluster),
      () => 'the node stays',
    );
    report.compare('wiped and started, then its Node deleted: members', lastMembers(partA), await members(lab, true));
    report.compare('wiped, Node deleted, nothing started between: members', lastMembers(partB), ['h1', 'h2']);
  } finally {
    await lab.stop();
  }
}

/** Names of the nodes in the last member list of a transcript. */
function lastMembers(text: string): readonly string[] {
  const lists = text
    .split(/^rc=.*$/m)
    .map((part) => [...part.matchAll(/^out\| \{"name":"(h\d)-/gm)].map((match) => match[1] ?? ''));
  return (lists.filter((list) => list.length > 0).at(-1) ?? []).sort();
}

/** Ways in which a machine is lost: what it is called, its recording, and how it comes about here. */
const LOSSES: readonly (readonly [string, string, (lab: RecordedLab) => unknown])[] = [
  ['K3s stopped', 'timeline-stop-k3s.txt', (lab) => lab.run('server-3', controlUnit('stop', 'k3s'))],
  ['power cut', 'timeline-power-off.txt', (lab) => lab.fleet.powerOff('server-3')],
  ['cable pulled', 'timeline-cable-cut.txt', (lab) => lab.fleet.partition('server-3', ['server-1', 'server-2'])],
];

/** How long the Node of a lost machine says Ready, and what never changes. */
async function machineLost(report: Report, [what, name, play]: (typeof LOSSES)[number]): Promise<void> {
  const { lab, admin } = await threeServers(0.02);
  try {
    const recorded = watched(name).filter(({ who, at }) => who === 'h3' && at > 0);
    const unknown = recorded.find(({ field, now }) => field === 'cond Ready' && now.startsWith('Unknown'));
    const from = Date.now();
    await play(lab);
    const node = async (): Promise<string> => (await ask(lab.address('server-1'), NODE, { admin })).body;
    await eventually(
      async () => (await node()).includes('NodeStatusUnknown'),
      () => 'the node is still Ready',
    );
    report.compareSeconds(
      `${what}: Node is Unknown after`,
      unknown?.at ?? 0,
      lab.seconds(Date.now() - from),
      lab.slack,
    );
    const voter = recorded.filter(({ field }) => field === 'cond EtcdIsVoter').at(-1)?.now ?? 'True MemberNotLearner';
    const own = /"type":"EtcdIsVoter","status":"(\w+)","reason":"(\w+)"/.exec(await node()) ?? [];
    report.compare(`${what}: EtcdIsVoter`, voter, `${own[1]} ${own[2]}`);
    const firstSign = /^ *\+[\d.]+ poll {2}victimping +ERR (\w+)/m.exec(recording(name))?.[1];
    const answers = (await ask(lab.address('server-3'), '/ping')).status !== 0;
    report.compare(`${what}: 6443 from outside`, firstSign, answers ? 'answers' : 'ConnectionRefusedError');
    const other = await ask(lab.address('server-1'), '/readyz', { admin });
    report.compare(`${what}: /readyz of another server`, 200, other.status);
    if (what !== 'cable pulled') return;
    const { active, restarts } = await lab.status('server-3');
    report.compare(`${what}: unit of the isolated server`, ['active', 0], [active, restarts]);
  } finally {
    await lab.stop();
  }
}

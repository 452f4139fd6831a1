import { endRestore, putDataAside } from '../../../src/core/remote/dataAside';
import { etcdMembers } from '../../../src/core/remote/etcd';
import { haltServer } from '../../../src/core/remote/haltServer';
import { listNodes } from '../../../src/core/remote/kubectl';
import { LIST_SNAPSHOTS_SCRIPT, listSnapshots } from '../../../src/core/remote/listSnapshots';
import { resetCluster } from '../../../src/core/remote/clusterReset';
import { saveSnapshot } from '../../../src/core/remote/saveSnapshot';
import { controlUnit } from '../../../src/core/remote/unit';
import { etcdServer, eventually } from '../../practice/lab';
import { recording } from '../../support/journals';
import { startRecordedLab, type RecordedLab } from '../lab';
import { transcript, watched } from '../recorded';
import type { Report } from '../report';

const DATA = '/var/lib/rancher/k3s';
const SERVERS = ['server-1', 'server-2', 'server-3'] as const;
const ID = '1795739801';

/** Snapshots, and what comes of a cluster that is restored from one: all of it, or one server alone. */
export async function restoring(report: Report): Promise<void> {
  const lab = await startRecordedLab({ servers: 3 }, 0.05);
  try {
    await lab.bring('server-1', 'server', etcdServer());
    for (const id of ['server-2', 'server-3']) await lab.bring(id, 'server', etcdServer(lab.address('server-1')));
    await eventually(
      async () => (await voters(lab, 'server-1')).filter((voter) => voter === 'True MemberNotLearner').length === 3,
      () => 'not three voters',
    );
    const path = await snapshots(report, lab);
    await wholeCluster(report, lab, path);
    await oneAlone(report, lab);
  } finally {
    await lab.stop();
  }
  report.absent('snapshots: scheduled at 00:00 and 12:00', 'one on every server at once');
  report.absent('snapshots: k3s etcd-snapshot ls, delete, prune', 'words on stderr, rc 0 for an unknown name');
}

/** Saves one; gives its path. */
async function snapshots(report: Report, lab: RecordedLab): Promise<string> {
  const from = Date.now();
  const saved = await lab.run('server-1', saveSnapshot('x'));
  if (!saved.ok) throw new Error(saved.error.message);
  const [recorded] = transcript('etcd-snapshot.txt');
  report.compareSeconds('snapshots: saved after', recorded?.seconds ?? 0, lab.seconds(Date.now() - from), lab.slack);
  const named = (text: string): string => text.replaceAll(/\d{10}/g, '<time>');
  report.compare(
    'snapshots: name',
    named(/Snapshot (\S+) saved/.exec(recorded?.err ?? '')?.[1] ?? ''),
    named(lab.named(saved.value.name)),
  );
  const { items } = JSON.parse(recording('etcdsnapshotfiles.json')) as { readonly items: readonly object[] };
  const listed = await lab.output('server-1', { ...listSnapshots(), script: LIST_SNAPSHOTS_SCRIPT });
  const own = (JSON.parse(listed.stdout) as { readonly items: readonly object[] }).items;
  // What every object of Kubernetes has beside that.
  const usual = /^metadata\.(?:creationTimestamp|finalizers|generation|resourceVersion|uid)/;
  const keys = (item: object | undefined): readonly string[] => pathsOf(item ?? {}).filter((key) => !usual.test(key));
  report.compare('snapshots: what K3s knows of one', keys(items[0]), keys(own[0]));
  return saved.value.path;
}

/** The keys of an object and of those in it, sorted. */
function pathsOf(value: object, at = ''): readonly string[] {
  return Object.entries(value)
    .flatMap(([key, one]) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? pathsOf(one as object, `${at}${key}.`)
        : [`${at}${key}`],
    )
    .sort();
}

async function wholeCluster(report: Report, lab: RecordedLab, path: string): Promise<void> {
  const before = memberOf(lab, 'server-1');
  for (const id of SERVERS) must(await lab.run(id, haltServer(ID, 'server-1', path)));
  for (const id of SERVERS.slice(1)) must(await lab.run(id, putDataAside(DATA, ID)));
  const reset = Date.now();
  must(await lab.run('server-1', resetCluster(DATA, ID, path)));
  const recorded = transcript('restore-3servers.txt');
  const secondsOf = (words: string): number => recorded.find(({ command }) => command.includes(words))?.seconds ?? 0;
  report.compareSeconds(
    'restore: reset after',
    secondsOf('--cluster-reset'),
    lab.seconds(Date.now() - reset),
    lab.slack,
  );
  await start(lab, 'server-1');
  await eventually(
    async () => (await voters(lab, 'server-1')).length === 3,
    () => 'no API',
  );
  const watch = watched('restore-nodes-watch.txt');
  const at = (who: string, now: string): number =>
    watch.find((one) => one.who === who && one.now.startsWith(now))?.at ?? 0;
  // The first state was cut from the recording: what a later change begins with.
  const first = /h2 cond EtcdIsVoter : (\w+ \w+)/.exec(recording('restore-nodes-watch.txt'))?.[1];
  report.compare(
    'restore: EtcdIsVoter of a stopped server when the API is back',
    first,
    (await voters(lab, 'server-1'))[1],
  );
  const api = Date.now();
  await eventually(
    async () => (await voters(lab, 'server-1'))[1] === 'False NotAMember',
    () => 'still a voter',
  );
  report.compareSeconds(
    'restore: it is told to be no member after',
    at('h2', 'False NotAMember') - 30.68,
    lab.seconds(Date.now() - api),
    lab.slack,
  );
  report.compare('restore: members before the others join', ['h1'], await memberNames(lab, 'server-1'));
  report.compare(
    'restore: the member has another name than before',
    /h1-9ed59320 -> h1-\w{8}/.test(recording('restore-nodes-watch.txt')),
    memberOf(lab, 'server-1') !== before,
  );
  for (const id of SERVERS.slice(1)) {
    const joins = Date.now();
    await start(lab, id);
    await eventually(
      async () => (await memberNames(lab, 'server-1')).includes(lab.named(id)),
      () => `${id} does not join`,
    );
    const { seconds } =
      recorded.find(({ host, command }) => host === lab.named(id) && command.includes('rm -rf')) ?? {};
    report.compareSeconds(
      `restore: ${lab.named(id)} has joined after`,
      seconds ?? 0,
      lab.seconds(Date.now() - joins),
      lab.slack,
    );
  }
  for (const id of SERVERS) must(await lab.run(id, endRestore(DATA, ID)));
  report.compare('restore: members in the end', ['h1', 'h2', 'h3'], await memberNames(lab, 'server-1'));
}

/** h2 is restored while h1 and h3 run on: two clusters of the same names. */
async function oneAlone(report: Report, lab: RecordedLab): Promise<void> {
  // The snapshot holds the Nodes as they are.
  await eventually(
    async () => (await readyBy(lab, 'server-1')) === SERVERS.length,
    () => 'not every server is Ready after the restore before',
  );
  const saved = await lab.run('server-2', saveSnapshot('s2'));
  if (!saved.ok) throw new Error(saved.error.message);
  must(await lab.run('server-2', haltServer('2', 'server-2', saved.value.path)));
  must(await lab.run('server-2', resetCluster(DATA, '2', saved.value.path)));
  must(await lab.run('server-2', controlUnit('start', 'k3s')));
  let ready: readonly number[] = [];
  await eventually(
    async () => {
      ready = await Promise.all(SERVERS.map((id) => readyBy(lab, id)));
      return !ready.includes(0);
    },
    () => 'no API on the server that was restored alone',
  );
  const asked = transcript('restore-others-running.txt').filter(({ command }) => command.includes('member/list'));
  for (const [turn, id] of SERVERS.entries()) {
    const name = lab.named(id);
    const out = asked.find(({ host }) => host === name)?.out ?? '';
    const list = [...(/^\[.*\]$/m.exec(out)?.[0] ?? '').matchAll(/"(h\d)-/g)].map(([, member = '']) => member);
    report.compare(`one restored alone: members by ${name}`, list.sort(), await memberNames(lab, id));
    report.compare(`one restored alone: Ready by ${name}`, [...out.matchAll(/^h[123] +Ready/gm)].length, ready[turn]);
  }
}

async function readyBy(lab: RecordedLab, id: string): Promise<number> {
  const nodes = await lab.run(id, listNodes());
  if (!nodes.ok) return 0;
  return (nodes.value as readonly NodeObject[]).filter(({ status }) =>
    status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  ).length;
}

async function start(lab: RecordedLab, id: string): Promise<void> {
  must(await lab.run(id, controlUnit('start', 'k3s')));
  await eventually(
    async () => (await lab.status(id)).active === 'active',
    () => `${id} does not start`,
  );
}

/** EtcdIsVoter of each server, in their order. */
async function voters(lab: RecordedLab, through: string): Promise<readonly string[]> {
  const nodes = await lab.run(through, listNodes());
  if (!nodes.ok) return [];
  return (nodes.value as readonly NodeObject[])
    .map(({ metadata, status }) => {
      const voter = status.conditions.find(({ type }) => type === 'EtcdIsVoter');
      return [metadata.name, `${voter?.status} ${voter?.reason}`] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, words]) => words);
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

async function memberNames(lab: RecordedLab, id: string): Promise<readonly string[]> {
  const view = await lab.run(id, etcdMembers(DATA));
  if (!view.ok) return [];
  return view.value.members
    .filter(({ learner }) => !learner)
    .map(({ nodeName }) => lab.named(nodeName))
    .sort();
}

/** The name of its member, as it stands beside the data of etcd. */
function memberOf(lab: RecordedLab, id: string): string | undefined {
  return lab.fleet.inspect(id).file(`${DATA}/server/db/etcd/name`)?.content;
}

function must(result: { readonly ok: boolean; readonly error?: unknown }): void {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
}

import { etcdMembers } from '../../../src/core/remote/etcd';
import { controlUnit } from '../../../src/core/remote/unit';
import { etcdServer, eventually } from '../../practice/lab';
import { messages, recording } from '../../support/journals';
import { adminOf, ask, patiently, pollAnswers, startRecordedLab, type RecordedLab } from '../lab';
import { answerForm, httpTimeline, type Change } from '../recorded';
import type { Report } from '../report';

/** Short phases have to be longer than one question takes. */
const SCALE = 0.25;

const STARTING = '503 starting, by the supervisor';

const NO_API = ['disable-apiserver: true', 'disable-controller-manager: true', 'disable-scheduler: true'];

/** What the journal of a home of etcd alone tells of its readiness. */
const READINESS = [
  'ETCD server is now running',
  'Kube API server is now running',
  'Waiting for control-plane node to register apiserver addresses in etcd',
  'k3s is up and running',
];

const PATHS: Readonly<Record<string, string>> = {
  ping: '/ping',
  cacerts: '/cacerts',
  readyz: '/readyz',
  readyzcert: '/readyz',
  livez: '/livez',
  healthz: '/healthz',
  version: '/version',
  root: '/',
  v1k3s: '/v1-k3s/readyz',
};

type Timeline = ReadonlyMap<string, readonly Change[]>;

/** What 6443 answers while servers of each kind start, and while one stops. */
export async function starting(report: Report): Promise<void> {
  const lab = await startRecordedLab({ servers: 3 }, SCALE);
  try {
    const first = await started(lab, 'server-1', etcdServer(), 'http-6443-first-server-starting.txt');
    compareTimelines(report, 'first server starting', first);
    const through = lab.address('server-1');
    const admin = await adminOf(lab, 'server-1');
    const cpOnly = etcdServer(through, 'disable-etcd: true');
    const etcdOnly = etcdServer(through, ...NO_API);
    compareTimelines(
      report,
      'control-plane only starting',
      await started(lab, 'server-2', cpOnly, 'http-6443-control-plane-only-starting.txt', admin),
    );
    compareTimelines(
      report,
      'etcd only starting',
      await started(lab, 'server-3', etcdOnly, 'http-6443-etcd-only-starting.txt', admin),
    );
    report.compare(
      'etcd only starting: what the journal tells of its readiness',
      READINESS.filter((line) => recording('journal-start-etcdonly.txt').includes(`msg="${line}"`)),
      readinessOf(lab, 'server-3'),
    );
    const name = 'http-6443-control-plane-only-stopping.txt';
    const poll = pollAnswers(lab, 'server-2', questions(httpTimeline(name), admin));
    await eventually(
      async () => (await lab.status('server-2')).active === 'active' && poll.changes.size === httpTimeline(name).size,
      () => 'server-2 is not asked',
    );
    await lab.run('server-2', controlUnit('stop', 'k3s'));
    await eventually(
      () => [...poll.changes.values()].every((changes) => changes.at(-1)?.answer === 'no answer'),
      () => 'server-2 answers after its stop',
    );
    await poll.stop();
    compareTimelines(report, 'control-plane only stopping', { recorded: httpTimeline(name), simulated: poll.changes });
  } finally {
    await lab.stop();
  }
}

/**
 * A home of etcd alone that founds the cluster, before there is any control plane. That was never recorded; the nearest is the
 * journal of one that joined, which wrote the same while it could not read the addresses of API servers.
 * https://github.com/k3s-io/k3s/blob/master/pkg/cli/server/server.go tells systemd READY as soon as its etcd is ready.
 */
export async function foundingEtcd(report: Report): Promise<void> {
  const lab = await startRecordedLab({ servers: 2 });
  try {
    await lab.bring('server-1', 'server', etcdServer(undefined, ...NO_API));
    await patiently(() => readinessOf(lab, 'server-1').some((line) => line.startsWith('Waiting')));
    const joined = messages(recording('journal-start-etcdonly.txt')).join('\n');
    report.compare(
      'founding etcd only: what the journal tells, as that of one that joins',
      READINESS.filter((line) => joined.includes(`msg="${line}"`)),
      readinessOf(lab, 'server-1'),
    );
    const readyz = await ask(lab.address('server-1'), '/v1-k3s/readyz', { auth: 'node:practice-secret' });
    const etcd = await lab.run('server-1', etcdMembers('/var/lib/rancher/k3s'));
    report.unrecorded('founding etcd only: before there is a control plane', {
      unit: (await lab.status('server-1')).active,
      supervisor: answerForm(readyz.status, readyz.body),
      etcd: etcd.ok && etcd.value.healthy && etcd.value.ready,
    });
    await lab.bring('server-2', 'server', etcdServer(lab.address('server-1'), 'disable-etcd: true'));
    await patiently(
      async () =>
        (await ask(lab.address('server-1'), '/v1-k3s/readyz', { auth: 'node:practice-secret' })).status === 200,
    );
    const after = await ask(lab.address('server-1'), '/v1-k3s/readyz', { auth: 'node:practice-secret' });
    report.compare(
      'founding etcd only: /v1-k3s/readyz once a control plane is there',
      '200 ok',
      answerForm(after.status, after.body),
    );
  } finally {
    await lab.stop();
  }
}

function readinessOf(lab: RecordedLab, id: string): readonly string[] {
  const journal = lab.fleet.inspect(id).journal('k3s').join('\n');
  return READINESS.filter((line) => journal.includes(`msg="${line}"`));
}

interface Pair {
  readonly recorded: Timeline;
  readonly simulated: Timeline;
}

function questions(
  recorded: Timeline,
  admin: string | undefined,
): ReadonlyMap<string, { path: string; admin?: string }> {
  return new Map(
    [...recorded.keys()].map((question) => [
      question,
      { path: PATHS[question] ?? '/', ...(question === 'readyzcert' && admin !== undefined ? { admin } : {}) },
    ]),
  );
}

/** Starts a server while all questions of a recording are asked, until its unit is ready and every answer has come. */
async function started(
  lab: RecordedLab,
  id: string,
  config: readonly string[],
  name: string,
  admin?: string,
): Promise<Pair> {
  const recorded = httpTimeline(name);
  const poll = pollAnswers(lab, id, questions(recorded, admin));
  await lab.bring(id, 'server', config);
  const complete = ([question, changes]: readonly [string, readonly Change[]]): boolean =>
    poll.changes.get(question)?.at(-1)?.answer === changes.at(-1)?.answer;
  await patiently(() => [...recorded].every(complete));
  await poll.stop();
  return { recorded, simulated: poll.changes };
}

function compareTimelines(report: Report, what: string, { recorded, simulated }: Pair): void {
  const answers = (timeline: Timeline, question: string): readonly string[] =>
    (timeline.get(question) ?? []).map(({ answer }) => answer);
  const all = (timeline: Timeline): readonly string[] => [...timeline.keys()].flatMap((one) => answers(timeline, one));
  report.compare(
    `${what}: some path says starting`,
    all(recorded).includes(STARTING),
    all(simulated).includes(STARTING),
  );
  for (const question of [...recorded.keys()].sort()) {
    const [one, other] = [answers(recorded, question), answers(simulated, question)];
    // That phase is hardly longer than the time between two questions: who missed it on one path has seen it on another.
    const both = one.includes(STARTING) && other.includes(STARTING);
    const seen = (list: readonly string[]): readonly string[] => list.filter((answer) => both || answer !== STARTING);
    report.compare(
      `${what}: ${PATHS[question]}${question === 'readyzcert' ? ' with certificate' : ''}`,
      seen(one),
      seen(other),
    );
  }
  for (const question of ['readyz', 'readyzcert'].filter((one) => recorded.has(one))) {
    const lengths = phases(recorded.get(question) ?? []);
    const own = phases(simulated.get(question) ?? []);
    for (const [answer, length] of [...lengths].filter(([answer]) => answer !== STARTING))
      report.compareSeconds(
        `${what}: how long ${PATHS[question]}${question === 'readyzcert' ? ' with certificate' : ''} says ${answer}`,
        length,
        own.get(answer) ?? 0,
        1,
      );
  }
}

/** Length of each answer but the first, which begins before the event, and the last, which has no end. */
function phases(changes: readonly Change[]): ReadonlyMap<string, number> {
  return new Map(
    changes.slice(1, -1).map((change, i) => [change.answer, (changes[i + 2]?.at ?? change.at) - change.at] as const),
  );
}

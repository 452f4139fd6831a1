import { controlUnit } from '../../../src/core/remote/unit';
import { etcdServer, eventually } from '../../practice/lab';
import { adminOf, patiently, pollAnswers, startRecordedLab, type RecordedLab } from '../lab';
import { httpTimeline, type Change } from '../recorded';
import type { Report } from '../report';

/** Short phases have to be longer than one question takes. */
const SCALE = 0.25;

const STARTING = '503 starting, by the supervisor';

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
    const noApi = ['disable-apiserver: true', 'disable-controller-manager: true', 'disable-scheduler: true'];
    const cpOnly = etcdServer(through, 'disable-etcd: true');
    const etcdOnly = etcdServer(through, ...noApi);
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

import { request } from 'node:https';
import { agentOf, etcdServer, eventually } from '../../practice/lab';
import { messages, recording } from '../../support/journals';
import { adminOf, startRecordedLab, type RecordedLab } from '../lab';
import { watched, type Watched } from '../recorded';
import type { Report } from '../report';

const SERVERS = ['server-1', 'server-2', 'server-3'] as const;

/** What a journal tells of a join, as words. */
const EVENTS: readonly (readonly [RegExp, string])[] = [
  [/msg="Adding member (h\d)-\S+=https:\S+ to etcd cluster/, '$1 is added as learner'],
  [/msg="Promoted learner (h\d)-/, '$1 is promoted'],
  [/msg="Failed to check local etcd status for learner management/, 'HOST asks its own etcd in vain'],
  [/msg="k3s is up and running"/, 'HOST is up and running'],
];

interface Told {
  readonly at: number;
  readonly event: string;
}

/** Three servers and an agent, one after the other: promotion of learners, and what comes when on the Node objects. */
export async function joining(report: Report): Promise<void> {
  const lab = await startRecordedLab({ servers: 3, agents: 1 }, 0.02);
  try {
    const seen = new Map<string, number>();
    const noted = setInterval(() => note(lab, seen), 2);
    await lab.bring('server-1', 'server', etcdServer());
    const watch = watchNodes(lab, await adminOf(lab, 'server-1'));
    const through = lab.address('server-1');
    await lab.bring('server-2', 'server', etcdServer(through));
    await lab.bring('server-3', 'server', etcdServer(through));
    await lab.bring('agent-1', 'agent', agentOf(through));
    const complete = (): boolean =>
      ['h2', 'h3'].every((who) => watch.seen.some((one) => one.who === who && one.field === 'cond EtcdIsVoter')) &&
      watch.seen.some((one) => one.who === 'h4' && one.now.startsWith('True KubeletReady'));
    await eventually(complete, () => 'not all nodes are complete');
    clearInterval(noted);
    watch.stop();

    const recorded = recordedTold();
    const simulated = [...seen].map(([event, at]) => ({ event, at: lab.seconds(at) }));
    report.compare('joining: order of what the journals tell', order(recorded), order(simulated));
    for (const [from, to] of [
      ['h2 is added as learner', 'h2 is promoted'],
      ['h3 is added as learner', 'h3 is promoted'],
      ['h2 is added as learner', 'h2 asks its own etcd in vain'],
      ['h2 is promoted', 'h2 is up and running'],
      ['h3 is promoted', 'h3 is up and running'],
    ] as const)
      report.compareSeconds(
        `joining: from "${from}" to "${to}"`,
        between(recorded, from, to),
        between(simulated, from, to),
        lab.slack,
      );

    const recordedNodes = watched('nodes-join-three-servers.txt');
    for (const who of ['h2', 'h3', 'h4']) {
      report.compare(
        `joining: what comes on Node ${who}`,
        steps(recordedNodes, who).map(([step]) => step),
        steps(watch.seen, who).map(([step]) => step),
      );
      if (who === 'h4') continue;
      const [one, other] = [recordedNodes, watch.seen].map((changes) => new Map(steps(changes, who)));
      const voter = (at: ReadonlyMap<string, number> | undefined): number =>
        (at?.get('is a voter') ?? 0) - (at?.get('exists, NotReady') ?? 0);
      report.compareSeconds(`joining: from Node ${who} to EtcdIsVoter`, voter(one), voter(other), lab.slack);
    }
    const node = (who: string): number => watch.seen.find((one) => one.who === who)?.at ?? 0;
    report.compare(
      'joining: promoted before the Node exists',
      [true, true],
      ['h2', 'h3'].map((who) => (seen.get(`${who} is promoted`) ?? Infinity) / lab.scale / 1000 < node(who)),
    );
  } finally {
    await lab.stop();
  }
}

function recordedTold(): readonly Told[] {
  const lines = recording('learner-promotion.txt')
    .split('\n')
    .flatMap((line) => {
      const [, time = '', host = ''] = /^\w{3} \d+ (\S+) (h\d) /.exec(line) ?? [];
      const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
      return messages(line).flatMap((text) => told(text, host, hours * 3600 + minutes * 60 + seconds));
    });
  return lines;
}

function told(text: string, host: string, at: number): readonly Told[] {
  for (const [pattern, words] of EVENTS) {
    const match = pattern.exec(text);
    if (match !== null) return [{ at, event: words.replace('$1', match[1] ?? '').replace('HOST', host) }];
  }
  return [];
}

/** Remembers when an event was first in a journal. */
function note(lab: RecordedLab, seen: Map<string, number>): void {
  for (const id of SERVERS)
    for (const line of lab.fleet.inspect(id).journal('k3s'))
      for (const { event } of told(lab.named(line), lab.named(id), 0))
        if (!seen.has(event)) seen.set(event, Date.now());
}

function order(events: readonly Told[]): readonly string[] {
  return [...events].sort((a, b) => a.at - b.at).map(({ event }) => event);
}

function between(events: readonly Told[], from: string, to: string): number {
  const at = (wanted: string): number => events.find(({ event }) => event === wanted)?.at ?? Number.NaN;
  return at(to) - at(from);
}

/** The milestones of a node, and when they were there first. */
function steps(changes: readonly Watched[], who: string): readonly (readonly [string, number])[] {
  const milestones: readonly (readonly [string, (change: Watched) => boolean])[] = [
    ['exists, NotReady', ({ field, now }) => field === 'cond Ready' && now.startsWith('False KubeletNotReady')],
    ['is Ready', ({ field, now }) => field === 'cond Ready' && now.startsWith('True')],
    ['has roles', ({ field }) => field === 'label node-role.kubernetes.io/control-plane'],
    ['has the name of its member', ({ field }) => field === 'annot etcd.k3s.cattle.io/node-name'],
    ['is a voter', ({ field, now }) => field === 'cond EtcdIsVoter' && now.startsWith('True')],
  ];
  return milestones
    .flatMap(([name, is]) => {
      const found = changes.find((change) => change.who === who && is(change));
      return found === undefined ? [] : [[name, found.at] as const];
    })
    .sort(([, a], [, b]) => a - b);
}

/** Watches the nodes as the recording did: a line a field that changed. */
function watchNodes(lab: RecordedLab, admin: string): { readonly seen: Watched[]; stop(): void } {
  const seen: Watched[] = [];
  const known = new Map<string, string>();
  const pem = (key: string): string =>
    Buffer.from(new RegExp(`${key}: (\\S+)`).exec(admin)?.[1] ?? '', 'base64').toString();
  const call = request(
    {
      host: lab.address('server-1'),
      port: 6443,
      path: '/api/v1/nodes?watch=1',
      rejectUnauthorized: false,
      cert: pem('client-certificate-data'),
      key: pem('client-key-data'),
    },
    (response) => {
      let rest = '';
      response.on('error', () => undefined);
      response.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) takeEvent(lab, line, known, seen);
      });
    },
  );
  call.on('error', () => undefined);
  call.end();
  return { seen, stop: () => call.destroy() };
}

function takeEvent(lab: RecordedLab, line: string, known: Map<string, string>, seen: Watched[]): void {
  const { object } = JSON.parse(lab.named(line)) as {
    object: {
      metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
      status: { conditions?: readonly { type: string; status: string; reason: string }[] };
    };
  };
  const { name: who, labels = {}, annotations = {} } = object.metadata;
  const fields: (readonly [string, string])[] = [
    ...(object.status.conditions ?? []).map(
      ({ type, status, reason }) => [`cond ${type}`, `${status} ${reason}`] as const,
    ),
    ...Object.entries(labels).map(([key, value]) => [`label ${key}`, value] as const),
    ...Object.entries(annotations).map(([key, value]) => [`annot ${key}`, value] as const),
  ];
  for (const [field, now] of fields) {
    if (known.get(`${who} ${field}`) === now) continue;
    known.set(`${who} ${field}`, now);
    seen.push({ at: lab.seconds(Date.now()), who, field, now });
  }
}

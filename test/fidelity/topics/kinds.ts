import { listNodes } from '../../../src/core/remote/kubectl';
import { probe } from '../../../src/core/facts/probe';
import { etcdMembers } from '../../../src/core/remote/etcd';
import { apiReady } from '../../../src/core/remote/kubectl';
import { parseAnswers } from '../../../src/core/remote/curl';
import { ok } from '../../../src/core/base/result';
import { eventually } from '../../practice/lab';
import { recording } from '../../support/journals';
import { ask, startRecordedLab, type RecordedLab } from '../lab';
import { answerForm, transcript } from '../recorded';
import type { Report } from '../report';

interface Node {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly finalizers: readonly string[];
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: {
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
    readonly nodeInfo: Readonly<Record<string, string>>;
  };
}

const KINDS = [
  ['h1', 'server-1'],
  ['h2', 'server-2'],
  ['h3', 'server-3'],
  ['h4', 'agent-1'],
] as const;

/** Annotations of what does not run here. */
const NOT_SIMULATED = ['flannel.alpha.coreos.com/', 'etcd.k3s.cattle.io/local-snapshots-timestamp'];

/** config.yaml as the recorded node-args tell it. */
function configOf(node: Node, lab: RecordedLab): string[] {
  const [, ...args] = JSON.parse(node.metadata.annotations['k3s.io/node-args'] ?? '[]') as string[];
  const values = new Map<string, string[]>();
  for (let i = 0; i < args.length; i += 2) {
    const key = (args[i] ?? '').replace(/^--/, '');
    const value = (args[i + 1] ?? '')
      .replaceAll('10.77.0.11', lab.address('server-1'))
      .replace(/^\*+$/, 'practice-secret');
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return [...values].map(([key, list]) => `${key}: ${list.length === 1 ? list[0] : JSON.stringify(list)}`);
}

/** Each kind of node: objects, ports, files, kubectl, and what their addresses answer. */
export async function kinds(report: Report): Promise<void> {
  const recorded = new Map(
    (JSON.parse(recording('nodes-four-kinds.json')) as { items: Node[] }).items.map((node) => [
      node.metadata.name,
      node,
    ]),
  );
  const lab = await startRecordedLab({ servers: 3, agents: 1 });
  try {
    for (const [name, id] of KINDS)
      await lab.bring(id, id.startsWith('agent') ? 'agent' : 'server', configOf(recorded.get(name) as Node, lab));
    const nodes = async (): Promise<ReadonlyMap<string, Node>> => {
      const listed = await lab.run('server-1', listNodes());
      const items = listed.ok ? (JSON.parse(lab.named(JSON.stringify(listed.value))) as Node[]) : [];
      return new Map(items.map((node) => [node.metadata.name, node]));
    };
    await eventually(
      async () => {
        const text = JSON.stringify([...(await nodes()).values()]);
        return text.split('"type":"Ready","status":"True"').length === 5 && text.split('MemberNotLearner').length === 3;
      },
      () => 'the four kinds of node do not become Ready',
    );
    const simulated = await nodes();
    report.compare(
      'kinds: label that says that a node is simulated',
      null,
      simulated.get('h1')?.metadata.labels['k3s-ha.io/simulated'],
    );
    for (const prefix of NOT_SIMULATED)
      report.absent(`kinds: annotations ${prefix}`, 'on every node that has the part');
    for (const [name, id] of KINDS) {
      compareNodes(report, name, recorded.get(name) as Node, simulated.get(name) as Node);
      await compareHost(report, lab, name, id);
    }
    await compareAnswers(report, lab);
  } finally {
    await lab.stop();
  }
}

function compareNodes(report: Report, name: string, recorded: Node, simulated: Node): void {
  const hold = (what: string, of: (node: Node) => unknown): void =>
    report.compare(`kind ${name}: ${what}`, of(recorded), of(simulated));
  hold('labels', ({ metadata }) =>
    Object.entries(metadata.labels)
      .filter(([key]) => !key.startsWith('k3s-ha.io/'))
      .sort(),
  );
  hold('annotations', ({ metadata }) =>
    Object.keys(metadata.annotations)
      .filter((key) => !NOT_SIMULATED.some((prefix) => key.startsWith(prefix)))
      .sort(),
  );
  hold('node-args', ({ metadata }) => metadata.annotations['k3s.io/node-args']);
  hold('finalizers', ({ metadata }) => metadata.finalizers);
  hold('conditions', ({ status }) =>
    status.conditions.map(({ type, status: value, reason, message }) => [type, value, reason, message]),
  );
  hold('taints', ({ spec }) => spec['taints'] ?? []);
  hold('versions', ({ status }) => [status.nodeInfo['kubeletVersion'], status.nodeInfo['containerRuntimeVersion']]);
}

async function compareHost(report: Report, lab: RecordedLab, name: string, id: string): Promise<void> {
  const listening = transcript('ports-four-kinds.txt').find(({ host }) => host === name)?.out ?? '';
  const recorded = [...listening.matchAll(/^tcp \S+:(\d+) /gm)].map((match) => Number(match[1]));
  const facts = await lab.run(id, probe());
  const open = facts.ok ? facts.value.listeningPorts : [];
  const sorted = (ports: readonly number[]): readonly number[] => [...new Set(ports)].sort((a, b) => a - b);
  report.compare(
    `kind ${name}: TCP ports`,
    sorted(recorded.filter((port) => port !== 22)),
    sorted(open.filter((port) => port !== 2222)),
  );
  const files = transcript('nodes-four-kinds.txt').find(
    ({ host, command }) => host === name && command.startsWith('ls -l'),
  );
  const mode = /^(\S+) .* k3s\.yaml$/m.exec(files?.out ?? '')?.[1];
  const own = lab.fleet.inspect(id).file('/etc/rancher/k3s/k3s.yaml');
  report.compare(`kind ${name}: mode of k3s.yaml`, mode === '-rw-------' ? 0o600 : null, own?.mode ?? null);
  const state = transcript('agent-load-balancer-json.txt').find(({ host }) => host === name);
  report.compare(
    `kind ${name}: k3s-agent-load-balancer.json`,
    (state?.rc === 0 ? state.out.slice(state.out.indexOf('{')) : null)?.replaceAll(/\s/g, ''),
    lab
      .named(lab.fleet.inspect(id).file('/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json')?.content ?? '')
      .replaceAll(/\s/g, '') || undefined,
  );
  const readyz = transcript('nodes-four-kinds.txt').find(
    ({ host, command }) => host === name && command.includes('/readyz'),
  );
  const asked = await lab.output(id, apiReady());
  report.compare(
    `kind ${name}: k3s kubectl get --raw /readyz`,
    [readyz?.out, readyz?.err, readyz?.rc],
    [asked.stdout, asked.stderr.trim(), asked.exitCode],
  );
  const health = transcript('etcd-health-four-kinds.txt').filter(({ host }) => host === name);
  const recordedHealth = (path: string): string => {
    const found = health.find(({ command }) => command.includes(`:2381/${path}'`));
    const [, body = '', status = '0'] = /^([^]*?)\s*http (\d+)/.exec(found?.out ?? '') ?? [];
    return answerForm(Number(status), body);
  };
  const answers = parseAnswers(await lab.output(id, etcdMembers('/var/lib/rancher/k3s')), 'etcd');
  for (const path of ['health', 'readyz']) {
    const given = answers.ok ? answers.value.get(path) : undefined;
    report.compare(
      `kind ${name}: etcd :2381/${path}`,
      recordedHealth(path),
      answerForm(given?.status ?? 0, given?.body ?? ''),
    );
  }
}

/** Answers that have the same form on every server: gateway of etcd, /db/info, /v1-k3s. */
async function compareAnswers(report: Report, lab: RecordedLab): Promise<void> {
  const raw = await lab.run('server-1', { ...etcdMembers('/var/lib/rancher/k3s'), parse: (output) => ok(output) });
  const answers = raw.ok ? parseAnswers(raw.value, 'etcd') : raw;
  const body = (name: string): string => (answers.ok ? (answers.value.get(name)?.body ?? '') : '');
  report.compare(
    'etcd gateway: form of the member list',
    shapeOf(recording('etcd-member-list.json')),
    shapeOf(body('members')),
  );
  report.compare('etcd gateway: form of the status', shapeOf(recording('etcd-status.json')), shapeOf(body('status')));
  const info = await ask(lab.address('server-1'), '/db/info', { auth: 'server:practice-secret' });
  report.compare('/db/info: form', shapeOf(recording('db-info.json')), shapeOf(info.body));
  for (const [name, id] of KINDS.slice(0, 3)) {
    const [readyz = '', , apiservers = ''] = (transcript('v1-k3s.txt').find(({ host }) => host === name)?.out ?? '')
      .split(/\s*http 200\s*/)
      .map((part) => part.trim());
    const of = async (path: string): Promise<string> => {
      const answer = await ask(lab.address(id), `/v1-k3s/${path}`, { auth: 'node:practice-secret' });
      return lab.named(`${answer.status} ${answer.body.trim()}`);
    };
    report.compare(`kind ${name}: /v1-k3s/readyz with the password of agents`, `200 ${readyz}`, await of('readyz'));
    report.compare(`kind ${name}: /v1-k3s/apiservers`, `200 ${apiservers}`, await of('apiservers'));
  }
  report.absent('/v1-k3s/config', 'effective settings of the cluster as JSON');
}

/** Keys and kinds of values of a JSON text; of a list that of its first element. Digits stay told from text. */
function shapeOf(text: string): unknown {
  const form = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.slice(0, 1).map(form)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, form(inside)]))
        : typeof value;
  try {
    return form(JSON.parse(text));
  } catch {
    return text;
  }
}

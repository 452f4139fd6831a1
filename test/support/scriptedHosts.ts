import { problem } from '../../src/core/base/problem';
import { err } from '../../src/core/base/result';
import type { Input, RemoteCommand, RemoteOutput } from '../../src/core/remote/remoteCommand';
import type { HostTarget, RemoteHosts, RemoteOutcome, RunOptions } from '../../src/engine/ports';

/** What a host does about a script: it prints and ends, the connection breaks, or it works until that is cancelled. */
export type Reply = Partial<RemoteOutput> | 'cut off' | 'endless';

/** `turn` counts the calls of that script on that host from 0. A promise is a host that takes its time. */
export type Answer = (host: string, script: string, turn: number) => Reply | Promise<Reply>;

/** The same by what the host was given. */
export type CallAnswer = (host: string, script: string, turn: number, call: Call) => Reply | Promise<Reply>;

/** A script that a host was given. */
export interface Call {
  readonly host: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface ScriptedHosts extends RemoteHosts {
  /** In the order in which they came. */
  readonly calls: readonly Call[];
  /** `<script> <host>` of each call. */
  asked(): readonly string[];
}

/** What a host that does as it is told prints, wherever a test says nothing else. */
const USUAL: Readonly<Record<string, string>> = {
  'take-lease': 'taken\nada@laptop, process 1000\n1790000000\nrun\n',
  'read-cluster-lease': '1790000000\n',
  'write-cluster-lease': '{"metadata":{"resourceVersion":"1"}}',
  'unit-control': 'InvocationID=01d\n',
  'unit-status': unitText({}),
  'server-ready': httpText({ supervisor: [200, 'ok'], api: [200, 'ok'] }),
  'put-back': 'restart=yes\n',
  'port-listen': 'ready\n',
  'port-free': 'there\n',
  readyz: 'ok',
};

/** Hosts that answer every script with a text, and tell its lines as they would come over a connection. */
export function scriptedHosts(answer: CallAnswer = () => ({})): ScriptedHosts {
  const calls: Call[] = [];
  return {
    calls,
    asked: () => calls.map(({ host, script }) => `${script} ${host}`),
    async run<T>({ id }: HostTarget, command: RemoteCommand<T>, { onLine, signal }: RunOptions = {}) {
      const { script, args, stdin = '' } = command;
      if (isAborted(signal)) return cancelled('failed', id);
      const turn = calls.filter((call) => call.host === id && call.script === script.id).length;
      const call: Call = { host: id, script: script.id, args, stdin: await textOf(stdin) };
      calls.push(call);
      const reply = await Promise.race([answer(id, script.id, turn, call), whenAborted(signal)]);
      if (reply === 'endless') await whenAborted(signal);
      if (reply === 'cut off') return cutOff(id);
      if (typeof reply === 'string' || isAborted(signal)) return cancelled('unknown', id);
      const output: RemoteOutput = { stdout: usual(call), stderr: '', exitCode: 0, ...reply };
      for (const stream of ['stdout', 'stderr'] as const)
        for (const line of output[stream].split('\n')) onLine?.(line, stream);
      // One that listens does so until nobody wants it any more.
      if (script.id === 'port-listen' && /^ready$/m.test(output.stdout)) {
        await whenAborted(signal);
        return cancelled('unknown', id);
      }
      const parsed = command.parse(output);
      return parsed.ok
        ? { kind: 'done', value: parsed.value }
        : { kind: 'failed', problem: { ...parsed.error, host: id } };
    },
    openTunnel: async () => err(problem('no-tunnel', 'These hosts forward nothing')),
    mask: (text) => text,
    dispose: async () => undefined,
  };
}

function usual({ script, stdin }: Call): string {
  return script === 'port-dial' ? stdin.replaceAll(/^(?=.)/gm, 'reached ') : (USUAL[script] ?? '');
}

/** Standard input as text. */
async function textOf(stdin: Input): Promise<string> {
  if (typeof stdin === 'string') return stdin;
  const pieces: Uint8Array[] = [];
  for await (const piece of stdin.open()) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function whenAborted(signal: AbortSignal | undefined): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (isAborted(signal)) resolve('aborted');
    signal?.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

function cutOff(host: string): RemoteOutcome<never> {
  return { kind: 'unknown', problem: problem('connection-lost', `The connection to ${host} was lost`, { host }) };
}

function cancelled(kind: 'failed' | 'unknown', host: string): RemoteOutcome<never> {
  return { kind, problem: problem('remote-cancelled', `The work on ${host} was cancelled`, { host }) };
}

/** What a fresh host prints for the probe. */
export function probeText(values: Readonly<Record<string, string>> = {}): string {
  const facts = {
    arch: 'x86_64',
    os: 'Debian',
    hostname: 'h',
    boot: 'b',
    time: '1790000000',
    init: 'systemd',
    cpus: '4',
    memory_kib: '4000000',
    disk_free_kib: '20000000',
    addresses: '',
    default_route: 'yes',
    ports: '22',
    memory_cgroup: 'yes',
    firewall: 'none',
    restart_pending: 'no',
    ...values,
    end: 'yes',
  };
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

/** What systemd shows of a unit, and its journal. */
export function unitText(
  { active = 'active', sub = 'running', restarts = 0, invocation = 'new' },
  ...journal: readonly string[]
): string {
  const state = `ActiveState=${active} SubState=${sub} NRestarts=${restarts} Result=success InvocationID=${invocation} `;
  return [state, ...journal].join('\n');
}

/** Answers of HTTP servers on a host by name; status 0 stands for none, with what curl says. */
export function httpText(answers: Readonly<Record<string, readonly [status: number, body: string]>>): string {
  return Object.entries(answers)
    .map(([name, [status, body]]) => {
      const code = String(status).padStart(3, '0');
      return status === 0 ? `>>> ${name}\n\n<<< ${code}\n${body}\n` : `>>> ${name}\n${body}\n<<< ${code}\n`;
    })
    .join('');
}

export interface ScriptedMember {
  readonly id: number;
  readonly name: string;
  readonly ip?: string;
  readonly learner?: boolean;
}

/** What etcd tells on the server that is the member `self`; `why` when it is not healthy. */
export function etcdText(members: readonly ScriptedMember[], self: number, why?: string, leader = 1): string {
  const list = {
    header: { member_id: String(self) },
    members: members.map(({ id, name, ip = `10.0.0.${10 + id}`, learner }) => ({
      ID: String(id),
      name: `${name}-0a1b2c3d`,
      peerURLs: [`https://${ip}:2380`],
      ...(learner === true ? { isLearner: true } : {}),
    })),
  };
  const health = { health: why === undefined ? 'true' : 'false', reason: why ?? '' };
  return httpText({
    members: [200, JSON.stringify(list)],
    status: [200, JSON.stringify({ leader: why === undefined ? String(leader) : '0' })],
    health: [why === undefined ? 200 : 503, JSON.stringify(health)],
    readyz: why === undefined ? [200, 'ok'] : [503, '[-]linearizable_read failed'],
  });
}

/** A list of Nodes as kubectl prints it. */
export function nodesText(...items: readonly unknown[]): string {
  return JSON.stringify({ items });
}

/** What a server tells of the leases of kubelets: seconds since the last report, by node. */
export function reportsText(ages: Readonly<Record<string, number>>, now = 1_790_000_000): string {
  const rows = Object.entries(ages).map(([name, age]) => `${name}   ${new Date((now - age) * 1000).toISOString()}`);
  return [String(now), ...rows].join('\n');
}

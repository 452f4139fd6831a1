import type { IgnoresFinding } from '../../src/engine/planning/situation';
import { localFolder } from './localFiles';
import { reachableScripts } from './installScripts';
import type { Cluster, ClusterNode } from '../../src/core/cluster/cluster';
import { nodesOf, unitOf } from '../../src/core/cluster/roles';
import type { HostFacts } from '../../src/core/facts/probe';
import { ok } from '../../src/core/base/result';
import type { RunEvent, RunReport } from '../../src/core/plan/events';
import type { PlanDependencies, PreparedPlan } from '../../src/engine/run/prepare';
import { preparePlan } from '../../src/engine/run/prepare';
import { runOperation, type RunDependencies } from '../../src/engine/run/runOperation';
import type { Wanted } from '../../src/engine/operations/operation';
import { agreedDoor } from './agreedDoor';
import { apiNode } from '../unit/health/nodes';
import { CONFIG_PATH } from '../../src/core/k3s/paths';
import { runningUnit } from './cluster';
import { fastClock } from './clock';
import { certificatesText, factsText } from './factsText';
import { OPERATOR } from './operator';
import { AUTHORITY, sha256, TOKEN } from './plans';
import { quietLog } from './quietLog';
import {
  etcdText,
  nodesText,
  reportsText,
  scriptedHosts,
  unitText,
  type CallAnswer,
  type Call,
  type ScriptedHosts,
} from './scriptedHosts';
import { SHOWN, showing } from './shownCertificates';
import type { Clock, DatabaseClients } from '../../src/engine/ports';

/** Machines that change as K3s, its installer and systemd change them, without waiting for anything. */
export interface ScriptedCluster {
  readonly hosts: ScriptedHosts;
  /** What is on the machines now; a test may change it under the run. */
  readonly facts: Map<string, HostFacts>;
  /** Whether K3s can run with the configuration that it has: while it cannot, its unit fails. */
  works: (host: string, facts: HostFacts) => boolean;
  /** Asked before the machines answer; `undefined` lets them. */
  first: (...asked: Parameters<CallAnswer>) => ReturnType<CallAnswer> | undefined;
  /** Who tries the datastore; nobody while it is undefined. */
  databases: DatabaseClients | undefined;
  ignores: IgnoresFinding | undefined;
  /** Texts whose values somebody refused. */
  readonly refused: readonly string[];
  /** Files of the folder of the cluster file; a test may change them. */
  texts: Readonly<Record<string, string>>;
  /** The plan of a provisioning, or of what else is wanted. */
  plan(cluster?: Cluster, wanted?: Wanted): Promise<PreparedPlan>;
  run(prepared: PreparedPlan, how?: RunOptions): Promise<RunReport & { readonly events: readonly RunEvent[] }>;
  /** `<script> <host>` of what changed something. */
  changes(): readonly string[];
}

export interface RunOptions {
  readonly cluster?: Cluster;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly kinds?: RunDependencies['kinds'];
}

const YEAR = 365 * 86_400_000;

const CHANGING = new Set([
  'renew-certificates',
  'rotate-token',
  'put-aside',
  'put-back',
  'upload-file',
  'remove-placed',
  'install-k3s',
  'unit-control',
]);

export function scriptedCluster(cluster: Cluster, facts: Map<string, HostFacts>): ScriptedCluster {
  const nodes = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  const aside = new Map<string, HostFacts>();
  const refused: string[] = [];
  let invocations = 0;
  const change = (id: string, more: Partial<HostFacts>): void => {
    const before = facts.get(id);
    if (before !== undefined) facts.set(id, { ...before, ...more });
  };
  const unit = (node: ClusterNode, active: string): HostFacts['units'] => {
    const own = unitOf(node);
    const running = runningUnit(node.role)[own];
    return running === undefined ? {} : { [own]: { ...running, active, invocation: `run ${invocations}` } };
  };
  const control = (node: ClusterNode, seen: HostFacts): void => {
    const isServer = node.role === 'server';
    invocations += 1;
    change(node.id, {
      units: unit(node, made.works(node.id, seen) ? 'active' : 'failed'),
      restartPending: false,
      caHash: AUTHORITY,
      ...(isServer ? { serverToken: true, tokenSha256: sha256(TOKEN) } : {}),
      ...(isServer && cluster.datastore.type === 'embedded-etcd'
        ? { etcdData: true, etcdName: `${node.id}-0a1b2c3d` }
        : {}),
    });
  };
  const place = (
    seen: HostFacts,
    text: string,
    [path = '', mode = '', , , owner = '', when = '']: Call['args'],
  ): void => {
    const sum = sha256(text);
    const file = {
      kind: 'file',
      sha256: sum,
      mode,
      owner: owner === '' ? 'root:root' : owner,
      ids: owner === '' ? '0:0' : '1000:1000',
      size: text.length,
    } as const;
    const before = seen.placed.get(path)?.sha256 ?? [];
    change(seen.hostname, {
      files: new Map([...seen.files, [path, file]]),
      ...(when === ''
        ? {}
        : { placed: new Map([...seen.placed, [path, { sha256: [...before, sum], restart: when === 'restart' }]]) }),
    });
  };
  const take = (seen: HostFacts, path: string): string => {
    const without = <T>(all: ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...all].filter(([one]) => one !== path));
    const file = seen.files.get(path);
    const unchanged = file !== undefined && seen.placed.get(path)?.sha256.includes(file.sha256) === true;
    change(seen.hostname, { placed: without(seen.placed), ...(unchanged ? { files: without(seen.files) } : {}) });
    return unchanged ? 'removed' : file === undefined ? 'absent' : 'changed';
  };
  const alive = (): readonly ClusterNode[] =>
    [...nodes.values()].filter((node) => facts.get(node.id)?.units[unitOf(node)]?.active === 'active');

  const answer = (id: string, script: string, { stdin, args }: Call): ReturnType<CallAnswer> => {
    const node = nodes.get(id);
    const seen = facts.get(id);
    if (node === undefined || seen === undefined) return 'cut off';
    const active = seen.units[unitOf(node)]?.active;
    switch (script) {
      case 'probe':
        return { stdout: factsText(seen) };
      case 'upload-file':
        if (args[0] === CONFIG_PATH) change(id, { config: stdin, restartPending: active === 'active' });
        else place(seen, stdin, args);
        return {};
      case 'remove-placed':
        return { stdout: `${take(seen, args[0] ?? '')}\n` };
      case 'delete-manifest':
        return { stdout: seen.files.has(args[0] ?? '') ? 'deleted\n' : 'absent\n' };
      case 'install-k3s':
        change(id, {
          k3sVersion: /^INSTALL_K3S_VERSION=(.*)$/m.exec(stdin)?.[1] ?? '',
          units: { ...unit(node, 'inactive'), ...seen.units },
          restartPending: active === 'active',
        });
        return {};
      case 'unit-control':
        control(node, seen);
        return { stdout: 'InvocationID=01d\n' };
      case 'renew-certificates':
        control(node, seen);
        if (made.works(id, seen))
          change(id, {
            certificates: seen.certificates.map((one) => ({
              ...one,
              serial: `${one.serial}7`,
              ends: one.ends + YEAR,
              written: seen.time * 1000,
            })),
          });
        return { stdout: 'InvocationID=01d\n' };
      case 'rotate-token':
        change(id, { tokenSha256: sha256(stdin.trim()) });
        return { stdout: 'token=new\n' };
      case 'certificate-dates':
        return { stdout: certificatesText(seen.certificates) };
      case 'unit-status':
        return { stdout: unitText({ active: active ?? 'inactive', invocation: `a${invocations}` }) };
      case 'put-aside':
        if (!seen.aside) aside.set(id, seen);
        change(id, { aside: true });
        return {};
      case 'put-back':
        change(id, { ...aside.get(id), units: seen.units, aside: true });
        return { stdout: `restart=${active === 'active' ? 'no' : 'yes'}\n` };
      case 'drop-aside':
        change(id, { aside: false });
        return {};
      case 'ca-hash':
        return { stdout: `${AUTHORITY}\n` };
      case 'nodes':
        return { stdout: nodesText(...alive().map((one) => apiNode({ name: one.id, ip: one.address }))) };
      case 'node-settled':
        return { stdout: `node ${facts.get(args[0] ?? '')?.k3sVersion ?? ''} True\n` };
      case 'node-reports':
        return { stdout: reportsText(Object.fromEntries(alive().map((one) => [one.id, 5]))) };
      case 'tunnels':
        return {
          stdout: alive()
            .map((one) => `${one.id} ok\n`)
            .join(''),
        };
      case 'etcd-members': {
        const members = cluster.servers.filter((one) => facts.get(one.id)?.etcdData === true);
        const listed = members.map((one) => ({ id: cluster.servers.indexOf(one) + 1, name: one.id, ip: one.address }));
        return { stdout: etcdText(listed, cluster.servers.indexOf(node) + 1) };
      }
      default:
        return {};
    }
  };

  // What a server shows is what it keeps.
  const hosts = showing(
    scriptedHosts((host, script, turn, call) => made.first(host, script, turn, call) ?? answer(host, script, call)),
    (host) => ok({ names: facts.get(host)?.certificateNames ?? [], serial: 'a1', ends: Date.UTC(2099, 0, 1) }),
  );
  const deps = (clock: Clock): PlanDependencies => ({
    hosts,
    clock,
    ...(made.databases === undefined ? {} : { databases: made.databases }),
    ...(made.ignores === undefined ? {} : { ignores: made.ignores }),
    secrets: agreedDoor({
      resolve: async (text) => ok(text.replaceAll(/\$\{[^}]*\}/g, TOKEN)),
      refused: (text) => void refused.push(text),
    }),
    sha256,
    scripts: reachableScripts(),
    ...localFolder(made.texts),
    parallel: 8,
  });
  const made: ScriptedCluster = {
    hosts,
    facts,
    works: () => true,
    first: () => undefined,
    databases: undefined,
    ignores: undefined,
    refused,
    texts: {},
    plan: (file = cluster, wanted) => preparePlan(file, deps(fastClock()), {}, wanted),
    async run(
      prepared,
      { cluster: wanted = cluster, signal = new AbortController().signal, clock = fastClock(), kinds } = {},
    ) {
      const events: RunEvent[] = [];
      const report = await runOperation(
        prepared,
        wanted,
        {
          ...deps(clock),
          handshakes: SHOWN,
          ...(kinds === undefined ? {} : { kinds }),
          operator: OPERATOR,
          files: {
            read: async () => undefined,
            readEnd: async () => undefined,
            writeAtomic: async () => undefined,
            tighten: async () => undefined,
            appendLine: async () => undefined,
            withLock: (_, work) => work(),
          },
          log: quietLog,
          startTimeoutMs: 15_000,
          journalPath: 'runs.jsonl',
          recordsPath: 'records.jsonl',
          fileVersion: { name: 'edge.k3s.yaml', sha256: 'f11e' },
        },
        (event) => events.push(event),
        signal,
      );
      return { ...report, events };
    },
    changes: () =>
      hosts.calls.filter(({ script }) => CHANGING.has(script)).map(({ host, script }) => `${script} ${host}`),
  };
  return made;
}

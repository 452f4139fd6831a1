import { systemClock } from '../../adapters/system/clock';
import { listed } from '../../core/base/words';
import { clusterHealth, type ClusterHealth } from '../../core/health/clusterHealth';
import { nodeHealth } from '../../core/health/nodeHealth';
import type { Cluster } from '../../core/cluster/cluster';
import { certificateMarks, type CertificateMark } from '../../core/health/certificateMarks';
import { etcdAlarm, etcdSeen, type EtcdAlarm } from '../../core/health/etcdAlarm';
import { filledBy, roomSteps, roomWords } from '../../core/hostChecks/reading/etcdRoom';
import { lookAtEtcd } from '../../engine/checks/lookAtEtcd';
import { lookAtCertificates } from '../../engine/checks/lookAtCertificates';
import { findAccess } from '../../engine/access/findAccess';
import { reachApi, type ReachedApi } from '../../engine/access/reachApi';
import { memberGapNotes } from '../../engine/planning/memberGaps';
import { askCluster } from '../../engine/run/askCluster';
import { lookForDrift } from '../../engine/run/hostDrift';
import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { driftExit, printDrift, printDriftJson } from '../driftReport';
import { prepareFile } from '../prepareFile';
import { createFiles } from '../../adapters/files/files';
import type { Allowances } from '../allowances';
import type { Command } from '../command';
import { cliApi, cliLog, kubeconfigSources, readClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { flag, text } from '../option';
import { nodeTable } from '../../views/nodeTable';
import { fail, paint, printJson, printLines, table, tell } from '../output';
import { openSession } from '../session';
import { ALLOW_SECRETS, JSON_OUTPUT, PARALLEL, VERBOSE } from '../sharedOptions';

const OPTIONS = {
  json: JSON_OUTPUT,
  drift: flag({
    help: 'what on the hosts is not as the file says, instead of the nodes; exit status 14 when anything is',
  }),
  kubeconfig: text({ value: 'PATH', help: "this kubeconfig instead of kubectl's" }),
  'allow-secrets': ALLOW_SECRETS,
  verbose: VERBOSE,
  parallel: PARALLEL,
};

export const statusCommand: Command<typeof OPTIONS> = {
  name: 'status',
  argument: 'FILE',
  summary: 'show the nodes and their health, through the load balancer',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha status cluster.k3s.yaml', does: 'the nodes as a table, and what is wrong in words' },
    {
      line: 'k3s-ha status cluster.k3s.yaml --json --kubeconfig ./edge.yaml',
      does: 'for a program, by this kubeconfig',
    },
    {
      line: 'k3s-ha status cluster.k3s.yaml --drift',
      does: 'what differs from the file, host by host, for CI: nothing is changed',
    },
  ],
  run: ([path], { 'allow-secrets': allowed, ...options }, signal) =>
    options.drift ? drift(path, { ...options, allowed }, signal) : status(path, { ...options, allowed }, signal),
};

interface StatusOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly parallel: number;
  readonly kubeconfig?: string;
  readonly allowed: Allowances;
}

/** What is not as the file says, by a look that plans a provisioning and shows no plan. */
async function drift(path: string, options: StatusOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal, 'take away');
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options.allowed, signal);
  try {
    const prepared = await prepareFile(file, session, options.parallel, signal, {
      operation: operationById('provision'),
      intent: {},
    });
    if (signal.aborted) return EXIT.cancelled;
    const found = await lookForDrift(prepared, session.hosts, signal);
    if (options.json) printDriftJson(file.cluster.name, found);
    else printDrift(found);
    return driftExit(found);
  } finally {
    await session.dispose();
  }
}

/** The node table, through the load balancer where it answers, else through SSH. */
async function status(path: string, options: StatusOptions, signal: AbortSignal): Promise<ExitCode> {
  const read = await readClusterFile(path, signal);
  if (!read.ok) return fail(read.error, EXIT.usage);
  const { cluster } = read.value;
  const log = cliLog(options.verbose);
  const session = openSession(read.value, log, options.allowed, signal);
  const { hosts } = session;
  try {
    const places = await kubeconfigSources(path, options.kubeconfig);
    const access = await findAccess(
      cluster,
      { files: createFiles({ followLinks: () => true }), places, hosts, warn: (message) => log.warn(message) },
      signal,
    );
    if (!access.ok) return fail(access.error);
    const api = cliApi(log);
    const reached = await reachApi(cluster, access.value, api, hosts, signal);
    if (!reached.ok) return fail(reached.error);
    const listed = await api.listNodes(reached.value.endpoint, signal);
    if (!listed.ok) return fail(listed.error);
    const health = clusterHealth(
      cluster,
      listed.value.map((node) => nodeHealth(node, systemClock.now())),
    );
    const looked = await lookAtCertificates(cluster, { hosts, parallel: options.parallel }, signal);
    const members = await lookAtEtcd(cluster, { hosts, parallel: options.parallel }, signal);
    const asked = { hosts, clock: systemClock };
    const live = await askCluster(cluster, members.facts, asked, undefined, signal);
    const gaps = memberGapNotes({ cluster, facts: members.facts, ...(live === undefined ? {} : { live }) });
    const etcd = etcdSeen(members.facts, systemClock.now());
    const alarm = etcdAlarm(etcd);
    const certificates = certificateMarks(looked.facts, systemClock.now());
    if (options.json)
      printJson({
        ...health,
        nodes: health.nodes.map(({ node, ...rest }) => ({ id: node.id, role: node.role, host: node.host, ...rest })),
        via: reached.value.via,
        version: reached.value.version,
        etcdAlarms: alarm?.names ?? [],
        etcdGaps: gaps,
        certificates: Object.fromEntries(
          [...certificates].map(([id, { age, ends }]) => [id, { age, ends: new Date(ends).toISOString() }]),
        ),
      });
    else {
      show(cluster, health, reached.value);
      showAlarm(alarm);
      for (const gap of gaps) tell(paint('yellow', gap));
      showCertificates(certificates, [...looked.unreachable.keys()]);
    }
    return health.level === 'healthy' && alarm === undefined && gaps.length === 0 ? EXIT.fine : EXIT.degraded;
  } finally {
    await session.dispose();
  }
}

function show(cluster: Cluster, health: ClusterHealth, reached: ReachedApi): void {
  printLines(table(nodeTable(health)));
  const address =
    cluster.loadBalancer === undefined
      ? 'the first server'
      : `the load balancer ${cluster.loadBalancer.address}:${cluster.loadBalancer.port}`;
  tell(
    paint(
      'dim',
      `asked through ${reached.via === 'direct' ? address : `SSH to ${reached.via}, because ${address} does not answer`}; Kubernetes ${reached.version}${health.simulated ? '; simulated hosts' : ''}`,
    ),
  );
  tell(paint(health.level === 'healthy' ? 'green' : health.level === 'degraded' ? 'yellow' : 'red', health.verdict));
}

/** An alarm of etcd, with what fills it and what helps. */
function showAlarm(alarm: EtcdAlarm | undefined): void {
  if (alarm === undefined) return;
  const { names, machine, load } = alarm;
  tell(
    paint(
      'red',
      `etcd has raised the alarm ${listed(names)}: on ${machine} it takes ${roomWords(load)}${filledBy(load)}`,
    ),
  );
  if (names.includes('NOSPACE')) for (const step of roomSteps()) tell(paint('dim', step));
}

/** The first certificate to end, and every machine whose certificates want to be renewed. */
function showCertificates(marks: ReadonlyMap<string, CertificateMark>, silent: readonly string[]): void {
  const [first] = [...marks].sort(([, a], [, b]) => a.ends - b.ends);
  const due = [...marks].filter(([, { age }]) => age !== 'fine');
  for (const [id, { words, age }] of due) tell(paint(age === 'ended' ? 'red' : 'yellow', `${id}: ${words}`));
  if (due.length > 0) tell(paint('dim', '"k3s-ha certificates renew" with this file renews them.'));
  else if (first !== undefined) tell(paint('dim', `${first[1].words}, on ${first[0]} first`));
  if (silent.length > 0) tell(paint('dim', `certificates not read on ${listed(silent)}`));
}

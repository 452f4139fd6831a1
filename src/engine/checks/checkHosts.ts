import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { machinesOf } from '../../core/cluster/roles';
import { certificateMarks, type CertificateMark } from '../../core/health/certificateMarks';
import { etcdSeen, type EtcdSeen } from '../../core/health/etcdAlarm';
import type { HostFinding } from '../../core/hostChecks/hostCheck';
import { checkHosts as judge } from '../../core/hostChecks/registry';
import type { MachineId } from '../../core/plan/step';
import { examine, probeOf } from '../hosts/examine';
import { tryMachines } from './tryMachines';
import { askDatastore, type AskedDatastore } from './askDatastore';
import { askMarks } from './askMarks';
import { askTunnels } from './askTunnels';
import type { IgnoresFinding } from '../planning/situation';
import type { RemoteHosts, SecretDoor } from '../ports';
import { runMask } from '../run/mask';

export interface CheckDependencies {
  readonly hosts: RemoteHosts;
  readonly secrets: SecretDoor;
  /** Hosts examined at the same time. */
  readonly parallel: number;
  /** Without it the datastore of a running cluster is not asked. */
  readonly datastore?: AskedDatastore;
  /** What the file has ignored; nothing when it is absent. */
  readonly ignores?: IgnoresFinding;
}

export interface CheckOptions {
  readonly signal?: AbortSignal;
  /** Called when something has been found out about a machine. */
  readonly onChecked?: (machine: string, problem: Problem | undefined, done: number, total: number) => void;
}

/** What a check of the machines of a file has found. */
export interface HostReport {
  /** How many machines there are, and how many answered. */
  readonly machines: number;
  readonly examined: number;
  /** How long the certificates of each machine last. */
  readonly certificates: ReadonlyMap<MachineId, CertificateMark>;
  /** How etcd does; absent where no machine told. */
  readonly etcd?: EtcdSeen;
  /** The worst first. */
  readonly findings: readonly HostFinding[];
  /** How many the file has ignored. */
  readonly ignored: number;
}

/** Has the person agree to what goes to the hosts, and judges every machine. Changes nothing anywhere. */
export async function checkHosts(
  cluster: Cluster,
  deps: CheckDependencies,
  { signal, onChecked }: CheckOptions = {},
): Promise<Result<HostReport, Problem>> {
  const admitted = await deps.secrets.admit();
  if (!admitted.ok) return err(admitted.error);
  const mask = runMask([], deps.hosts);
  const machines = machinesOf(cluster);
  const { facts, unreachable } = await examine(
    machines,
    probeOf(cluster, () => []),
    deps,
    {
      masked: mask.problem,
      ...(signal === undefined ? {} : { signal }),
      ...(onChecked === undefined ? {} : { onExamined: onChecked }),
    },
  );
  const [trials, marks, tunnels] = await Promise.all([
    tryMachines(cluster, facts, deps, signal === undefined ? {} : { signal }),
    askMarks(cluster, facts, deps.hosts, signal),
    askTunnels(cluster, facts, deps.hosts, signal),
  ]);
  // Not at the same time: how long the datastore takes to answer is measured.
  const datastore =
    deps.datastore === undefined ? undefined : await askDatastore(cluster, facts, deps, deps.datastore, signal);
  const asked = {
    ...trials,
    tunnels,
    ...(marks === undefined ? {} : { marks }),
    ...(datastore === undefined ? {} : { datastore }),
  };
  const all = judge({ cluster, facts, unreachable, ...asked }).map((finding) => ({
    ...finding,
    message: mask.line(finding.message),
    ...(finding.why === undefined ? {} : { why: mask.line(finding.why) }),
  }));
  const findings = all.filter((finding) => deps.ignores?.(finding) !== true);
  // By the clocks of the machines, which are what was looked at.
  const now = Math.max(...[...facts.values()].map(({ time }) => time * 1000));
  const etcd = etcdSeen(facts, now);
  const certificates = certificateMarks(
    [...facts].map(([id, seen]) => [id, seen.certificates] as const),
    now,
  );
  return ok({
    machines: machines.length,
    examined: facts.size,
    certificates,
    ...(etcd === undefined ? {} : { etcd }),
    findings,
    ignored: all.length - findings.length,
  });
}

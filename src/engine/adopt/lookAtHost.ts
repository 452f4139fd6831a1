import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { SeenHost } from '../../core/authoring/adopt/seenCluster';
import { plainOption } from '../../core/authoring/adopt/hostOptions';
import { unitOf } from '../../core/cluster/roles';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { DEFAULT_DATA_DIR } from '../../core/k3s/paths';
import { probe, type HostFacts } from '../../core/facts/probe';
import { etcdMembers } from '../../core/remote/etcd';
import { k3sFiles } from '../../core/remote/k3sFiles';
import type { HostTarget, RemoteHosts, RunOptions } from '../ports';

/** What an import sees of a host, with the folder in which K3s keeps its state there. */
export interface HostSight extends SeenHost {
  readonly role?: NodeRole;
  readonly dataDir: string;
}

/** Looks at a host of which nothing is known yet: where K3s keeps its state is known only after a first look. */
export async function lookAtHost(
  hosts: RemoteHosts,
  target: HostTarget,
  options: RunOptions,
): Promise<Result<HostSight, Problem>> {
  const first = await hosts.run(target, probe(), options);
  if (first.kind !== 'done') return err({ host: target.id, ...first.problem });
  const role = roleOf(first.value);
  const dataDir = (role === undefined ? undefined : plainOption(first.value, role, 'data-dir')) ?? DEFAULT_DATA_DIR;
  const [again, files] = await Promise.all([
    dataDir === DEFAULT_DATA_DIR ? first : hosts.run(target, probe(dataDir), options),
    hosts.run(target, k3sFiles(dataDir), options),
  ]);
  if (again.kind !== 'done') return err({ host: target.id, ...again.problem });
  if (files.kind !== 'done') return err({ host: target.id, ...files.problem });
  const sight = { facts: again.value, files: files.value, dataDir, ...(role === undefined ? {} : { role }) };
  if (role !== 'server' || !again.value.etcdData) return ok(sight);
  const asked = await hosts.run(target, etcdMembers(dataDir), options);
  return ok({ ...sight, etcd: asked.kind === 'done' ? asked.value : asked.problem });
}

/** By the unit that runs, else by the one that would start. */
function roleOf({ units }: HostFacts): NodeRole | undefined {
  const roles: readonly NodeRole[] = ['server', 'agent'];
  const has = (counts: (unit: NonNullable<HostFacts['units']['k3s']>) => boolean): NodeRole | undefined =>
    roles.find((role) => {
      const unit = units[unitOf({ role })];
      return unit !== undefined && counts(unit);
    });
  return has(({ active }) => active === 'active') ?? has(({ enabled }) => enabled) ?? has(() => true);
}

import type { ClusterNode } from '../../cluster/cluster';
import { unitOf } from '../../cluster/roles';
import type { HostFacts } from '../../facts/probe';
import type { UnitFacts } from '../../facts/k3sFacts';
import type { K3sUnit } from '../../k3s/paths';

/** The unit of the other role beside the one that belongs to a machine. */
export interface StrayUnit {
  readonly name: K3sUnit;
  readonly unit: UnitFacts;
  /** Why only a person may take it away; absent when nothing is lost with it. */
  readonly needed?: 'it runs' | 'data';
}

/** The unit of the other role on a machine that has its own. A server that has run has left data, which somebody may still need. */
export function strayUnit(node: ClusterNode, seen: HostFacts): StrayUnit | undefined {
  const own = unitOf(node);
  const name = own === 'k3s' ? 'k3s-agent' : 'k3s';
  const unit = seen.units[name];
  if (unit === undefined || seen.units[own] === undefined) return undefined;
  if (unit.active === 'active') return { name, unit, needed: 'it runs' };
  const data = name === 'k3s' && (seen.etcdData || seen.sqliteData || seen.serverToken);
  return { name, unit, ...(data ? { needed: 'data' } : {}) };
}

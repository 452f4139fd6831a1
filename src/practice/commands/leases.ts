import { hasNoSpace } from '../k3s/etcdHttp';
import { isoTime } from '../k3s/controller';
import { nodeLease } from '../k3s/nodeLease';
import type { LeaseObject } from '../k3s/leaseStore';
import { fail, type Command } from './command';
import { withApi } from './kubectl';

/** Operators live in real time, whatever the time scale of the fleet. */
const seconds = (): string => `${Math.floor(Date.now() / 1000)}\n`;

/** read-cluster-lease: the host's time, and `k3s kubectl get lease k3s-ha -n kube-system -o json --ignore-not-found`. */
export const readClusterLeaseCommand: Command = (run) => {
  run.out(seconds());
  return withApi(run, ({ cluster }) => {
    const lease = cluster.leases.get('k3s-ha');
    if (lease !== undefined) run.out(`${JSON.stringify(lease, undefined, 4)}\n`);
    return 0;
  });
};

/** write-cluster-lease: create or replace; the lease on standard input. */
export const writeClusterLeaseCommand: Command = async (run) => {
  const wanted = readLease(await run.stdin.text());
  // Whoever sent it was cut off.
  if (wanted === undefined) return fail(run, 'error: error parsing STDIN: unexpected end of JSON input');
  const verb = run.args[0] === 'create' ? 'create' : 'replace';
  return withApi(run, ({ cluster }) => {
    if (hasNoSpace(cluster)) return fail(run, 'Error from server: etcdserver: mvcc: database space exceeded');
    const written = cluster.leases.write(verb, wanted, isoTime(run.world.clock.now()));
    if ('reason' in written) {
      const doing = verb === 'create' ? 'creating' : 'replacing';
      return fail(run, `Error from server (${written.reason}): error when ${doing} "STDIN": ${written.message}`);
    }
    run.out(`${JSON.stringify(written, undefined, 4)}\n`);
    return 0;
  });
};

/** node-reports: the host's time, and when each kubelet renewed its lease. */
export const nodeReportsCommand: Command = (run) => {
  run.out(seconds());
  return withApi(run, ({ cluster }) => {
    const now = run.world.clock.now();
    for (const node of cluster.nodes.list()) {
      const { metadata, spec } = nodeLease(cluster, node, now);
      run.out(`${metadata.name}   ${String(spec['renewTime'])}\n`);
    }
    return 0;
  });
};

function readLease(text: string): LeaseObject | undefined {
  try {
    return JSON.parse(text) as LeaseObject;
  } catch {
    return undefined;
  }
}

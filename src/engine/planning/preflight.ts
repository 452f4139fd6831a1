import { problem, type Problem } from '../../core/base/problem';
import type { HostFacts } from '../../core/facts/probe';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { apiPort } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';
import { architectureOf } from '../../core/k3s/releaseFiles';

/** A default route for a host that has no gateway. https://docs.k3s.io/installation/airgap#default-network-route */
const BLACK_HOLE = [
  'ip link add dummy0 type dummy',
  'ip link set dummy0 up',
  'ip addr add 203.0.113.254/31 dev dummy0',
  'ip route add default via 203.0.113.255 dev dummy0 metric 1000',
];

const MIN_DISK_KIB = 1024 * 1024;

/** Reasons not to touch this host, from what the probe saw. */
export function preflight(cluster: Cluster, node: ClusterNode, facts: HostFacts): Problem[] {
  const found: Problem[] = [];
  const report = (code: string, message: string, ...nextSteps: string[]): void => {
    found.push(problem(code, message, { host: node.id, nextSteps }));
  };
  const own = unitOf(node);
  const other = own === 'k3s' ? 'k3s-agent' : 'k3s';
  if (facts.init !== 'systemd') {
    report(
      'no-systemd',
      `${node.id} does not run systemd, which this version of K3s HA needs`,
      'Install K3s on this host by hand, or use a host with systemd.',
    );
  }
  if (architectureOf(facts.arch) === undefined) {
    report(
      'arch-unsupported',
      `${node.id} has the processor architecture ${facts.arch}, for which there is no K3s`,
      'Use an amd64, arm64, armhf or s390x host.',
    );
  }
  if (facts.units[other] !== undefined) {
    report(
      'role-changed',
      `${node.id} is declared as ${node.role} but has ${other}.service installed`,
      `Uninstall it on the host first (${other === 'k3s' ? 'k3s-uninstall.sh' : 'k3s-agent-uninstall.sh'}).`,
    );
  }
  if (!facts.memoryCgroup) {
    report(
      'cgroup-memory-missing',
      `The kernel of ${node.id} has no memory cgroup; K3s would stop with "failed to find memory cgroup"`,
      'Add cgroup_memory=1 cgroup_enable=memory to the kernel command line and restart the host.',
    );
  }
  if (!facts.defaultRoute && facts.units[own]?.active !== 'active') {
    found.push(
      problem('no-default-route', `${node.id} has no default route, and K3s does not start without one`, {
        host: node.id,
        why: 'K3s picks the address of the node from it, and services of the cluster are not reached without it. It need not lead anywhere.',
        details: BLACK_HOLE,
        nextSteps: [
          'Give the host a gateway, or one that leads nowhere with the commands above; put them where they are run at every boot.',
        ],
      }),
    );
  }
  if (facts.units[own] === undefined) {
    if (facts.diskFreeKiB > 0 && facts.diskFreeKiB < MIN_DISK_KIB) {
      report(
        'disk-space',
        `${node.id} has only ${Math.round(facts.diskFreeKiB / 1024)} MiB free below /var/lib`,
        'Free at least 1 GiB.',
      );
    }
    const needed =
      node.role === 'server'
        ? [apiPort(cluster, node), ...(cluster.datastore.type === 'embedded-etcd' ? [2379, 2380] : [])]
        : [];
    for (const port of [...needed, 10250].filter((candidate) => facts.listeningPorts.includes(candidate))) {
      report(
        'port-in-use',
        `Port ${port} is already in use on ${node.id}; K3s would stop with "bind: address already in use"`,
        `Find the program with "ss -lntp | grep :${port}" and stop it.`,
      );
    }
  }
  return found;
}

/** Things seen on the hosts that a person should know before saying yes. */
export function hostNotes(node: ClusterNode, facts: HostFacts, medianTime: number): string[] {
  const notes: string[] = [];
  if (facts.firewall !== 'none')
    notes.push(
      `${node.id} has ${facts.firewall} active: K3s needs 6443/tcp, 10250/tcp, 8472/udp and, between servers, 2379-2380/tcp.`,
    );
  if (!facts.defaultRoute && facts.units[unitOf(node)]?.active === 'active')
    notes.push(`${node.id} has no default route; K3s picks its node address from it.`);
  if (Math.abs(facts.time - medianTime) > 30)
    notes.push(
      `The clock of ${node.id} is ${Math.round(Math.abs(facts.time - medianTime))} s away from the others; certificates may not be valid yet.`,
    );
  const small = node.role === 'server' ? facts.cpus < 2 || facts.memoryKiB < 1_900_000 : facts.memoryKiB < 480_000;
  if (small)
    notes.push(
      `${node.id} is smaller than K3s asks for (${facts.cpus} CPU, ${Math.round(facts.memoryKiB / 1024)} MiB; a server needs 2 and 2048, an agent 1 and 512).`,
    );
  return notes;
}

import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterMachine, LoadBalancer } from '../../core/cluster/cluster';
import { balancerMachines, machinesOf } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { ipv4Number, sameAddress } from '../../core/k3s/cidr';
import { backendsOf, isPlainAddress } from '../../core/loadBalancer/backends';
import { isVrrpPassword } from '../../core/loadBalancer/keepalivedConfig';
import { NGINX_DIFFERENCE } from '../../core/loadBalancer/nginxConfig';
import { BALANCER_CONFIGS, type BalancerUnit } from '../../core/loadBalancer/paths';
import type { ResolvedSecrets } from '../secrets/resolveSecrets';
import { isOurs, surplusUnits } from './balancerChange';
import { hasLeftOver, leavesWith } from './kubeVipLeaving';
import type { Situation } from './situation';
import { isRunning } from './starts';

/** Why the load balancer of a file cannot be installed, found before anything is touched. */
export function balancerProblems(situation: Situation): Problem[] {
  const { cluster, facts } = situation;
  const { loadBalancer } = cluster;
  const machines = balancerMachines(cluster);
  if (loadBalancer === undefined || machines.length === 0) return [];
  const moves = machines.length > 1;
  return [
    ...(moves ? addressProblems(situation, loadBalancer) : []),
    ...backendsOf(cluster)
      .filter(({ address }) => !isPlainAddress(address))
      .map(({ name, address }) =>
        problem(
          'balancer-address-not-plain',
          say`${JSON.stringify(address)} of ${name} is no address for a load balancer`,
        ),
      ),
    ...machines.flatMap((machine) => {
      const seen = facts.get(machine.id);
      return seen === undefined ? [] : machineProblems(cluster, loadBalancer, machine, seen);
    }),
    ...unreachedProblems(situation),
  ];
}

/** A password that keepalived would cut off, or read as something else. */
export function vrrpPasswordProblems(cluster: Cluster, secrets: ResolvedSecrets): Problem[] {
  const written = cluster.loadBalancer?.vrrp?.password;
  if (written === undefined || balancerMachines(cluster).length < 2 || isVrrpPassword(secrets.text(written))) return [];
  return [
    problem('vrrp-password-unfit', say`The password under loadBalancer.vrrp is none that keepalived takes`, {
      why: say`keepalived compares 8 characters at most; letters, digits and ._~+=@%:- reach it as they are.`,
      nextSteps: [say`Choose one of up to 8 such characters.`],
    }),
  ];
}

/** The address has to be a free one: two machines that both answer for it can neither be reached reliably. */
function addressProblems(situation: Situation, balancer: LoadBalancer): Problem[] {
  const { cluster, facts, unreachable } = situation;
  const { address, nodes } = balancer;
  if (ipv4Number(address) === undefined && !address.includes(':')) {
    return [
      problem('balancer-address-name', say`${address} is a name, and keepalived moves addresses`, {
        nextSteps: [say`Write a free address of the network of these machines under loadBalancer.address.`],
      }),
    ];
  }
  const carriers = machinesOf(cluster).filter(({ id }) =>
    [
      ...(facts.get(id)?.addresses ?? []),
      ...(facts.get(id)?.balancer?.interfaces ?? []).map((one) => one.address),
    ].some((one) => sameAddress(one, address)),
  );
  const own = new Set([...nodes, ...(balancer.former ?? [])].map(({ id }) => id));
  // What carries it for this cluster gives it up before keepalived takes it.
  const isGivenUp = ({ id }: ClusterMachine): boolean =>
    hasLeftOver(situation, id) ||
    (cluster.servers.some((server) => server.id === id) && leavesWith(situation, address));
  const strange = carriers.filter(
    (machine) => !isGivenUp(machine) && !(own.has(machine.id) && isCarriedByKeepalived(facts.get(machine.id))),
  );
  if (strange.length > 0) {
    return strange.map(({ id }) =>
      problem('balancer-address-in-use', say`${id} has the address ${address} itself, so it cannot move`, {
        host: id,
        why: say`An address that belongs to a machine is not given up when the load balancer there fails.`,
        nextSteps: [say`Take it off ${id}, or write another free address under loadBalancer.address.`],
      }),
    );
  }
  const heard = nodes.filter(({ id }) => facts.get(id)?.balancer?.addressAnswers === true);
  // A machine of ours that does not answer now may carry it, once keepalived runs on the others.
  const perhapsOurs =
    nodes.some(({ id }) => unreachable.has(id)) && nodes.some(({ id }) => isCarriedByKeepalived(facts.get(id)));
  if (carriers.length > 0 || heard.length === 0 || perhapsOurs) return [];
  return [
    problem('balancer-address-in-use', say`Another machine already answers at ${address}`, {
      why: say`${listed(heard.map(({ id }) => id))} ${heard.length === 1 ? 'gets' : 'get'} an answer from there, and none of the machines of this file has that address. Nothing was changed.`,
      nextSteps: [
        say`Find the machine (ip neigh show, the list of your router), or write another free address under loadBalancer.address.`,
      ],
    }),
  ];
}

function isCarriedByKeepalived(seen: HostFacts | undefined): boolean {
  const config = seen?.balancer?.files.get(BALANCER_CONFIGS.keepalived);
  return config !== undefined && isOurs(config);
}

function machineProblems(
  cluster: Cluster,
  balancer: LoadBalancer,
  machine: ClusterMachine,
  seen: HostFacts,
): Problem[] {
  const { id } = machine;
  const found: Problem[] = [];
  const report = (code: string, message: string, ...nextSteps: string[]): void => {
    found.push(problem(code, message, { host: id, nextSteps }));
  };
  const present = seen.balancer;
  if (seen.init === 'none') {
    report(
      'no-service-manager',
      say`${id} runs neither systemd nor OpenRC, so nothing can start ${balancer.type} and keep it running`,
      say`Use a host that one of them has started, or run the load balancer yourself with type external.`,
    );
  }
  if (present === undefined) return found;
  const units: readonly BalancerUnit[] = [
    balancer.type === 'nginx' ? 'nginx' : 'haproxy',
    ...(balancer.nodes.length > 1 ? ['keepalived' as const] : []),
  ];
  if (present.manager === undefined && units.some((unit) => !present.programs.includes(unit))) {
    report(
      'no-package-manager',
      say`${id} has none of apt-get, dnf, zypper and apk, so ${listed(units)} cannot be installed`,
      say`Install ${listed([...units, ...(balancer.type === 'haproxy' ? ['socat'] : [])])} on it by hand, then run again.`,
    );
  }
  for (const unit of units) {
    const config = present.files.get(BALANCER_CONFIGS[unit]);
    if (config === undefined || isOurs(config) || present.units.get(unit)?.active !== 'active') continue;
    if (!DOES_SOMETHING[unit].test(config)) continue;
    report(
      'balancer-not-ours',
      say`${unit} already runs on ${id} with a configuration that K3s HA did not write`,
      say`If nothing needs it any more, stop it (${seen.init === 'openrc' ? `rc-service ${unit} stop` : `systemctl disable --now ${unit}`}) and run again: its file is replaced then.`,
      say`Otherwise use another host, or keep it and write type: external.`,
    );
  }
  const holder = seen.listeningPorts.includes(balancer.port);
  const proxy = units[0] as BalancerUnit;
  const own = present.files.get(BALANCER_CONFIGS[proxy]);
  const listens =
    own !== undefined && isOurs(own) && new RegExp(`(?:bind|listen) \\S*\\b${balancer.port}\\b`).test(own);
  // What holds the port of a load balancer of another kind goes before the new one is started.
  const leaves = surplusUnits(undefined, seen).some((unit) => !units.includes(unit) && unit !== 'keepalived');
  if (holder && !listens && !leaves && found.length === 0) {
    report(
      'port-in-use',
      say`Port ${balancer.port} is already in use on ${id}, so ${proxy} cannot listen there`,
      say`Find the program with "ss -lntp | grep :${balancer.port}" and stop it, or write another port under loadBalancer.port.`,
    );
  }
  return found;
}

/** Words without which a configuration does nothing, such as the one that a package brings. */
const DOES_SOMETHING: Readonly<Record<BalancerUnit, RegExp>> = {
  haproxy: /^\s*(?:frontend|listen)\s/m,
  nginx: /^\s*(?:server|upstream)\s/m,
  keepalived: /^\s*(?:vrrp_instance|virtual_server)\s/m,
};

/** On a first installation nodes cannot register while nothing carries the fixed address. */
function unreachedProblems({ cluster, facts, unreachable }: Situation): Problem[] {
  const machines = balancerMachines(cluster);
  const runs = cluster.servers.some((server) => isRunning(server, facts));
  if (runs || machines.some(({ id }) => facts.has(id))) return [];
  return machines.flatMap(({ id }) => {
    const why = unreachable.get(id);
    return why === undefined
      ? []
      : [
          problem(why.code, why.message, {
            host: id,
            why: say`${why.why ?? say`It does not answer.`} No host of the load balancer can be reached.`,
            nextSteps: why.nextSteps,
          }),
        ];
  });
}

/** Worth knowing before one says yes to a load balancer. */
export function balancerNotes(situation: Situation): string[] {
  const { cluster, facts } = situation;
  const { loadBalancer } = cluster;
  const machines = balancerMachines(cluster);
  const [only] = machines;
  if (loadBalancer === undefined || only === undefined) return [];
  const { address, type, vrrp } = loadBalancer;
  const alone = facts.get(only.id);
  const unassigned =
    machines.length === 1 && alone !== undefined && !alone.addresses.some((one) => sameAddress(one, address));
  return [
    ...(machines.length === 1
      ? [
          say`${only.id} alone carries ${address}: without a second host keepalived is not installed, and nothing takes over when it fails.`,
        ]
      : []),
    ...(unassigned
      ? [say`${only.id} does not have the address ${address}; see that connections to it end there.`]
      : []),
    ...(type === 'nginx' ? [NGINX_DIFFERENCE] : []),
    ...(vrrp?.password !== undefined && address.includes(':')
      ? [say`VRRP for IPv6 knows no password; the one under loadBalancer.vrrp is not used.`]
      : []),
  ];
}

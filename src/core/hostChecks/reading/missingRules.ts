import type { ClusterMachine } from '../../cluster/cluster';
import { neededPorts } from '../../cluster/neededPorts';
import { balancerMachines, machinesOf, nodesOf } from '../../cluster/roles';
import type { FirewallFacts } from '../../facts/firewallFacts';
import type { AllowedTraffic } from '../../k3s/traffic';
import { addressFamily, cidrContains, cidrsOverlap, parseCidr, sameAddress } from '../../k3s/cidr';
import type { HostLook } from '../hostCheck';
import { clusterNetworks } from './clusterNetworks';

/** Traffic that the firewall of a machine has to let in, and as far as it can be read does not. */
export function missingRules(look: HostLook, machine: ClusterMachine): readonly AllowedTraffic[] {
  const rules = look.facts.get(machine.id)?.firewallRules;
  if (rules === undefined || rules.otherwise === 'accept') return [];
  return neededTraffic(look, machine).filter((needed) => !isAllowed(rules, needed));
}

/** What a machine has to let in, by the addresses of the machines that were seen; names stand for nobody. */
function neededTraffic(look: HostLook, machine: ClusterMachine): readonly AllowedTraffic[] {
  const addresses = new Map(
    machinesOf(look.cluster).map(({ id, address }) => [
      id,
      // What a host tells of itself is believed when it is one address, and never a network.
      isAddress(address) ? address : look.facts.get(id)?.addresses.find(isAddress),
    ]),
  );
  const isNode = nodesOf(look.cluster).some(({ id }) => id === machine.id);
  return [
    ...neededPorts(look.cluster, machine).flatMap(({ protocol, ports, from }): readonly AllowedTraffic[] =>
      from === 'anybody'
        ? [{ protocol, ports }]
        : from.flatMap((id) => {
            const address = addresses.get(id);
            return address === undefined ? [] : [{ protocol, ports, from: address }];
          }),
    ),
    ...balancerPeers(look, machine).flatMap((id) => {
      const from = addresses.get(id);
      return from === undefined ? [] : [{ protocol: 'any' as const, from }];
    }),
    ...(isNode ? clusterNetworks(look.cluster).map(({ text }) => ({ protocol: 'any' as const, from: text })) : []),
  ];
}

/** Machines whose keepalived speaks VRRP to that of this one: it has no ports, and not every tool knows it by name. */
function balancerPeers({ cluster }: HostLook, machine: ClusterMachine): readonly string[] {
  const ids = balancerMachines(cluster).map(({ id }) => id);
  return ids.includes(machine.id) ? ids.filter((id) => id !== machine.id) : [];
}

function isAddress(text: string): boolean {
  return addressFamily(text) !== undefined;
}

function isAllowed({ allowed }: FirewallFacts, needed: AllowedTraffic): boolean {
  return allowed.some(
    (rule) =>
      (rule.protocol === 'any' || rule.protocol === needed.protocol) &&
      holdsPorts(rule.ports, needed.ports) &&
      holdsSource(rule.from, needed.from),
  );
}

function holdsPorts(rule: AllowedTraffic['ports'], needed: AllowedTraffic['ports']): boolean {
  return rule === undefined || (needed !== undefined && rule[0] <= needed[0] && rule[1] >= needed[1]);
}

function holdsSource(rule: string | undefined, needed: string | undefined): boolean {
  if (rule === undefined) return true;
  if (needed === undefined) return false;
  const [allowed, wanted] = [parseCidr(rule), parseCidr(needed)];
  if (allowed === undefined) return sameAddress(rule, needed);
  if (wanted === undefined) return cidrContains(allowed, needed);
  return cidrsOverlap(allowed, wanted) && allowed.prefix <= wanted.prefix;
}

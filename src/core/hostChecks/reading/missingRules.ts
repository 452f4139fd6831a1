import type { ClusterNode } from '../../cluster/cluster';
import { neededPorts } from '../../cluster/neededPorts';
import { nodesOf } from '../../cluster/roles';
import type { FirewallFacts } from '../../facts/firewallFacts';
import type { AllowedTraffic } from '../../k3s/traffic';
import { cidrContains, cidrsOverlap, parseCidr, sameAddress } from '../../k3s/cidr';
import type { HostLook } from '../hostCheck';
import { clusterNetworks } from './clusterNetworks';

/** Traffic that the firewall of a machine has to let in, and as far as it can be read does not. */
export function missingRules(look: HostLook, node: ClusterNode): readonly AllowedTraffic[] {
  const rules = look.facts.get(node.id)?.firewallRules;
  if (rules === undefined || rules.otherwise === 'accept') return [];
  return neededTraffic(look, node).filter((needed) => !isAllowed(rules, needed));
}

/** What a machine has to let in, by the addresses of the machines that were seen; names stand for nobody. */
function neededTraffic(look: HostLook, node: ClusterNode): readonly AllowedTraffic[] {
  const addresses = new Map(
    nodesOf(look.cluster).map(({ id, address }) => [
      id,
      // What a host tells of itself is believed when it is one address, and never a network.
      isAddress(address) ? address : look.facts.get(id)?.addresses.find(isAddress),
    ]),
  );
  return [
    ...neededPorts(look.cluster, node).flatMap(({ protocol, ports, from }): readonly AllowedTraffic[] =>
      from === 'anybody'
        ? [{ protocol, ports }]
        : from.flatMap((id) => {
            const address = addresses.get(id);
            return address === undefined ? [] : [{ protocol, ports, from: address }];
          }),
    ),
    ...clusterNetworks(look.cluster).map(({ text }) => ({ protocol: 'any' as const, from: text })),
  ];
}

function isAddress(text: string): boolean {
  return parseCidr(`${text}/32`) !== undefined || parseCidr(`${text}/128`) !== undefined;
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

import { say } from '../../base/say';
import type { FirewallFacts } from '../../facts/firewallFacts';
import type { AllowedTraffic } from '../../k3s/traffic';

/** `2379-2380/tcp from 10.0.0.12`, `everything from 10.42.0.0/16`, `6443/tcp`. */
export function trafficWords({ protocol, ports, from }: AllowedTraffic): string {
  const what = ports === undefined ? say`everything` : `${portWords(ports, '-')}/${protocol}`;
  return from === undefined ? what : say`${what} from ${from}`;
}

/** The command that lets traffic in, for a person to run as root; firewalld needs it twice, for now and for later. */
export function firewallCommands(tool: FirewallFacts['tool'], traffic: AllowedTraffic): readonly string[] {
  if (tool === 'ufw') return [`ufw allow ${ufwWords(traffic)}`];
  if (tool === 'filter') return [trafficWords(traffic)];
  return ['', '--permanent '].map((when) => `firewall-cmd ${when}${firewalldWords(traffic)}`);
}

function ufwWords({ protocol, ports, from }: AllowedTraffic): string {
  if (ports === undefined) return `from ${from ?? 'any'}`;
  return from === undefined
    ? `${portWords(ports, ':')}/${protocol}`
    : `proto ${protocol} from ${from} to any port ${portWords(ports, ':')}`;
}

function firewalldWords({ protocol, ports, from }: AllowedTraffic): string {
  if (ports === undefined) return `--zone=trusted --add-source=${from ?? '0.0.0.0/0'}`;
  if (from === undefined) return `--add-port=${portWords(ports, '-')}/${protocol}`;
  const family = from.includes(':') ? 'ipv6' : 'ipv4';
  return `--add-rich-rule='rule family="${family}" source address="${from}" port port="${portWords(ports, '-')}" protocol="${protocol}" accept'`;
}

function portWords([first, last]: readonly [number, number], between: string): string {
  return first === last ? String(first) : `${first}${between}${last}`;
}

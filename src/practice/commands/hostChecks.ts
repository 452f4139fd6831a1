import { canReach, hostAt } from '../network';
import { fail, type Command } from './command';

/** port-listen: seconds and ports. Nobody can knock here but practice hosts, whose ports nothing keeps apart. */
export const portListenCommand: Command = ({ host, args, out }) => {
  for (const word of args.slice(1)) {
    const [protocol, port] = word.split(':');
    if (protocol === 'tcp' && host.ports.has(Number(port))) out(`busy ${word}\n`);
  }
  out('ready\n');
  return 0;
};

/** port-free: process of a listener. Here none listens. */
export const portFreeCommand: Command = () => 0;

/** port-dial: `PORT ADDRESS` lines on standard input. A host that is switched off or cut off answers nobody. */
export const portDialCommand: Command = async ({ world, host, stdin, out }) => {
  for (const line of (await stdin.text()).split('\n').filter((text) => text !== '')) {
    const [, address = ''] = line.split(' ');
    const other = hostAt(world, address);
    out(`${other !== undefined && canReach(world, host, other) ? 'reached' : 'silent'} ${line}\n`);
  }
  return 0;
};

/** resolve-names: names on standard input. Hosts and the load balancer are known, and of other names those that may exist (RFC 6761). */
export const resolveNamesCommand: Command = async ({ world, stdin, out }) => {
  for (const name of (await stdin.text()).split('\n').filter((text) => text !== '')) {
    const known = hostAt(world, name)?.addresses.join(' ') ?? (/\.?invalid$/i.test(name) ? '' : '10.77.0.250');
    out(`${name}=${known}\n`);
  }
  return 0;
};

/** disk-latency: a folder. Takes as long as an SSD. */
export const diskLatencyCommand: Command = ({ out }) => {
  for (let round = 0; round < 20; round += 1) out('took 0.008\n');
  return 0;
};

/** open-firewall: tool. Practice hosts have no firewall, and no tool for one. */
export const openFirewallCommand: Command = (run) => fail(run, `sh: 1: ${run.args[0] ?? ''}: not found`, 4);

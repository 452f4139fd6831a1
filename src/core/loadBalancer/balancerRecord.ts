import { isPlainAddress } from './backends';

/** What servers remember of machines that carry the load balancer and are no nodes. */
export const BALANCER_RECORD = '/var/lib/k3s-ha/balancer-machines';

/** What carries the fixed address of a cluster on a machine of its own. */
export interface RecordedBalancer {
  /** The fixed address. */
  readonly address: string;
  readonly proxy: 'haproxy' | 'nginx';
  /** Where the machine is reached. */
  readonly host: string;
}

const HEAD = '# Machines beside the nodes that carry the load balancer, by K3s HA: address, program, machine.';

/** The text that servers keep: a machine that leaves the cluster file whole cannot be asked any more. */
export function balancerRecord(machines: readonly RecordedBalancer[]): string {
  return `${[HEAD, ...machines.map(({ address, proxy, host }) => `${address} ${proxy} ${host}`)].join('\n')}\n`;
}

/** What such a text says; it comes from a host, so only what may stand in a command is taken from it. */
export function readBalancerRecord(text: string): readonly RecordedBalancer[] {
  return [...text.matchAll(/^(\S+) (haproxy|nginx) (\S+)$/gm)].flatMap(([, address = '', proxy, host = '']) =>
    [address, host].every((word) => isPlainAddress(word) && !word.startsWith('-'))
      ? [{ address, proxy: proxy as RecordedBalancer['proxy'], host }]
      : [],
  );
}

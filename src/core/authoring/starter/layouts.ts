import { later } from '../../base/say';
import { renderScalar } from '../../document/render';
import { parseCidr } from '../../k3s/cidr';
import { expandHostRange } from '../../cluster/hostRange';
import type { Addresses, Layout } from './addresses';

/** What a person chooses from, and what a file of that layout says beyond its machines. */
export interface LayoutKind {
  readonly layout: Layout;
  readonly label: string;
  /** What it means for the one who chooses. */
  readonly detail: string;
  /** How its machines are typed. */
  readonly example: string;
  /** First line of the file. */
  readonly title: string;
  /** What is asked for besides machines. */
  readonly asks?: 'database' | 'etcd';
  /** Lines below `k3s:`. */
  readonly install?: readonly string[];
  /** Lines below the address. */
  readonly balancer: (addresses: Addresses) => readonly string[];
  /** Where the data is, unless that is asked. */
  readonly datastore?: 'embedded-etcd';
  /** Why a finding about its servers is expected, as a comment that silences it. */
  readonly expected?: string;
  /** What else the person has to bring; told once the file is written, and lines of the file. */
  readonly brings?: string;
}

const OWN_BALANCER = ['  # A load balancer of yours that passes port 6443 on to all servers.', '  type: external'];
const KUBE_VIP = [
  '  # A free address of the network of the servers, which pass it among themselves: no further machine is needed.',
  '  type: kube-vip',
];

/** Every layout, in the order in which they are offered. */
export const LAYOUTS: readonly LayoutKind[] = [
  {
    layout: 'embedded-etcd',
    label: later`Embedded etcd behind a load balancer of yours`,
    detail: later`Three servers or more: survives the loss of one, needs nothing else`,
    example: 'servers 10.0.0.[11-13], address 10.0.0.100, agents 10.0.1.[1-3]',
    title: 'Servers with etcd of their own: more than half of them have to be there.',
    balancer: () => OWN_BALANCER,
    datastore: 'embedded-etcd',
  },
  {
    layout: 'haproxy',
    label: later`Embedded etcd, moving address by HAProxy and keepalived`,
    detail: later`The same; HAProxy and keepalived come onto two machines or two servers`,
    example: 'servers 10.0.0.[11-13], address 10.0.0.100, balancers 10.0.0.5 10.0.0.6, agents 10.0.1.[1-3]',
    title: 'Servers with etcd of their own behind HAProxy: keepalived moves the address when one of its machines goes.',
    balancer: ({ balancers, servers }) => [
      // K3s has port 6443 on every address of a server.
      ...(balancers.some((host) => servers.flatMap((each) => expandHostRange(each)).includes(host))
        ? ['  # K3s has 6443 on machines that are servers, too.', '  port: 8443']
        : []),
      '  # A free address of their network: keepalived gives it to the one whose HAProxy answers, the first one if it can.',
      '  type: haproxy',
      '  nodes:',
      ...balancers.map((host) => `    - ${renderScalar(host, false)}`),
    ],
    datastore: 'embedded-etcd',
  },
  {
    layout: 'kube-vip',
    label: later`Embedded etcd, moving address by kube-vip`,
    detail: later`The same without further machines: the servers carry the address`,
    example: 'servers 10.0.0.[11-13], address 10.0.0.100, agents 10.0.1.[1-3]',
    title: 'Servers with etcd of their own, which pass the fixed address among themselves.',
    balancer: () => KUBE_VIP,
    datastore: 'embedded-etcd',
  },
  {
    layout: 'external-datastore',
    label: later`External datastore: managed database behind a cloud load balancer`,
    detail: later`Two servers or more: as available as the datastore that they share`,
    example: 'servers 10.0.0.11 10.0.0.12, address 10.0.0.100, agents 10.0.1.[1-3]',
    title: 'Servers on a datastore outside: one of them is enough as long as that is there.',
    asks: 'database',
    balancer: () => [
      '  # A layer-4 (TCP) listener on 6443 with all servers behind it. It must not terminate TLS.',
      '  type: external',
    ],
  },
  {
    layout: 'external-etcd',
    label: later`External etcd with client certificates`,
    detail: later`Two servers or more on an etcd cluster that has operators of its own`,
    example: 'servers 10.0.0.11 10.0.0.12, address 10.0.0.100, agents 10.0.1.[1-3]',
    title: 'Servers on an etcd cluster that is run separately, over mutual TLS.',
    asks: 'etcd',
    balancer: () => OWN_BALANCER,
    brings: later`Put etcd-ca.crt, k3s-client.crt and k3s-client.key into certs/ beside the file, and keep that folder out of version control.`,
  },
  {
    layout: 'air-gap',
    label: later`Air gap`,
    detail: later`Three servers or more without internet: all comes from a folder of yours`,
    example: 'servers 10.0.0.[11-13], address 10.0.0.100, agents 10.0.1.[1-3]',
    title: 'Machines without internet access: everything comes from the folder ./airgap and travels over SSH.',
    install: [
      '  install:',
      '    method: airgap',
      '    # Binary, images, sha256 file and install.sh of exactly this release, by architecture.',
      '    artifacts: ./airgap',
    ],
    balancer: () => KUBE_VIP,
    datastore: 'embedded-etcd',
    brings: later`Put binary, images, sha256 file and install.sh of the release into airgap/ beside the file, and the image of kube-vip.`,
  },
  {
    layout: 'growing-server',
    label: later`Single server that will grow`,
    detail: later`One server with etcd and a fixed address: two more join it later`,
    example: 'server 10.0.0.11, address 10.0.0.100, agents 10.0.1.[1-3]',
    title: 'One server that will grow: write two more into servers.nodes when they are there.',
    // Names are moved by whoever has them; an address the servers move themselves, however many they are.
    balancer: ({ fixed = '' }) =>
      parseCidr(`${fixed}/${fixed.includes(':') ? 128 : 32}`) === undefined
        ? ['  # A DNS name that leads to all servers.', '  type: dns']
        : KUBE_VIP,
    datastore: 'embedded-etcd',
    expected: '# k3s-ha-ignore single-server -- two more servers will follow',
  },
  {
    layout: 'single-server',
    label: later`Single server`,
    detail: later`One server with SQLite: for trying out, not for high availability`,
    example: 'server 10.0.0.11',
    title: 'One server with SQLite: the cluster stops with it.',
    balancer: () => OWN_BALANCER,
  },
];

/** What is known of a layout. */
export function layoutKind(layout: Layout): LayoutKind {
  const found = LAYOUTS.find((each) => each.layout === layout);
  if (found === undefined) throw new Error(`There is no layout ${layout}.`);
  return found;
}

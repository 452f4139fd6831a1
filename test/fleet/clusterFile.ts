import { DEFAULT_K3S_VERSION, type Fleet } from './driver/fleet';

/** Secret that every cluster file here names as its token. */
export const TOKEN = 'c0ffee1234567890c0ffee1234567890';

/** What a cluster file says of hosts of a fleet. */
interface Described {
  readonly servers: readonly string[];
  readonly agents: readonly string[];
  /** Address that kubeconfigs and agents use. */
  readonly balancer: string;
  readonly version?: string;
  /** The block below `datastore:`, indented. */
  readonly datastore?: string;
  /** More lines of the configuration of all servers, indented by four. */
  readonly serverConfig?: string;
  /** More lines of a node, indented by six. */
  readonly more?: (name: string) => string;
}

/** The text of a cluster file for these hosts, entered as `auto` with the key of the fleet. */
export function clusterFile(fleet: Fleet, described: Described): string {
  const { balancer, version = DEFAULT_K3S_VERSION, datastore = '  type: embedded-etcd\n' } = described;
  const nodes = (names: readonly string[]): string =>
    names
      .map((name) => `    - host: ${fleet.host(name).address}\n      name: ${name}\n${described.more?.(name) ?? ''}`)
      .join('');
  return `apiVersion: k3s-ha/v1
kind: Cluster
metadata:
  name: fleet
k3s:
  version: ${version}
loadBalancer:
  address: ${balancer}
datastore:
${datastore}token: \${secret:token}
ssh:
  user: auto
  identityFile: ${fleet.identityFile}
  knownHostsFile: known_hosts
servers:
  config:
    tls-san: [${balancer}]
${described.serverConfig ?? ''}  nodes:
${nodes(described.servers)}agents:
  nodes:
${nodes(described.agents)}`;
}

import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { startClient, type Client, type ClientReport } from '../support/steadyClient';
import type { Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { until } from './driver/run';
import { engineFor, type Engine } from './engine';

export const SECRETS = { token: 'c0ffee1234567890c0ffee1234567890', vrrp: 'Kx3-9pQ' };
export const SERVERS = ['server-1', 'server-2', 'server-3'];
export const BALANCERS = ['lb-1', 'lb-2'];
export const VERSIONS = ['v1.36.2+k3s1', 'v1.36.3+k3s1'];

export interface Wanted {
  readonly version?: string | undefined;
  readonly options?: string;
  readonly balancer?: string;
  readonly port?: number;
  /** The fixed address. */
  readonly address?: string;
  readonly servers?: readonly string[];
  readonly agents?: readonly string[];
}

export const OPTION = '    kube-apiserver-arg: [v=1]\n';
/** How the cluster is left by the changes of the first tests. */
export const LAST: Wanted = { version: VERSIONS[1], options: OPTION };

function file(fleet: Fleet, type: string, wanted: Wanted): string {
  const { version = VERSIONS[0], options = '', balancer = '', agents = ['agent-1'], port = 6443 } = wanted;
  const { address = fleet.address(100), servers = SERVERS } = wanted;
  const nodes = (names: readonly string[]): string =>
    names.map((name) => `    - { host: ${fleet.host(name).address}, name: ${name} }\n`).join('');
  return `apiVersion: k3s-ha/v1
kind: Cluster
metadata:
  name: fleet
k3s:
  version: ${version}
loadBalancer:
  address: ${address}
  port: ${port}
  type: ${type}
${type === 'external' ? '' : `  nodes:\n${nodes(BALANCERS)}`}${balancer}datastore:
  type: embedded-etcd
token: \${secret:token}
ssh:
  user: auto
  identityFile: ${fleet.identityFile}
  knownHostsFile: known_hosts
servers:
  config:
    tls-san: [${address}]
${options}  nodes:
${nodes(servers)}${agents.length === 0 ? '' : `agents:\n  nodes:\n${nodes(agents)}`}`;
}

/** A cluster of three servers and an agent behind two machines that K3s HA makes its load balancer, with a client before it. */
export interface BalancedCluster {
  withEngine<T>(wanted: Wanted, work: (engine: Engine) => Promise<T>): Promise<T>;
  /** Carries out the plan for a file, sees that nothing is left to do, and gives the steps. */
  apply(wanted: Wanted): Promise<string[]>;
  /** The kubeconfig that leads through the fixed address; to be called once the cluster runs. */
  kubeconfig(): Promise<string>;
  /** What a client through the address meets meanwhile. */
  meanwhile(work: (client: Client) => Promise<unknown>): Promise<ClientReport>;
  carriers(): Promise<FleetHost[]>;
  /** The one machine that has the address, waited for. */
  carrier(): Promise<FleetHost>;
}

/** `external`: the address is carried by what the test itself sets up on the two machines. */
export function balancedCluster(fleet: Fleet, type: 'haproxy' | 'nginx' | 'external'): BalancedCluster {
  const withEngine = async <T>(wanted: Wanted, work: (engine: Engine) => Promise<T>): Promise<T> => {
    const engine = await engineFor(fleet, file(fleet, type, wanted), SECRETS);
    try {
      return await work(engine);
    } finally {
      await engine.dispose();
    }
  };

  let applied: Wanted = {};
  /** Carries out the plan for a file and gives what was done. */
  const apply = (wanted: Wanted): Promise<string[]> =>
    withEngine((applied = wanted), async (engine) => {
      const prepared = await engine.plan();
      refuse('The plan has problems', prepared.plan.problems);
      const report = await engine.run(prepared);
      refuse(`The run ended as ${report.result}`, report.result === 'done' ? report.problems : [report]);
      refuse('Another run would have steps', (await engine.plan()).plan.steps);
      return prepared.plan.steps.map(({ id }) => id);
    });

  let known: string | undefined;
  const kubeconfig = async (): Promise<string> =>
    (known ??= await withEngine(applied, async (engine) => {
      const fetched = await fetchKubeconfig(engine.cluster, engine.hosts, engine.api);
      if (!fetched.ok) throw new Error(fetched.error.message);
      return fetched.value.prepared.text;
    }));

  const meanwhile = async (work: (client: Client) => Promise<unknown>): Promise<ClientReport> => {
    const client = startClient(await kubeconfig());
    await work(client).catch(async (error: unknown) => {
      await client.stop();
      throw error;
    });
    return client.stop();
  };

  const carriers = async (): Promise<FleetHost[]> => {
    const on = BALANCERS.map((name) => fleet.host(name)).filter((host) => host.isOn());
    const has = await Promise.all(
      on.map(async (host) =>
        (await host.mustExec('ip -o -4 addr show dev eth0')).includes(` ${fleet.address(100)}/32`),
      ),
    );
    return on.filter((_, index) => has[index]);
  };

  const carrier = (): Promise<FleetHost> =>
    until('one machine has the address', 20_000, async () => {
      const found = await carriers();
      return found.length === 1 ? found[0] : undefined;
    });

  return { withEngine, apply, kubeconfig, meanwhile, carriers, carrier };
}

/** Ends the work when there is anything; the bench has no test around it that could. */
function refuse(what: string, found: readonly unknown[]): void {
  if (found.length > 0) throw new Error(`${what}: ${JSON.stringify(found)}`);
}

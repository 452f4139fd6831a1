import { stringify } from 'yaml';
import type { Problem } from '../../base/problem';
import { err, ok, type Result } from '../../base/result';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import { configOptions } from '../../cluster/configFile';
import type { Reference } from '../../cluster/references';
import type { Exported, ExportForm } from './exported';
import { isArchive, leftOf, notPlain, packedAirGap } from './left';
import { secretVariable, withPlaces } from './secretPlaces';

/** What the playbook writes itself: its first server founds, all others join api_endpoint. */
const OWN = new Set(['token', 'cluster-init', 'server', 'node-name']);

/** The inventory of k3s-io/k3s-ansible. https://github.com/k3s-io/k3s-ansible/blob/master/inventory-sample.yml */
export const k3sAnsible: ExportForm = { id: 'k3s-ansible', title: 'k3s-ansible', make };

function make(cluster: Cluster): Result<Exported, Problem> {
  const wrong = texts(cluster).find((text) => /\{[{%#]/.test(text));
  if (wrong !== undefined) return err(notPlain('k3s-ansible', `"${wrong}"`));
  if (cluster.k3s.install.method === 'airgap' && isArchive(cluster.k3s.install.artifacts)) return err(packedAirGap());
  const { k3s, loadBalancer, servers, agents } = cluster;
  const first = servers[0];
  const { token } = cluster;
  const vars = {
    ...(k3s.version === undefined ? {} : { k3s_version: k3s.version }),
    ...(token === undefined ? {} : { token: withPlaces(token, lookup) }),
    api_endpoint: loadBalancer?.address ?? first?.address ?? first?.host ?? '',
    api_port: loadBalancer?.port ?? 6443,
    cluster_context: cluster.name,
    ...(k3s.install.method === 'airgap' ? { airgap_dir: k3s.install.artifacts ?? '' } : {}),
    ...(Object.keys(k3s.install.env).length === 0
      ? {}
      : {
          extra_install_envs: Object.fromEntries(
            Object.entries(k3s.install.env).map(([name, value]) => [name, withPlaces(value, lookup)]),
          ),
        }),
  };
  const hosts = (nodes: readonly ClusterNode[]): object =>
    Object.fromEntries(nodes.map((node) => [node.name ?? node.host, hostVars(cluster, node)]));
  const inventory = {
    k3s_cluster: { children: { server: { hosts: hosts(servers) }, agent: { hosts: hosts(agents) } }, vars },
  };
  return ok({
    files: [{ name: 'inventory.yml', text: `${HEADER}${stringify(inventory, { lineWidth: 0 })}` }],
    left: [
      ...leftOf(cluster),
      ...(k3s.version === undefined
        ? ['k3s-ansible needs a version: the file names a channel, so k3s_version is to be added.']
        : []),
      ...(k3s.install.method === 'preinstalled' ? ['k3s-ansible installs K3s itself (k3s.install.method).'] : []),
      ...(servers.length + agents.length > 1
        ? ['Run the playbook with --forks=1 on a cluster that runs: it restarts servers.']
        : []),
    ],
  });
}

const HEADER =
  '# Made by K3s HA from the cluster file: change it there. Secrets are looked up on the machine that runs the playbook.\n';

function hostVars(cluster: Cluster, node: ClusterNode): object {
  const start = { kind: 'found' as const };
  const own = Object.entries(configOptions(cluster, node, start)).filter(
    ([key]) => !OWN.has(key) || (key === 'node-name' && node.name !== undefined),
  );
  const config =
    own.length === 0 ? undefined : withPlaces(stringify(Object.fromEntries(own), { lineWidth: 0 }), lookup);
  const { user, port } = node.ssh;
  return {
    ansible_host: node.host,
    ...(user === undefined ? {} : { ansible_user: user }),
    ...(port === undefined ? {} : { ansible_port: port }),
    ...(config === undefined ? {} : { [node.role === 'server' ? 'server_config_yaml' : 'agent_config_yaml']: config }),
  };
}

/** Every text in a value, keys included. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.entries(value).flat().flatMap(texts) : [];
}

/** Found on the machine that runs the playbook, where the person puts it. */
function lookup(reference: Reference): string {
  const plain = reference.name.replace(/[^\w./@~-]/g, '_');
  return reference.kind === 'file'
    ? `{{ lookup('ansible.builtin.file', '${plain}') }}`
    : `{{ lookup('ansible.builtin.env', '${secretVariable(reference).replace(/\W/g, '_')}') }}`;
}

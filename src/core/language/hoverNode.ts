import { say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { BALANCER } from '../topology/ids';
import { certificateNames, registrationTarget } from '../topology/roles';
import { count, listed } from '../base/words';
import { effectiveOptions, optionWords, shortened, type Section } from './effectiveOption';
import { inlineCode } from '../base/markdown';
import { apiPort } from '../cluster/options';
import { registrationUrl, serverUrl } from '../cluster/registration';
import { writtenValue } from '../cluster/written';

/** What an entry of a node list stands for: hosts, name, address, login, where it joins, its options. As Markdown. */
export function entryNotes(cluster: Cluster, data: unknown, section: Section, index: number): string[] {
  const nodes = cluster[section].filter(({ path }) => path[2] === index);
  const [node] = nodes;
  const last = nodes.at(-1);
  if (node === undefined || last === undefined) return [];
  const many = nodes.length > 1;
  const { ssh } = node;
  const lines = [
    many ? say`${nodes.length} hosts: ${between(node.host, last.host)}` : `Node ${inlineCode(node.id)}`,
    ...(many && node.name !== undefined ? [`Names: ${between(node.name, last.name ?? last.id)}`] : []),
    ...(many || node.address === node.host ? [] : [say`Address for the other nodes: ${inlineCode(node.address)}`]),
    `SSH: ${ssh.user === undefined ? say`user of your ssh configuration` : say`user ${inlineCode(ssh.user)}`}, ${ssh.port === undefined ? say`port 22 or that of your ssh configuration` : say`port ${ssh.port}`}${ssh.proxyJump === undefined ? '' : say`, through ${inlineCode(ssh.proxyJump)}`}`,
    ...(node.role === 'server' && !many ? [`API: ${inlineCode(serverUrl(cluster, node))}`] : []),
    ...(node.role === 'server' && many ? [say`API: port ${apiPort(cluster, node)}`] : []),
    ...joinLine(cluster, nodes),
  ];
  const options = effectiveOptions(data, section, index).map((option) => optionWords(option, section));
  return [bullets(lines), ...(options.length === 0 ? [] : [`Options:\n\n${bullets(shortened(options))}`])];
}

/** Everything that a zone holds. */
export function zoneNotes(cluster: Cluster, zone: string): string[] {
  const names = (nodes: readonly ClusterNode[]): string =>
    listed(nodes.filter((node) => node.zone === zone).map(({ id }) => inlineCode(id)));
  const group = (nodes: readonly ClusterNode[], noun: string): string[] => {
    const here = nodes.filter((node) => node.zone === zone).length;
    return here === 0 ? [] : [say`${count(here, noun)} of ${nodes.length}: ${names(nodes)}`];
  };
  return [
    say`In zone ${inlineCode(zone)}:\n\n${bullets([...group(cluster.servers, 'server'), ...group(cluster.agents, 'agent')])}`,
  ];
}

/** Who depends on the fixed address. */
export function addressNotes(cluster: Cluster): string[] {
  const { loadBalancer, servers, agents } = cluster;
  const url = registrationUrl(cluster);
  if (loadBalancer === undefined || url === undefined) return [];
  const joining = agents.filter((agent) => registrationTarget(cluster, agent) === BALANCER).length;
  const name = loadBalancer.tlsServerName ?? loadBalancer.address;
  const silent = servers.filter((server) => !certificateNames(server, name));
  return [
    say`Used by:\n\n${bullets([
      say`agents, to join: ${inlineCode(url)}${agents.length === 0 ? say` (there are none yet)` : joining === agents.length ? '' : say`; ${agents.length - joining} of ${agents.length} register elsewhere`}`,
      ...(servers.length === 0
        ? []
        : [
            say`the certificate of the API: ${silent.length === 0 ? say`all servers name ${inlineCode(name)}` : say`${listed(silent.map(({ id }) => inlineCode(id)))} ${silent.length === 1 ? 'does' : 'do'} not name ${inlineCode(name)}; add it to \`tls-san\``}`,
          ]),
      say`the kubeconfig, as \`server\`: ${inlineCode(url)}`,
    ])}`,
  ];
}

/** How many hosts a text with a range gives, the first and the last one. */
export function rangeNotes(hosts: readonly string[]): string[] {
  return hosts.length < 2 ? [] : [say`${hosts.length} hosts: ${between(hosts[0] ?? '', hosts.at(-1) ?? '')}`];
}

function joinLine(cluster: Cluster, nodes: readonly ClusterNode[]): string[] {
  const [node] = nodes;
  const first = cluster.servers[0];
  if (node === undefined || first === undefined) return [];
  const own = writtenValue(node, 'server');
  if (typeof own === 'string') return [say`Joins at ${inlineCode(own)}, by its option \`server\``];
  if (node.role === 'agent') return [say`Joins at ${inlineCode(registrationUrl(cluster) ?? '')}`];
  if (cluster.datastore.type !== 'embedded-etcd') return [];
  const founds = nodes.includes(first);
  if (founds && nodes.length === 1) return [say`Starts the cluster; the other servers join it`];
  return [
    founds
      ? say`The first one starts the cluster, the others join at ${inlineCode(serverUrl(cluster, first))}`
      : say`Joins at ${inlineCode(serverUrl(cluster, first))}`,
  ];
}

function between(first: string, last: string): string {
  return `${inlineCode(first)} … ${inlineCode(last)}`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

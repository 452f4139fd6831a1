import { later, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { datastoreKind } from '../reading/datastore';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { hoistOption } from '../reading/hoist';
import { firstPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { describeGroups, nodeLabel, nodeLabels } from '../reading/words';
import { writtenList } from '../../cluster/written';

/** Options that all servers must agree on, with the value K3s uses when they are left out. */
const CRITICAL: Readonly<Record<string, string>> = {
  'agent-token': '',
  'cluster-cidr': '10.42.0.0/16',
  'cluster-dns': '',
  'cluster-domain': 'cluster.local',
  'disable-cloud-controller': 'false',
  'disable-helm-controller': 'false',
  'disable-network-policy': 'false',
  'egress-selector-mode': 'agent',
  'embedded-registry': 'false',
  'flannel-backend': 'vxlan',
  'flannel-external-ip': 'false',
  'flannel-ipv6-masq': 'false',
  'secrets-encryption': 'false',
  'secrets-encryption-provider': 'aescbc',
  'service-cidr': '10.43.0.0/16',
  'supervisor-metrics': 'false',
};
const SECRET = 'agent-token';

export const criticalValueMismatch = defineRule({
  id: 'critical-value-mismatch',
  severity: 'error',
  title: later`Servers disagree on a value that must be the same everywhere`,
  rationale: `Networks, DNS, encryption and a few switches belong to the cluster, not to a server. With embedded etcd a joining server compares them with the first one and stops at a difference: \`critical configuration value mismatch between servers\`. With an external datastore nothing is compared: the cluster runs with two opinions and misbehaves later.`,
  sources: [SOURCES.serverOptions, SOURCES.configuration, SOURCES.bootstrap],
  check: (context) => Object.keys(CRITICAL).flatMap((option) => mismatch(context, option)),
  fix: (context, finding): readonly Fix[] => {
    const option = finding.data?.['option'] ?? '';
    return groupsOf(context, option).map(({ text, servers }) => ({
      title: say`Use ${named(option, text, servers)} on all servers`,
      edits: hoistOption(context, option, servers[0]),
      safe: false,
    }));
  },
});

function named(option: string, text: string, servers: readonly ClusterNode[]): string {
  if (option === SECRET) return say`the agent-token of ${servers.slice(0, 1).map(nodeLabel).join('')}`;
  return text === '' ? say`the default ${option}` : `${option}: ${text}`;
}

interface Group {
  readonly text: string;
  readonly servers: readonly ClusterNode[];
}

/** The servers by their value, the value of most of them first. */
function groupsOf({ cluster }: RuleContext, option: string): readonly Group[] {
  const groups = new Map<string, ClusterNode[]>();
  for (const server of cluster.servers) {
    const text = writtenList(server, option).join(',') || (CRITICAL[option] ?? '');
    const same = groups.get(text);
    if (same === undefined) groups.set(text, [server]);
    else same.push(server);
  }
  return [...groups].map(([text, servers]) => ({ text, servers })).sort((a, b) => b.servers.length - a.servers.length);
}

function mismatch(context: RuleContext, option: string): readonly Report[] {
  // Servers without an agent token are a rule of their own.
  const groups = groupsOf(context, option).filter(({ text }) => option !== SECRET || text !== '');
  if (groups.length < 2) return [];
  const places = context.cluster.servers.flatMap((server) => {
    const path = optionPaths(context, server, option)[0];
    return path === undefined ? [] : [{ server, path }];
  });
  const minority = new Set(groups.slice(1).flatMap(({ servers }) => servers));
  const at =
    places.find(({ server, path }) => minority.has(server) && path[1] === 'nodes') ??
    places.find(({ path }) => path[1] === 'nodes') ??
    places[0];
  if (at === undefined) return [];
  const consequence =
    datastoreKind(context.cluster) === 'external'
      ? say`With an external datastore K3s does not compare them, and the cluster would run with both.`
      : say`${nodeLabels(context.cluster.servers.slice(1))} would compare it with ${context.cluster.servers.slice(0, 1).map(nodeLabel).join('')} and stop with "critical configuration value mismatch between servers".`;
  const others = places.filter(({ path }) => path !== at.path && path[1] === 'nodes');
  return [
    {
      ...firstPlace(context.document, value(at.path)),
      message: say`${option} differs between the servers: ${describeGroups(groups, (group) => describe(option, group))}. ${consequence}`,
      related: others.slice(0, 10).map(({ server, path }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`${nodeLabel(server)} has ${option === SECRET ? say`another agent-token` : `${option}: ${writtenList(server, option).join(',')}`}.`,
      })),
      data: { option },
    },
  ];
}

function describe(option: string, { text, servers }: Group): string {
  if (option === SECRET) return say`one on ${nodeLabels(servers)}`;
  return say`${text === '' ? say`the default` : text} on ${nodeLabels(servers)}`;
}

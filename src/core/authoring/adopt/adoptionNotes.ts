import type { ConfigValue } from '../../cluster/cluster';
import { listed } from '../../base/words';
import { isOn } from '../../cluster/options';
import { unitOf } from '../../cluster/roles';
import { presentOptions } from '../../facts/presentOptions';
import { runningOperator, upgradesOtherThings, type OtherOperator } from '../../k3s/otherOperators';
import { K3S_UNITS } from '../../k3s/paths';
import { disableCommand, serviceName } from '../../k3s/serviceManager';
import { disagreements, memberNotes } from './disagreements';
import { addressesOf } from './foundBalancer';
import { plainOption } from './hostOptions';
import { hostOf, type SeenCluster, type SeenNode } from './seenCluster';

interface Read {
  readonly version?: string;
  /** Options by node. */
  readonly servers: ReadonlyMap<SeenNode, ReadonlyMap<string, ConfigValue>>;
}

/** What a cluster file cannot say of a running cluster, and what is odd about that cluster. */
export function adoptionNotes(cluster: SeenCluster, read: Read): readonly string[] {
  return [
    ...unseenNotes(cluster),
    ...versionNotes(cluster, read.version),
    ...disagreements(cluster, read.servers),
    ...memberNotes(cluster),
    ...unitNotes(cluster),
    ...endpointNotes(cluster),
    ...operatorNotes(cluster),
    ...labelNotes(cluster),
    ...fileNotes(cluster),
    ...(cluster.token === undefined
      ? ['The token could not be read on any server: write "token:" into the file before a node is added.']
      : []),
  ];
}

function unseenNotes({ nodes }: SeenCluster): string[] {
  return nodes.flatMap(({ name, host, seen }) =>
    'facts' in seen
      ? []
      : [
          `${name} (${host}) was not looked at, and stands in the file as Kubernetes tells it, without its options: ${seen.message}${seen.why === undefined ? '' : ` (${seen.why})`}`,
        ],
  );
}

function versionNotes({ nodes }: SeenCluster, version: string | undefined): string[] {
  const behind = nodes.flatMap((node) => {
    const own = hostOf(node)?.facts.k3sVersion ?? node.version;
    return own === undefined || own === version ? [] : [`${node.name} has ${own}`];
  });
  if (behind.length === 0 || version === undefined) return [];
  return [
    `The nodes have several releases of K3s. The file has the newest, ${version}; ${listed(behind)}, which the plan would change.`,
  ];
}

/** A second unit takes the machine over at the next reboot. */
function unitNotes({ nodes }: SeenCluster): string[] {
  return nodes.flatMap((node) => {
    const facts = hostOf(node)?.facts;
    if (facts === undefined) return [];
    const own = node.role === 'server' ? 'k3s' : 'k3s-agent';
    const others = [
      ...K3S_UNITS.filter((unit) => unit !== own && facts.units[unit] !== undefined).map((name) => ({
        name: name as string,
        enabled: facts.units[name]?.enabled === true,
      })),
      ...(facts.otherUnits ?? []),
    ];
    return others.map(
      ({ name, enabled }) =>
        `${node.name} also has ${serviceName(name, facts.init)}, which is ${enabled ? 'enabled: it would start at the next reboot' : 'not enabled'}. Run "${disableCommand(name, facts.init)}" there if nothing needs it.`,
    );
  });
}

/** The Endpoints of `default/kubernetes` are the servers with an API, and nobody else. */
function endpointNotes({ nodes, marks }: SeenCluster): string[] {
  const endpoints = marks?.endpoints ?? [];
  if (endpoints.length === 0) return [];
  const servers = nodes.filter(({ role }) => role === 'server');
  const strangers = endpoints.filter(
    (address) => !servers.some((server) => ownAddresses(server).includes(address.toLowerCase())),
  );
  const missing = servers.filter((server) => {
    const facts = hostOf(server)?.facts;
    if (facts === undefined || isOn(plainOption(facts, 'server', 'disable-apiserver'))) return false;
    return !endpoints.some((address) => ownAddresses(server).includes(address.toLowerCase()));
  });
  return [
    ...strangers.map(
      (address) =>
        `The Endpoints of default/kubernetes have ${address}, which is no server that was found: a load balancer's address as advertise-address, a server without a Node, or one that is gone. Pods and agents are sent there.`,
    ),
    ...missing.map(
      ({ name }) =>
        `${name} is not among the Endpoints of default/kubernetes: its API does not run, or it advertises another address. Agents and pods do not reach the cluster through it.`,
    ),
  ];
}

function ownAddresses(server: SeenNode): readonly string[] {
  const facts = hostOf(server)?.facts;
  const advertised = facts === undefined ? undefined : plainOption(facts, 'server', 'advertise-address');
  // An advertised address counts as its own only where the machine has it: that of a load balancer is a stranger.
  return addressesOf(server).filter((address) => address !== advertised || facts?.addresses.includes(address) === true);
}

/** What it means that somebody else is at work in the cluster. */
const OPERATORS: readonly (readonly [OtherOperator, string])[] = [
  ['kured', 'kured runs here and reboots nodes by itself'],
  ['rancher', 'Rancher manages this cluster and may change its version and settings'],
  ['fleet', 'Fleet applies what stands in its Git repositories here'],
  [
    'kube-vip',
    'kube-vip runs here and is left as it is; the file knows its address only as that of an external load balancer',
  ],
];

function operatorNotes({ marks }: SeenCluster): string[] {
  // A cluster whose API answers has at least the Endpoint of that API.
  if (marks === undefined || marks.endpoints.length + marks.plans.length + marks.workloads.length === 0)
    return [
      'Who else works on this cluster was not told: neither the Endpoints of default/kubernetes nor what runs could be read. Look for kured, system-upgrade-controller, Rancher and Fleet yourself, or import again through another server.',
    ];
  const plans = marks.plans.map((plan) =>
    upgradesOtherThings(plan)
      ? `The plan ${plan.name} of system-upgrade-controller runs ${plan.image ?? 'its program'} on nodes, and may drain or reboot them.`
      : `The plan ${plan.name} of system-upgrade-controller keeps nodes at ${plan.version ?? 'the release of a channel'}: it would put an upgrade back. Delete it before the version is changed here.`,
  );
  const operators = OPERATORS.filter(([operator]) => runningOperator(operator, marks.workloads) !== undefined);
  return [...plans, ...operators.map(([, says]) => `${says}.`)];
}

function labelNotes({ nodes }: SeenCluster): string[] {
  return nodes.flatMap((node) => {
    const facts = hostOf(node)?.facts;
    if (facts === undefined) return [];
    const told = (name: string, text: string): boolean => givenTexts(node, name).includes(text);
    const labels = Object.entries(node.labels)
      .map(([key, value]) => `${key}=${value}`)
      .filter((label) => !told('node-label', label));
    const taints = node.taints.filter((taint) => !told('node-taint', taint));
    return [
      ...(labels.length === 0
        ? []
        : [
            `${node.name} has labels that K3s was not told: ${listed(labels)}. They belong to the Node and stay with it.`,
          ]),
      ...(taints.length === 0
        ? []
        : [
            `${node.name} has taints that K3s was not told: ${listed(taints)}. They belong to the Node and stay with it.`,
          ]),
    ];
  });
}

function givenTexts(node: SeenNode, name: string): readonly string[] {
  const facts = hostOf(node)?.facts;
  return facts === undefined ? [] : (presentOptions(facts, unitOf(node)).effective.get(name) ?? []);
}

function fileNotes({ nodes }: SeenCluster): string[] {
  const byPath = new Map<string, string[]>();
  for (const node of nodes) {
    for (const path of hostOf(node)?.files ?? []) byPath.set(path, [...(byPath.get(path) ?? []), node.name]);
  }
  return [...byPath].map(([path, on]) => `${path} on ${listed(on)}: ${meaning(path)}`);
}

function meaning(path: string): string {
  if (path.includes('/config.yaml.d/')) return 'its options stand in the file, and it goes on to win over config.yaml.';
  if (/^\/etc\/(?:default|sysconfig)\//.test(path)) return 'its variables stand in the file as options, and it stays.';
  return 'K3s reads it and the cluster file does not name it; it stays as it is.';
}

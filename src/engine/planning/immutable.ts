import { later, said, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { parseDatastoreEndpoint } from '../../core/datastore/endpoint/dsn';
import { databaseName } from '../../core/datastore/endpoint/databaseName';
import { datastoreOfType } from '../../core/datastore/registry';
import { optionTexts, presentOptions, type OptionTexts } from '../../core/facts/presentOptions';
import type { HostFacts } from '../../core/facts/probe';
import { tokenPassword } from '../../core/k3s/joinToken';
import { isListOption, optionFacts } from '../../core/k3s/options';
import { DEFAULT_DATA_DIR } from '../../core/k3s/paths';
import type { NodeContent } from './desired';

/** An option that a running cluster keeps, what it is when nobody says so, and what to do instead of changing it. */
interface KeptOption {
  readonly name: string;
  readonly unset: string;
  readonly procedure: string;
}

const NEW_CLUSTER = later`Keep the present value, or build a new cluster with the new one and move the workloads.`;

/** https://docs.k3s.io/cli/server#critical-configuration-values and the pages of the options */
const KEPT: readonly KeptOption[] = [
  { name: 'cluster-cidr', unset: '10.42.0.0/16', procedure: NEW_CLUSTER },
  { name: 'service-cidr', unset: '10.43.0.0/16', procedure: NEW_CLUSTER },
  { name: 'cluster-domain', unset: 'cluster.local', procedure: NEW_CLUSTER },
  { name: 'cluster-dns', unset: '', procedure: NEW_CLUSTER },
  {
    name: 'data-dir',
    unset: DEFAULT_DATA_DIR,
    procedure: later`Keep the present folder; to move it, stop K3s on this host, move the folder, and change the option on the host and here.`,
  },
  {
    name: 'secrets-encryption',
    unset: 'false',
    // https://docs.k3s.io/security/secrets-encryption
    procedure: later`Keep the present value: K3s does not support another one in a cluster that began without it.`,
  },
];

/**
 * Values of a server with data that differ from the file although a running cluster cannot change them: K3s would stop,
 * or found another cluster beside the present one. Empty for hosts on which no server has run.
 */
export function immutableProblems(
  cluster: Cluster,
  node: ClusterNode,
  facts: HostFacts,
  content: NodeContent,
): Problem[] {
  if (node.role !== 'server' || facts.units.k3s === undefined) return [];
  const present = presentOptions(facts, unitOf(node)).effective;
  const wanted = new Map(
    Object.entries(content.options({ kind: 'found' })).map(([name, value]) => [name, optionTexts(value)]),
  );
  const kept = KEPT.flatMap(({ name, unset, procedure }) => {
    const [is, says] = [valueOf(name, present.get(name), unset), valueOf(name, wanted.get(name), unset)];
    if (is === says || (name === 'cluster-dns' && (is === '' || says === ''))) return [];
    const words = say`${name} ${is === '' ? say`unset` : is}, and the cluster file says ${says === '' ? say`nothing` : says}`;
    return [refusal(node, say`K3s on ${node.id} runs with ${words}`, procedure)];
  });
  if (!facts.serverToken) return kept.filter(({ message }) => message.includes('data-dir'));
  return [
    ...kept,
    ...tokenProblems(node, facts, content, present),
    ...datastoreProblems(cluster, node, facts, content, present),
  ];
}

function valueOf(name: string, texts: OptionTexts | undefined, unset: string): string {
  const split = (texts ?? []).flatMap((text) => (optionFacts(name)?.commaSplit === true ? text.split(',') : [text]));
  const plain = isListOption(name) ? split.map((text) => text.trim()) : split.slice(-1);
  return plain.length === 0 ? unset : plain.join(', ');
}

function tokenProblems(
  node: ClusterNode,
  facts: HostFacts,
  { tokenSha256, options }: NodeContent,
  present: ReadonlyMap<string, OptionTexts>,
): Problem[] {
  const other = tokenSha256 !== undefined && facts.tokenSha256 !== undefined && tokenSha256 !== facts.tokenSha256;
  const agentToken = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : tokenPassword(text);
  const [is, says] = [
    agentToken(present.get('agent-token')?.[0]),
    agentToken(optionTexts(options({ kind: 'found' })['agent-token'])[0]),
  ];
  return [
    ...(other
      ? [
          refusal(
            node,
            say`The cluster that runs on ${node.id} has another token than the cluster file`,
            say`Put the present token into the secret that the file names. To change it, put the new one there and run *Rotate Token* ("k3s-ha token rotate"), which takes the cluster from one to the other.`,
          ),
        ]
      : []),
    ...(is === says
      ? []
      : [
          refusal(
            node,
            say`K3s on ${node.id} runs ${is === undefined ? say`without an agent-token` : say`with another agent-token`}, and the cluster file says otherwise`,
            say`Keep the present agent-token: all servers would have to change it at once, and agents that join need the new one.`,
          ),
        ]),
  ];
}

function datastoreProblems(
  { datastore }: Cluster,
  node: ClusterNode,
  facts: HostFacts,
  content: NodeContent,
  present: ReadonlyMap<string, OptionTexts>,
): Problem[] {
  const wanted = datastoreOfType(datastore.type);
  const refuse = (is: string, procedure: string): Problem[] => [
    refusal(node, say`K3s on ${node.id} keeps its data in ${is}, and the cluster file says ${wanted.label}`, procedure),
  ];
  if (facts.etcdData) {
    if (datastore.type === 'embedded-etcd') return [];
    return refuse(
      say`embedded etcd`,
      say`Keep embedded etcd: as long as its data is on the disk, K3s uses it whatever the configuration says. There is no migration to another datastore; build a new cluster and move the workloads.`,
    );
  }
  const endpoint = present.get('datastore-endpoint')?.[0];
  if (endpoint === undefined) {
    if (!facts.sqliteData || datastore.type === 'sqlite' || datastore.type === 'embedded-etcd') return [];
    return refuse(
      'SQLite',
      say`Keep SQLite, or go to embedded etcd, which K3s can convert it to. There is no migration to another datastore.`,
    );
  }
  const is = placeOf(endpoint);
  const says = content.endpoint === undefined ? undefined : placeOf(content.endpoint);
  if (is === says) return [];
  if (says === undefined)
    return refuse(
      say`the datastore ${is}`,
      say`Keep the datastore: K3s would begin with an empty one, which is another cluster.`,
    );
  return [
    refusal(
      node,
      say`K3s on ${node.id} keeps its data in ${is}, and the cluster file says ${says}`,
      say`Keep the datastore: K3s would begin with an empty one, which is another cluster. To move it, stop all servers, dump and restore the database, then change the endpoint on the hosts and here.`,
    ),
  ];
}

/** Kind, hosts and database of an endpoint, without credentials and parameters. */
function placeOf(endpoint: string): string {
  const { driver, addresses } = parseDatastoreEndpoint(endpoint);
  const hosts = addresses.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`)).sort();
  const database = databaseName(endpoint, driver ?? '');
  return say`${driver ?? say`an unknown datastore`} at ${hosts.join(', ')}${(database ?? '') === '' ? '' : say`, database ${database}`}`;
}

function refusal(node: ClusterNode, message: string, procedure: string): Problem {
  return problem('immutable-changed', message, {
    host: node.id,
    why: say`A running cluster cannot change this.`,
    nextSteps: [said(procedure)],
  });
}

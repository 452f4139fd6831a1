import { formatPath, type Path } from '../base/path';
import { err, ok, type Result } from '../base/result';
import type { TextEdit } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { appendItem, removeEntry, setValue } from '../document/edit';
import { inSequence } from '../document/inSequence';
import type { PlainValue } from '../document/render';
import { parseDatastoreEndpoint } from '../datastore/endpoint/dsn';
import { isOptionOf } from '../k3s/options';
import { sanSteps } from '../rules/reading/tlsSan';
import { nextName } from '../base/names';
import type { NodeRole } from '../k3s/nodeRole';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { referencePassword } from '../cluster/endpointSecret';
import { nodesOf } from '../cluster/roles';

// What the diagram changes is the text: minimal edits that keep comments and form, all edits of one change in one step.

/** The file that is changed. */
export interface EditContext {
  readonly cluster: Cluster;
  readonly document: ClusterDocument;
}

/** The edits, or why there are none, as a sentence for the person. */
export type EditResult = Result<readonly TextEdit[], string>;

/** Adds a machine behind the others of its role, with the next name of their kind. */
export function addNode(
  { cluster, document }: EditContext,
  role: NodeRole,
  machine: { readonly host: string; readonly zone?: string },
): EditResult {
  const taken = nodesOf(cluster);
  const known = taken.find(({ host, address }) => host === machine.host || address === machine.host);
  if (known !== undefined) return err(`${machine.host} is in the file already, as ${known.id}.`);
  const alike = role === 'server' ? cluster.servers : cluster.agents;
  const named = alike.at(-1)?.name;
  const entry = {
    host: machine.host,
    ...(alike.length > 0 && named === undefined
      ? {}
      : {
          name: nextName(
            taken.map(({ id }) => id),
            named ?? role,
          ),
        }),
    ...(machine.zone === undefined ? {} : { zone: machine.zone }),
  };
  return made(appendItem(document, [`${role}s`, 'nodes'], entry));
}

/** Writes the zone of a machine, or takes it away. */
export function setZone(context: EditContext, node: ClusterNode, zone: string | undefined): EditResult {
  const { document } = context;
  const entry = dataAt(document.data, node.path);
  if (typeof entry === 'string')
    return zone === undefined ? ok([]) : made(setValue(document, node.path, { host: entry, zone }));
  return made(
    zone === undefined
      ? removeEntry(document, [...node.path, 'zone'])
      : setValue(document, [...node.path, 'zone'], zone),
  );
}

/** Takes a machine out of the file. */
export function removeNode(context: EditContext, node: ClusterNode): EditResult {
  const refusal = partOfRange(context, node);
  return refusal === undefined ? made(removeEntry(context.document, node.path)) : err(refusal);
}

/** Takes machines out of the file, all in one step; an entry of a range stays whole. */
export function removeNodes(context: EditContext, nodes: readonly ClusterNode[]): EditResult {
  const refusal = nodes.map((node) => partOfRange(context, node)).find((why) => why !== undefined);
  if (refusal !== undefined) return err(refusal);
  if (nodes.length === 0) return ok([]);
  // From the last one on: what is removed moves the places of those behind it.
  const paths = nodes.map(({ path }) => path).sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)));
  return made(
    inSequence(context.document, ...paths.map((path) => (current: ClusterDocument) => removeEntry(current, path))),
  );
}

/** Makes an agent a server: its entry moves, without options that only agents have. */
export function promoteAgent(context: EditContext, agent: ClusterNode): EditResult {
  const { document } = context;
  const refusal = partOfRange(context, agent);
  if (refusal !== undefined) return err(refusal);
  const entry = dataAt(document.data, agent.path);
  const moved =
    typeof entry === 'string' ? { host: entry } : serverEntry(entry as Readonly<Record<string, PlainValue>>);
  const edits = inSequence(
    document,
    (current) => removeEntry(current, agent.path),
    (current) => appendItem(current, ['servers', 'nodes'], moved),
  );
  return made(edits);
}

/** Options that only agents have, and where the agent registered, would stop a server. */
function serverEntry(entry: Readonly<Record<string, PlainValue>>): PlainValue {
  const { config, ...rest } = entry;
  if (typeof config !== 'object' || config === null) return entry;
  const options = Object.entries(config as Readonly<Record<string, PlainValue>>).filter(
    ([name]) => isOptionOf('server', name.replace(/\+$/, '')) && name !== 'server',
  );
  return options.length === 0 ? rest : { ...rest, config: Object.fromEntries(options) };
}

/** Writes the fixed address, and into the certificates what they lack for it. */
export function setFixedAddress({ cluster, document }: EditContext, address: string): EditResult {
  const present = cluster.loadBalancer;
  const write = (current: ClusterDocument): readonly TextEdit[] =>
    present === undefined
      ? setValue(current, ['loadBalancer'], { address, type: 'external' })
      : setValue(current, ['loadBalancer', 'address'], address);
  return made(inSequence(document, write, ...sanSteps(cluster, address)));
}

export interface DatastoreEdit {
  readonly edits: EditResult;
  /** Secrets to store before: reference name → value. */
  readonly storeSecrets: Readonly<Record<string, string>>;
}

/** Changes the datastore: `embedded-etcd`, `sqlite`, or the endpoint of an external one. */
export function setDatastore({ cluster, document }: EditContext, wanted: string): DatastoreEdit {
  if (wanted === 'embedded-etcd' || wanted === 'sqlite')
    return { edits: made(writeDatastore(document, { type: wanted })), storeSecrets: {} };
  const { driver } = parseDatastoreEndpoint(wanted);
  const name = `${cluster.name === '' ? 'cluster' : cluster.name}-db-password`;
  const { endpoint, password } = referencePassword(wanted, name);
  return {
    edits: made(writeDatastore(document, { type: driver ?? 'etcd', endpoint })),
    storeSecrets: password === undefined ? {} : { [name]: password },
  };
}

/** Key by key, so that comments stay; certificates of another datastore go. */
function writeDatastore(
  document: ClusterDocument,
  wanted: { readonly type: string; readonly endpoint?: string },
): readonly TextEdit[] {
  const present = dataAt(document.data, ['datastore']);
  if (typeof present !== 'object' || present === null) return setValue(document, ['datastore'], { ...wanted });
  const unwanted = Object.keys(present).filter(
    (key) => key !== 'type' && (key !== 'endpoint' || wanted.endpoint === undefined),
  );
  const removing = unwanted.map((key) => (current: ClusterDocument) => removeEntry(current, ['datastore', key]));
  const writing = Object.entries(wanted)
    .filter(([key, value]) => (present as Record<string, unknown>)[key] !== value)
    .map(
      ([key, value]) =>
        (current: ClusterDocument) =>
          setValue(current, ['datastore', key], value),
    );
  return removing.length + writing.length === 0 ? [] : inSequence(document, ...removing, ...writing);
}

/** Why an entry cannot be changed for one machine alone; undefined where it can. */
export function partOfRange({ cluster }: EditContext, node: ClusterNode): string | undefined {
  const key = formatPath(node.path as Path);
  const hosts = nodesOf(cluster).filter(({ path }) => formatPath(path) === key).length;
  return hosts > 1 ? `${node.id} is one of the ${hosts} hosts of a range: change the range in the file.` : undefined;
}

function made(edits: readonly TextEdit[]): EditResult {
  return edits.length > 0
    ? ok(edits)
    : err(
        'The file is written in a way that this change cannot be made without touching other lines: change it in the text.',
      );
}

import type { Path } from '../base/path';
import { err, ok } from '../base/result';
import type { ClusterNode } from '../cluster/cluster';
import { balancerMachines, nodesOf } from '../cluster/roles';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { setValue } from '../document/edit';
import { inSequence } from '../document/inSequence';
import type { PlainValue } from '../document/render';
import { partOfRange, type EditContext, type EditResult } from './changes';

/** The machine that takes the place of another one. */
export interface Successor {
  /** As SSH reaches it. */
  readonly host: string;
  /** What the cluster calls the machine that goes: its successor takes that name over. */
  readonly name?: string;
}

/**
 * Has another machine stand where a node of the file stands: with its name, its role and its options. Values of its entry that
 * are the old address, such as `node-ip`, become the new one, and so does an entry of the load balancer on the same machine.
 */
export function replaceMachine(context: EditContext, node: ClusterNode, { host, name }: Successor): EditResult {
  const { cluster, document } = context;
  const taken = [...nodesOf(cluster), ...balancerMachines(cluster)].find(
    (one) => one.host === host || one.address === host,
  );
  if (taken !== undefined)
    return err(
      taken.id === node.id
        ? `${host} is the machine of ${node.id} already. One that was reinstalled is taken in again by provisioning.`
        : `${host} is in the file already, as ${taken.id}.`,
    );
  const refusal = partOfRange(context, node);
  if (refusal !== undefined) return err(refusal);
  const called = node.name === undefined && name !== host ? name : undefined;
  const former = new Set([node.host, node.address]);
  const entry = dataAt(document.data, node.path);
  const places = typeof entry === 'string' ? [] : placesOf(entry, former).map((path): Path => [...node.path, ...path]);
  const balancers = placesOf(dataAt(document.data, ['loadBalancer', 'nodes']), former).map((path): Path => [
    'loadBalancer',
    'nodes',
    ...path,
  ]);
  const steps: readonly { readonly path: Path; readonly value: PlainValue }[] = [
    ...(typeof entry === 'string'
      ? [{ path: node.path, value: called === undefined ? host : { host, name: called } }]
      : []),
    ...(typeof entry !== 'string' && called !== undefined ? [{ path: [...node.path, 'name'], value: called }] : []),
    ...[...places, ...balancers].map((path) => ({ path, value: host })),
  ];
  const edits = inSequence(
    document,
    ...steps.map(
      ({ path, value }) =>
        (current: ClusterDocument) =>
          setValue(current, path, value),
    ),
  );
  return edits.length > 0
    ? ok(edits)
    : err('The file is written in a way that this cannot be changed without touching other lines: change it by hand.');
}

/** Lines of a file, counted from 1, that still name an address. */
export function linesThatName(text: string, address: string): readonly number[] {
  const found = new Set<number>();
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1))
    if (!PART.test(text[at - 1] ?? '') && !PART.test(text[at + address.length] ?? ''))
      found.add(text.slice(0, at).split('\n').length);
  return [...found];
}

/** What makes an address or a name another one when it stands beside it. */
const PART = /[A-Za-z0-9._-]/;

/** Where a value below one is exactly one of these. */
function placesOf(value: unknown, wanted: ReadonlySet<string>): readonly Path[] {
  if (typeof value === 'string') return wanted.has(value) ? [[]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    placesOf(below, wanted).map((path): Path => [Array.isArray(value) ? Number(key) : key, ...path]),
  );
}

import { formatPath, type Path } from '../../base/path';
import type { ClusterDocument, PathPart } from '../../document/clusterDocument';
import type { NodeRole } from '../../k3s/nodeRole';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { isMap, valueAt } from './read';
import { nodesOf } from '../../cluster/roles';

export interface Place {
  readonly path: Path;
  readonly part: PathPart;
}

export function value(path: Path): Place {
  return { path, part: 'value' };
}

export function key(path: Path): Place {
  return { path, part: 'key' };
}

/** The first place that is written in the file; a missing file part falls back to the first thing that is there. */
export function firstPlace(document: ClusterDocument, ...wanted: readonly Place[]): Place {
  const fallbacks = [key(['kind']), key(['apiVersion']), value([])];
  const found = [...wanted, ...fallbacks].find((place) => document.rangeOf(place.path, place.part) !== undefined);
  return found ?? value([]);
}

const SECTIONS: Readonly<Record<NodeRole, string>> = { server: 'servers', agent: 'agents' };

/** Where a role's nodes stand in the file. */
function sectionOf(role: NodeRole): string {
  return SECTIONS[role];
}

/** The place that names the node's machine. */
export function hostPlace(document: ClusterDocument, node: ClusterNode): Place {
  return firstPlace(document, value([...node.path, 'host']), value(node.path), key([sectionOf(node.role), 'nodes']));
}

/** Where the servers are listed. */
export function serverListPlace(document: ClusterDocument): Place {
  return firstPlace(document, key(['servers', 'nodes']), key(['servers']));
}

const entrySizes = new WeakMap<Cluster, ReadonlyMap<string, number>>();

/** Whether the entry in the file stands for this node only, so that it can be removed or renamed alone. */
export function isOwnEntry(cluster: Cluster, node: ClusterNode): boolean {
  const sizes = entrySizes.get(cluster) ?? sizesOfEntries(cluster);
  entrySizes.set(cluster, sizes);
  return sizes.get(formatPath(node.path)) === 1;
}

function sizesOfEntries({ servers, agents }: Cluster): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { path } of [...servers, ...agents]) sizes.set(formatPath(path), (sizes.get(formatPath(path)) ?? 0) + 1);
  return sizes;
}

/** Names a node in a finding's data; ids are unique only among the nodes of one role. */
export function nodeKey(node: ClusterNode): string {
  return `${node.role} ${node.id}`;
}

export function nodeByKey(cluster: Cluster, wanted: string | undefined): ClusterNode | undefined {
  return nodesOf(cluster).find((node) => nodeKey(node) === wanted);
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

/** The first of those that stand at the same place of the file: what is said there is said once. */
export function firstAtPlace<T extends { readonly path: Path }>(items: readonly T[]): readonly T[] {
  const told = new Set<string>();
  return items.filter(({ path }) => {
    const place = formatPath(path);
    if (told.has(place)) return false;
    told.add(place);
    return true;
  });
}

/** One K3s option as written under `config:`, of a role or of a node. */
interface WrittenOption {
  readonly role: NodeRole;
  /** Without the `+` that appends. */
  readonly name: string;
  readonly value: unknown;
  readonly path: Path;
  /** The nodes it applies to. */
  readonly nodes: readonly ClusterNode[];
}

// Many rules ask for the same list, at every keystroke; it depends on nothing but the file.
const optionsOfFile = new WeakMap<ClusterDocument, readonly WrittenOption[]>();

/** Every K3s option in the file, in the order of the file's sections. */
export function writtenOptions(context: RuleContext): readonly WrittenOption[] {
  const known = optionsOfFile.get(context.document);
  if (known !== undefined) return known;
  const options = readOptions(context);
  optionsOfFile.set(context.document, options);
  return options;
}

function readOptions(context: RuleContext): readonly WrittenOption[] {
  return (['server', 'agent'] as const).flatMap((role) => {
    const section = sectionOf(role);
    const nodes = role === 'server' ? context.cluster.servers : context.cluster.agents;
    const entries = valueAt(context.document.data, [section, 'nodes']);
    const byEntry = new Map<unknown, ClusterNode[]>();
    for (const node of nodes) {
      const same = byEntry.get(node.path[2]);
      if (same === undefined) byEntry.set(node.path[2], [node]);
      else same.push(node);
    }
    const own = Array.isArray(entries)
      ? entries.flatMap((_, i) => optionsAt(context, role, [section, 'nodes', i, 'config'], byEntry.get(i) ?? []))
      : [];
    const ownNames = namesByEntry(entries);
    const overridden = new Set(ownNames.flatMap((names) => [...names]));
    const shared = optionsAt(context, role, [section, 'config'], nodes).map((option) =>
      overridden.has(option.name)
        ? { ...option, nodes: nodes.filter(({ path }) => ownNames[Number(path[2])]?.has(option.name) !== true) }
        : option,
    );
    return [...shared, ...own];
  });
}

function optionsAt(
  context: RuleContext,
  role: NodeRole,
  path: Path,
  nodes: readonly ClusterNode[],
): readonly WrittenOption[] {
  const config = valueAt(context.document.data, path);
  if (!isMap(config)) return [];
  return Object.entries(config).map(([name, written]) => ({
    role,
    name: name.replace(/\+$/, ''),
    value: written,
    path: [...path, name],
    nodes,
  }));
}

/** The options that each entry gives a value of its own. */
function namesByEntry(entries: unknown): readonly ReadonlySet<string>[] {
  return (Array.isArray(entries) ? (entries as readonly unknown[]) : []).map((entry) => {
    const config = valueAt(entry, ['config']);
    return new Set(isMap(config) ? Object.keys(config) : []);
  });
}

/** Where the option that this node ends up with is written, the node's own entry first; empty when K3s's default holds. */
export function optionPaths(context: RuleContext, node: ClusterNode, name: string): readonly Path[] {
  const own: Path = [...node.path, 'config'];
  const shared: Path = [sectionOf(node.role), 'config'];
  const written = (path: Path) => valueAt(context.document.data, path) !== undefined;
  if (written([...own, name])) return [[...own, name]];
  return [
    [...own, `${name}+`],
    [...shared, name],
    [...shared, `${name}+`],
  ].filter(written);
}

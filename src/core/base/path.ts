/** Where a value stands in the cluster file: keys and list indexes from the root, e.g. ['servers', 'nodes', 0, 'host']. */
export type Path = readonly (string | number)[];

/** `servers.nodes[0].host` */
export function formatPath(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

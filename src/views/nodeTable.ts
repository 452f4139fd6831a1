import { say } from '../core/base/say';
import type { ClusterHealth } from '../core/health/clusterHealth';

/** Nodes as a table with a line of titles: those of the file, then those that only the cluster knows. */
export function nodeTable({ nodes, undeclared }: ClusterHealth): readonly (readonly string[])[] {
  return [
    ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION', 'ZONE', 'HOST'],
    ...nodes.map(({ node, live, state, words }) => [
      node.id,
      state === 'ready' ? 'Ready' : words,
      live === undefined || live.roles.length === 0 ? '<none>' : live.roles.join(','),
      live?.age ?? '',
      live?.version ?? '',
      node.zone ?? '',
      node.host,
    ]),
    ...undeclared.map((live) => [
      live.name,
      live.ready === 'ready' ? 'Ready' : live.reason,
      live.roles.join(','),
      live.age ?? '',
      live.version ?? '',
      '',
      say`not in the file`,
    ]),
  ];
}

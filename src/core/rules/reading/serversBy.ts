import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import type { Place } from './places';
import { firstPlace, optionPaths, value } from './places';

interface ServersWith {
  readonly servers: readonly ClusterNode[];
  /** Where the first of them gets the option from. */
  readonly place: Place;
}

/** The servers whose option is wrong in the same way, by the text that is wrong. */
export function serversBy(
  context: RuleContext,
  option: string,
  wrong: (server: ClusterNode) => string | undefined,
): ReadonlyMap<string, ServersWith> {
  const found = new Map<string, { servers: ClusterNode[]; place: Place }>();
  for (const server of context.cluster.servers) {
    const text = wrong(server);
    if (text === undefined) continue;
    const entry = found.get(text);
    if (entry !== undefined) entry.servers.push(server);
    else
      found.set(text, {
        servers: [server],
        place: firstPlace(context.document, ...optionPaths(context, server, option).map(value)),
      });
  }
  return found;
}

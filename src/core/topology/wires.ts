import type { TopologyGraph } from './model';
import { routeOwnBalancers, routeRegistration } from './routeAgents';
import { routeDatastore } from './routeDatastore';
import { routeApi, routeForward } from './routeRequests';
import type { Sheet } from './sheet';
import type { Wires } from './wirePieces';

/** Routes every connection at right angles: requests run down the middle, agents use the two outer trunks. */
export function routeWires(graph: TopologyGraph, sheet: Sheet, width: number): Wires {
  const routes = [
    routeApi(graph, sheet),
    routeForward(graph, sheet),
    routeDatastore(graph, sheet),
    routeOwnBalancers(graph, sheet),
    routeRegistration(graph, sheet, width),
  ];
  return { wires: routes.flatMap((r) => r.wires), labels: routes.flatMap((r) => r.labels) };
}

import type { ServerResponse } from 'node:http';
import type { NodeChange, NodeObject } from '../k3s/nodeStore';
import type { ServerRun } from '../k3s/cluster';
import { datastoreHealthy } from '../k3s/controller';
import { isSilent } from '../machine/host';
import type { World } from '../world';
import { nodeFilter, type ApiRequest } from './resources';
import { statusObject } from './reply';
import { nodeTable } from './table';

/** Simulated interval between bookmarks, in milliseconds. */
const BOOKMARK = 60_000;

/** Streams changes of nodes as the API server does: one JSON object a line, until the client goes or the time is up. */
export function watchNodes(
  world: World,
  server: ServerRun,
  request: ApiRequest,
  name: string | undefined,
  response: ServerResponse,
): void {
  const { nodes } = server.cluster;
  const { query } = request;
  const chosen = nodeFilter(query, name);
  const send = (type: string, object: unknown): void => {
    if (!isSilent(server.host)) response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const sendNode = (type: string, node: NodeObject, version: number): void => {
    if (chosen(node)) send(type, request.table ? nodeTable([node], version, world.clock.now()) : node);
  };
  const sendChange = (change: NodeChange): void => sendNode(change.type, change.object, change.version);
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = {
      resourceVersion: String(nodes.version()),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    const object = request.table
      ? { ...nodeTable([], nodes.version(), world.clock.now()), metadata }
      : { kind: 'Node', apiVersion: 'v1', metadata, spec: {}, status: {} };
    send('BOOKMARK', object);
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();

  const from = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents') === 'true';
  if (initial || from === '' || from === '0') {
    for (const node of nodes.list()) sendNode('ADDED', node, nodes.version());
    if (initial) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else {
    const missed = nodes.since(Number(from));
    if (missed === undefined) {
      send('ERROR', statusObject(410, `too old resource version: ${from} (${nodes.version()})`));
      response.end();
      return;
    }
    for (const change of missed) sendChange(change);
  }

  // What happens while etcd is away reaches the watchers when it is back.
  const held: NodeChange[] = [];
  const flush = (): void => {
    if (held.length > 0 && datastoreHealthy(world, server)) for (const change of held.splice(0)) sendChange(change);
  };
  const stopListening = nodes.onChange((change) => {
    held.push(change);
    flush();
  });
  const stopTicks = world.clock.every(BOOKMARK, () => {
    flush();
    if (query.get('allowWatchBookmarks') !== null && held.length === 0) bookmark();
  });
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const timer = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined;
  response.on('close', () => {
    stopListening();
    stopTicks();
    clearTimeout(timer);
  });
}

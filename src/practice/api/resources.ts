import type { K3sCluster } from '../k3s/cluster';
import { nodeLease } from '../k3s/nodeLease';
import { budgetObjects, podObjects, type NamespacedObject } from '../k3s/podObjects';
import type { NodeObject } from '../k3s/nodeStore';
import { removeNode } from '../k3s/removal';
import { resourcePath, type ResourcePath } from './discovery';
import { failure, json, type Reply } from './reply';
import { nodeTable } from './table';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The client wants server-side formatted rows. */
  readonly table: boolean;
  readonly body: string;
}

/** Which nodes a request is about. */
export type NodeFilter = (node: NodeObject) => boolean;

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Answers requests for Kubernetes objects, watches excepted. */
export function answerResource(cluster: K3sCluster, request: ApiRequest, now: number): Reply {
  const at = resourcePath(request.path);
  if (at === undefined) return failure(404, 'the server could not find the requested resource');
  if (at.resource === 'nodes') return answerNodes(cluster, at, request, now);
  if (request.method !== 'GET')
    return failure(405, 'the practice fleet simulates nodes only; other objects cannot be changed');
  const within = objectsOf(cluster, at.resource, now).filter(
    ({ metadata }) => at.namespace === undefined || metadata.namespace === at.namespace,
  );
  const named = within.find(({ metadata }) => metadata.name === at.name);
  if (named !== undefined) return json(named);
  if (at.name !== undefined) {
    if (at.resource === 'namespaces' && NAMESPACES.includes(at.name)) return json(namespace(at.name));
    return failure(404, `${at.resource} "${at.name}" not found`);
  }
  const items = at.resource === 'namespaces' ? NAMESPACES.map(namespace) : within;
  return json({
    kind: `${at.kind}List`,
    apiVersion: at.groupVersion,
    metadata: { resourceVersion: String(cluster.nodes.version()) },
    items,
  });
}

/** The nodes that `fieldSelector`, `labelSelector` and the path choose. */
export function nodeFilter(query: URLSearchParams, name: string | undefined): NodeFilter {
  const fields = (query.get('fieldSelector') ?? '').split(',').filter((part) => part !== '');
  const labels = (query.get('labelSelector') ?? '').split(',').filter((part) => part !== '');
  return (node) =>
    (name === undefined || node.metadata.name === name) &&
    fields.every((field) => {
      const match = /^metadata\.name(==?|!=)(.*)$/.exec(field);
      return match === null || (node.metadata.name === match[2]) !== (match[1] === '!=');
    }) &&
    labels.every((label) => {
      const match = /^(!?)([^!=]+)(?:(==?|!=)(.*))?$/.exec(label);
      const value = node.metadata.labels[match?.[2] ?? ''];
      if (match?.[3] === undefined) return (value !== undefined) !== (match?.[1] === '!');
      return (value === match[4]) !== (match[3] === '!=');
    });
}

function answerNodes(cluster: K3sCluster, at: ResourcePath, request: ApiRequest, now: number): Reply {
  const { nodes } = cluster;
  if (at.name === undefined) {
    if (request.method !== 'GET') return failure(405, 'nodes register themselves; start K3s on a host');
    const chosen = nodes.list().filter(nodeFilter(request.query, undefined));
    if (request.table) return json(nodeTable(chosen, nodes.version(), now));
    return json({
      kind: 'NodeList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(nodes.version()) },
      items: chosen,
    });
  }
  const node = nodes.get(at.name);
  if (node === undefined) return failure(404, `nodes "${at.name}" not found`);
  switch (request.method) {
    case 'GET':
      return request.table ? json(nodeTable([node], nodes.version(), now)) : json(node);
    case 'DELETE':
      removeNode(cluster, at.name);
      return json({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: at.name, kind: 'nodes', uid: node.metadata.uid },
      });
    case 'PATCH': {
      const patch = readJson(request.body);
      if (patch === undefined) return failure(400, 'the body of the request is not a JSON object');
      nodes.put(mergePatch(node, patch) as NodeObject);
      return json(nodes.get(at.name));
    }
    default:
      return failure(405, `${request.method} is not simulated for nodes`);
  }
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 7386. kubectl's strategic patches for labels, annotations and cordon have the same effect. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (!key.startsWith('$')) result[key] = mergePatch(result[key], value);
  }
  return result;
}

function namespace(name: string): Record<string, unknown> {
  return {
    kind: 'Namespace',
    apiVersion: 'v1',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    status: { phase: 'Active' },
  };
}

/** The objects of namespaces that are simulated. */
function objectsOf(cluster: K3sCluster, resource: string, now: number): readonly NamespacedObject[] {
  switch (resource) {
    case 'leases':
      return [...cluster.nodes.list().map((node) => nodeLease(cluster, node, now)), ...cluster.leases.list()];
    case 'pods':
      return podObjects(cluster);
    case 'poddisruptionbudgets':
      return budgetObjects(cluster);
    default:
      return [];
  }
}

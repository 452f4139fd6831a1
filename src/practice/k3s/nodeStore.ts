/** A Kubernetes Node as the practice API serves it. */
export interface NodeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: NodeMetadata;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: NodeStatus;
}

export interface NodeMetadata {
  readonly name: string;
  readonly uid: string;
  readonly creationTimestamp: string;
  readonly resourceVersion?: string;
  /** Asked to be deleted; finalizers hold it. */
  readonly deletionTimestamp?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
}

export interface NodeStatus {
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly conditions: readonly NodeCondition[];
  readonly nodeInfo: Readonly<Record<string, string>>;
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
}

export interface NodeCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastHeartbeatTime: string;
  readonly lastTransitionTime: string;
}

export interface NodeChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: NodeObject;
  readonly version: number;
}

/** The Node objects of one cluster with resource versions and watches, as the API server keeps them. */
export interface NodeStore {
  version(): number;
  list(): readonly NodeObject[];
  get(name: string): NodeObject | undefined;
  put(node: NodeObject): void;
  remove(name: string): NodeObject | undefined;
  /** Changes after `version`; undefined when they are not kept any more (410 Gone). */
  since(version: number): readonly NodeChange[] | undefined;
  onChange(listener: (change: NodeChange) => void): () => void;
}

const KEPT = 1000;

export function nodeStore(onChange: (change: NodeChange, before: NodeObject | undefined) => void): NodeStore {
  const nodes = new Map<string, NodeObject>();
  const changes: NodeChange[] = [];
  const listeners = new Set<(change: NodeChange) => void>();
  let version = 100;
  const record = (type: NodeChange['type'], node: NodeObject, before: NodeObject | undefined): NodeObject => {
    version += 1;
    const object = { ...node, metadata: { ...node.metadata, resourceVersion: String(version) } };
    const change = { type, object, version };
    changes.push(change);
    if (changes.length > KEPT) changes.shift();
    if (type === 'DELETED') nodes.delete(object.metadata.name);
    else nodes.set(object.metadata.name, object);
    onChange(change, before);
    for (const listener of listeners) listener(change);
    return object;
  };
  return {
    version: () => version,
    list: () => [...nodes.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    get: (name) => nodes.get(name),
    put: (node) => {
      const before = nodes.get(node.metadata.name);
      record(before === undefined ? 'ADDED' : 'MODIFIED', node, before);
    },
    remove: (name) => {
      const node = nodes.get(name);
      return node === undefined ? undefined : record('DELETED', node, node);
    },
    since: (from) => {
      const oldest = changes[0]?.version ?? version + 1;
      return from + 1 < oldest && from < version ? undefined : changes.filter((change) => change.version > from);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

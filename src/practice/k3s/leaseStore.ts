/** A Lease as the practice API serves it. */
export interface LeaseObject {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: LeaseMetadata;
  readonly spec: Readonly<Record<string, unknown>>;
}

interface LeaseMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly creationTimestamp?: string;
  readonly resourceVersion?: string;
}

/** Why the API does not write, in its words. */
export interface Refusal {
  readonly reason: 'AlreadyExists' | 'NotFound' | 'Conflict';
  readonly message: string;
}

/** The leases in kube-system that others than K3s hold. */
export interface LeaseStore {
  list(): readonly LeaseObject[];
  get(name: string): LeaseObject | undefined;
  /** All of them become what they were. */
  turnBack(list: readonly LeaseObject[]): void;
  /** A lease is created once; one is replaced when it still has the version that the new one names. */
  write(
    verb: 'create' | 'replace',
    wanted: Pick<LeaseObject, 'metadata' | 'spec'>,
    time: string,
  ): LeaseObject | Refusal;
}

export function leaseStore(): LeaseStore {
  const leases = new Map<string, LeaseObject>();
  let version = 0;
  return {
    list: () => [...leases.values()],
    get: (name) => leases.get(name),
    turnBack: (list) => {
      leases.clear();
      for (const lease of list) leases.set(lease.metadata.name, lease);
    },
    write: (verb, { metadata, spec }, time) => {
      const { name, namespace, resourceVersion } = metadata;
      const before = leases.get(name);
      const refused = refusal(verb, name, before, resourceVersion);
      if (refused !== undefined) return refused;
      version += 1;
      const creationTimestamp = before?.metadata.creationTimestamp ?? time;
      const lease: LeaseObject = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace, creationTimestamp, resourceVersion: String(version) },
        spec,
      };
      leases.set(name, lease);
      return lease;
    },
  };
}

function refusal(
  verb: 'create' | 'replace',
  name: string,
  before: LeaseObject | undefined,
  version: string | undefined,
): Refusal | undefined {
  const named = `leases.coordination.k8s.io "${name}"`;
  if (verb === 'create')
    return before === undefined ? undefined : { reason: 'AlreadyExists', message: `${named} already exists` };
  if (before === undefined) return { reason: 'NotFound', message: `${named} not found` };
  if (version === before.metadata.resourceVersion) return undefined;
  const advice = 'the object has been modified; please apply your changes to the latest version and try again';
  return { reason: 'Conflict', message: `Operation cannot be fulfilled on ${named}: ${advice}` };
}

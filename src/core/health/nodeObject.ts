import { say } from '../base/say';
/** One entry of `status.conditions`; times in milliseconds since 1970. */
export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly changedAt?: number;
  readonly heartbeatAt?: number;
}

interface NodeObject {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt?: number;
  readonly version?: string;
  readonly internalIp?: string;
  readonly addresses: readonly string[];
  readonly unschedulable: boolean;
  /** As `node-taint` writes them: `key=value:Effect`. */
  readonly taints: readonly string[];
  readonly conditions: ReadonlyMap<string, Condition>;
}

/** The parts of a Node object that health needs. Anything may be missing or of another type; nothing throws. */
export function readNode(object: unknown): NodeObject {
  const node = fields(object);
  const [metadata, spec, status] = [fields(node.metadata), fields(node.spec), fields(node.status)];
  const addresses = list(status.addresses).map((item) => ({
    type: text(item.type),
    address: text(item.address) ?? '',
  }));
  const createdAt = time(metadata.creationTimestamp);
  const version = text(fields(status.nodeInfo).kubeletVersion);
  const internalIp = addresses.find(({ type }) => type === 'InternalIP')?.address;
  return {
    name: text(metadata.name) ?? say`(no name)`,
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(version === undefined ? {} : { version }),
    ...(internalIp === undefined ? {} : { internalIp }),
    addresses: [...new Set(addresses.map(({ address }) => address))],
    unschedulable: spec.unschedulable === true,
    taints: list(spec.taints).flatMap(taint),
    conditions: new Map(list(status.conditions).map((item) => [text(item.type) ?? '', condition(item)])),
  };
}

function taint({ key, value, effect }: Fields): readonly string[] {
  if (typeof key !== 'string' || typeof effect !== 'string') return [];
  return [`${key}${typeof value === 'string' && value !== '' ? `=${value}` : ''}:${effect}`];
}

function condition(item: Fields): Condition {
  const [changedAt, heartbeatAt] = [time(item.lastTransitionTime), time(item.lastHeartbeatTime)];
  return {
    status: text(item.status) ?? 'Unknown',
    reason: text(item.reason) ?? '',
    message: text(item.message) ?? '',
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(heartbeatAt === undefined ? {} : { heartbeatAt }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function time(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

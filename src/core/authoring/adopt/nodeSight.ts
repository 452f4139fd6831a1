import { nodeHealth } from '../../health/nodeHealth';
import { readNode } from '../../health/nodeObject';
import type { SeenNode } from './seenCluster';

/** What Kubernetes tells of a node; undefined for a name that no node can have. */
export type NodeSight = Omit<SeenNode, 'host' | 'seen'> & {
  /** Where its host may be reached, the likeliest place first. */
  readonly places: readonly string[];
};

/** Labels that Kubernetes, K3s, Rancher and this product set. */
const SET_BY_SYSTEM = /(?:^|\.)(?:kubernetes\.io|k8s\.io|k3s\.io|cattle\.io|k3s-ha\.io)\//;
const SET_BY_K3S_TAINT = /^(?:node\.kubernetes\.io|node\.cloudprovider\.kubernetes\.io)\//;

/** Reads a Node object. Addresses that could mean anything but one machine are left out. */
export function nodeSight(object: unknown): NodeSight | undefined {
  const { name, labels, addresses, taints } = readNode(object);
  const { role, version } = nodeHealth(object, 0);
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)) return undefined;
  const zone = labels['topology.kubernetes.io/zone'];
  const plain = addresses.filter((address) => /^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(address));
  const isAddress = (text: string): boolean => /^[\d.]+$/.test(text) || text.includes(':');
  return {
    name,
    role,
    ...(zone === undefined || zone === '' ? {} : { zone }),
    ...(version === undefined ? {} : { version }),
    addresses: plain,
    places: plain.filter(isAddress),
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !SET_BY_SYSTEM.test(key))),
    taints: taints.filter((taint) => !SET_BY_K3S_TAINT.test(taint)),
  };
}

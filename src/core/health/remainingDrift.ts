import { lastPer } from '../base/remember';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { configOptions } from '../cluster/configFile';
import { isOn } from '../cluster/options';
import { machinesOf, nodesOf } from '../cluster/roles';
import { optionTexts, type OptionTexts } from '../facts/presentOptions';
import { K3S_OPTIONS } from '../k3s/options';
import type { DriftSubject, HostDifference, HostDrift } from './hostDrift';
import { markKey } from './nodeMarks';

type MarkSubject = Extract<DriftSubject, { readonly kind: 'mark' }>;

/** What of a drift is left when the file has changed since: what it says now as the machines have it is none any more. */
export const remainingDrift = lastPer((drift: HostDrift, cluster: Cluster): HostDrift => {
  const machines = new Set(machinesOf(cluster).map(({ id }) => id));
  const nodes = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  const names = new Set(nodesOf(cluster).flatMap(({ name, host, address }) => [name ?? '', host, address]));
  return {
    ...drift,
    machines: drift.machines
      .filter(({ id }) => machines.has(id))
      .map(({ differences, ...machine }) => ({
        ...machine,
        differences: differences.filter((difference) => differs(cluster, nodes.get(machine.id), difference)),
      })),
    strangers: drift.strangers.filter(({ name, address = name }) => !names.has(name) && !names.has(address)),
  };
});

function differs(cluster: Cluster, node: ClusterNode | undefined, { about }: HostDifference): boolean {
  switch (about.kind) {
    case 'version':
      return cluster.k3s.version !== about.present;
    case 'option':
      return about.secret === true || node === undefined || !sayTheSame(cluster, node, about);
    case 'mark':
      return node !== undefined && wantedMark(cluster, node, about) !== about.present;
    default:
      return true;
  }
}

function sayTheSame(
  cluster: Cluster,
  node: ClusterNode,
  { name, present }: { readonly name: string; readonly present?: OptionTexts },
): boolean {
  const wanted = fileOption(cluster, node, name);
  if (wanted === undefined || present === undefined) return wanted === present;
  const plain = (texts: OptionTexts): string =>
    JSON.stringify(K3S_OPTIONS[name]?.type === 'boolean' ? texts.map((text) => isOn(text)) : texts);
  return plain(wanted) === plain(present);
}

/** The value that the file gives an option of a node, references as they are written; undefined when it gives none. */
export function fileOption(cluster: Cluster, node: ClusterNode, name: string): OptionTexts | undefined {
  const value = configOptions(cluster, node, { kind: 'found' })[name];
  return value === undefined ? undefined : optionTexts(value);
}

/** What the file says of a label or a taint of a node; empty where it says nothing. */
export function wantedMark(
  cluster: Cluster,
  node: ClusterNode,
  { option, key }: Pick<MarkSubject, 'option' | 'key'>,
): string {
  return (fileOption(cluster, node, option) ?? []).find((text) => markKey(option, text) === key) ?? '';
}

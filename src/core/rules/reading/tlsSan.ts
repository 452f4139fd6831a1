import type { Path } from '../../base/path';
import { formatPath } from '../../base/path';
import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { appendItem, setValue } from '../../document/edit';
import { canonicalAddress } from '../../k3s/cidr';
import type { Cluster, ClusterNode, ConfigValue } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { addressFault } from './addressForm';
import { isOwnAddress } from './addresses';
import { inSequence } from '../../document/inSequence';
import { hasReference, valueAt } from './read';
import { listOf } from '../../cluster/configValue';
import { isWrittenOn, writtenValue } from '../../cluster/written';

// What K3s puts into every certificate by itself; node names and addresses are asked per server.
const AUTOMATIC = ['127.0.0.1', '::1', 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

/** The servers whose certificate will not list `name`. A list that holds a reference gets the benefit of the doubt. */
export function serversWithoutSan(cluster: Cluster, name: string): readonly ClusterNode[] {
  const wanted = canonicalAddress(name);
  const covering = (value: ConfigValue | undefined): boolean =>
    [...AUTOMATIC, ...listOf(value)].some(
      // What stands around a name is told at the entry.
      (entry) => canonicalAddress(addressFault(entry, 'nothing')?.bare ?? entry) === wanted || hasReference(entry),
    );
  // Servers that share a list are asked about it once.
  const known = new Map<ConfigValue | undefined, boolean>();
  return cluster.servers.filter((server) => {
    const list = writtenValue(server, 'tls-san');
    const covered = known.get(list) ?? covering(list);
    known.set(list, covered);
    return !covered && !isOwnAddress(server, name) && !isWrittenOn(server, 'disable-apiserver');
  });
}

/** Adds `name` to the shared tls-san, and to the list of each server that replaces the shared one. */
export function addTlsSan({ cluster, document }: RuleContext, name: string): readonly TextEdit[] {
  return inSequence(document, ...sanSteps(cluster, name));
}

/** The same as steps of a larger change; none when all certificates list `name` already. */
export function sanSteps(
  cluster: Cluster,
  name: string,
): readonly ((document: ClusterDocument) => readonly TextEdit[])[] {
  const lacking = serversWithoutSan(cluster, name);
  if (lacking.length === 0) return [];
  const add = (document: ClusterDocument): readonly TextEdit[] => {
    const places = new Map<string, Path>();
    for (const server of lacking) {
      const own: Path = [...server.path, 'config', 'tls-san'];
      const path = valueAt(document.data, own) === undefined ? ['servers', 'config', 'tls-san'] : own;
      places.set(formatPath(path), path);
    }
    return inSequence(
      document,
      ...[...places.values()].map((path) => (current: ClusterDocument) => addName(current, path, name)),
    );
  };
  return [add];
}

function addName(document: ClusterDocument, path: Path, name: string): readonly TextEdit[] {
  const written = valueAt(document.data, path);
  if (Array.isArray(written) && written.length > 0) return appendItem(document, path, name);
  return setValue(document, path, [...listOf(written), name]);
}

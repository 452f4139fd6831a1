import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, setValue } from '../../document/edit';
import { valueAt } from './read';

const NODES = ['loadBalancer', 'nodes'];

/** Steps that make the load balancer one without hosts of its own, so that its list of hosts goes. */
export function hostlessSteps(
  { data }: ClusterDocument,
  type: 'kube-vip' | 'dns',
): readonly ((document: ClusterDocument) => readonly TextEdit[])[] {
  const steps = [(document: ClusterDocument) => setValue(document, ['loadBalancer', 'type'], type)];
  return valueAt(data, NODES) === undefined ? steps : [...steps, (document) => removeEntry(document, NODES)];
}

import { dataAt } from '../document/dataAt';
import { removeEntry, setValue } from '../document/edit';
import { inSequence } from '../document/inSequence';
import type { ClusterDocument } from '../document/clusterDocument';
import type { TextEdit } from '../base/text';

/** Pins a release in a cluster file, in place of a channel; comments and form stay. Empty when the file cannot take it. */
export function setRelease(document: ClusterDocument, release: string): readonly TextEdit[] {
  const hasChannel = dataAt(document.data, ['k3s', 'channel']) !== undefined;
  return inSequence(
    document,
    (current) => setValue(current, ['k3s', 'version'], release),
    ...(hasChannel ? [(current: ClusterDocument) => removeEntry(current, ['k3s', 'channel'])] : []),
  );
}

import { say } from '../../core/base/say';
import { randomBytes } from 'node:crypto';
import type { Problem } from '../../core/base/problem';
import { parseReference } from '../../core/cluster/references';
import type { StoredCluster } from '../clusters/clusterStore';
import type { Services } from '../services/services';
import type { WayOut } from './wayOut';

/** Where the token of the file is a secret of this editor: a button that puts a new one there, made up here, and shown to nobody. */
export function newTokenWay(
  { code }: Problem,
  { cluster, uri }: StoredCluster,
  { vault }: Services,
): readonly WayOut[] {
  const reference = parseReference(cluster.token ?? '');
  if (code !== 'token-unchanged' || reference?.kind !== 'secret') return [];
  return [
    {
      label: say`Make a New Token`,
      act: () => vault.of(uri).store(reference.name, randomBytes(16).toString('hex')),
    },
  ];
}

import { createFiles } from '../adapters/files/files';
import { systemClock } from '../adapters/system/clock';
import { sha256 } from '../adapters/system/sha256';
import { forgottenWords, UNKNOWN_AUTHORITY } from '../core/kubeconfig/forgotten';
import { forgetAccess } from '../engine/access/forgetAccess';
import type { Situation } from '../engine/planning/situation';
import { clusterCaHash } from '../engine/planning/starts';
import { ownKubeconfigs } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { fail, tell } from './output';

/** Takes the access to a cluster that is gone out of the kubeconfigs that kubectl reads, by the authority that its servers had. */
export async function forgetKubeconfig({ cluster, facts }: Situation): Promise<ExitCode> {
  const authority = clusterCaHash(cluster, facts);
  if (authority === undefined) return fail(UNKNOWN_AUTHORITY);
  // The person's own files, also where they are links.
  const files = createFiles({ followLinks: () => true });
  const forgotten = await forgetAccess(authority, ownKubeconfigs(), { files, sha256, clock: systemClock });
  if (!forgotten.ok) return fail(forgotten.error);
  for (const line of forgottenWords(cluster.name, forgotten.value)) tell(line);
  return EXIT.fine;
}

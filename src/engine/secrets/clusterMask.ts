import type { Cluster } from '../../core/cluster/cluster';
import { secretTexts } from '../planning/desired';
import type { RemoteHosts, SecretSource } from '../ports';
import { runMask, type RunMask } from '../run/mask';
import { resolveSecrets } from './resolveSecrets';
import { writtenSecrets } from './writtenSecrets';

/** Takes the secrets of a cluster out of what its machines print, as far as they can be had. Ask for agreement before. */
export async function clusterMask(
  cluster: Cluster,
  { hosts, secrets }: { readonly hosts: RemoteHosts; readonly secrets: SecretSource },
): Promise<RunMask> {
  const texts = secretTexts(cluster);
  const all = await resolveSecrets(texts, secrets);
  if (all.ok) return runMask([...all.value.masks, ...writtenSecrets(cluster, all.value)], hosts);
  // One that is missing must not uncover the others.
  const masks: string[] = [];
  for (const text of new Set(texts.filter((one) => one.includes('${')))) {
    const resolved = await resolveSecrets([text], secrets);
    if (resolved.ok) masks.push(...resolved.value.masks, resolved.value.text(text));
  }
  const plain = writtenSecrets(cluster, { text: (written) => written, masks: [] });
  return runMask([...masks, ...plain], hosts);
}

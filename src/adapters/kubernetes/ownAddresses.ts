import { authoritiesIn } from '../../core/kubeconfig/authorities';
import type { Files, KubeconfigPlace } from '../../engine/ports';
import { sha256 } from '../system/sha256';

/** Where kubeconfigs of the person reach the cluster with an authority, by the hash that K3s has in its tokens. */
export async function ownAddresses(
  places: readonly KubeconfigPlace[],
  files: Pick<Files, 'read'>,
): Promise<(caHash: string) => readonly string[]> {
  const own = places.filter(({ origin }) => origin === 'own');
  const texts = await Promise.all(own.map(({ path }) => files.read(path).catch(() => undefined)));
  const found = texts.flatMap((text) => (text === undefined ? [] : authoritiesIn(text)));
  return (caHash) =>
    found
      .filter(({ authority }) => sha256(Buffer.from(authority, 'base64').toString('utf8')) === caHash)
      .map(({ server }) => server);
}

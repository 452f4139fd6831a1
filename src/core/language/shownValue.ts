import { optionFacts } from '../k3s/options';
import { parseReference } from '../cluster/references';

const SECRET_NAME = /token|passw|passphrase|secret|api-?key|access-?key|credential/i;
/** Names that sound like a secret and hold none. */
const NO_SECRET =
  /^(?:secrets-encryption|secrets-encryption-provider|etcd-s3-config-secret|disable-default-registry-endpoint)$|(?:File|-file)$/;
/** `user:password@` in an address, `token=…` in an argument, a whole private key. */
const SECRET_VALUE =
  /:\/\/[^\s/@]*:[^\s@]*@|(?:token|passw(?:or)?d|secret|(?:secret|access|private|api)[-_]?key)\s*[=:]\s*\S|-----BEGIN/i;

/**
 * The value under a key as it may be shown outside the editor's own text; undefined for a secret. A reference such as
 * `${secret:name}` is not a secret.
 */
export function shownValue(key: string, value: string): string | undefined {
  if (parseReference(value) !== undefined) return value;
  return isSecretKey(key) || SECRET_VALUE.test(value) ? undefined : value;
}

/** Whether K3s or the name says that values under a key are secrets. */
function isSecretKey(key: string): boolean {
  const bare = key.replace(/\+$/, '');
  if (optionFacts(bare)?.secret === true || bare === 'endpoint') return true;
  return SECRET_NAME.test(bare) && !NO_SECRET.test(bare);
}

import { createHash, randomBytes } from 'node:crypto';
import type { PracticeHost } from '../machine/host';

/** How a cluster encrypts its Secrets: what every server gets from the datastore when it starts. */
export interface Encryption {
  /** The active one first. */
  readonly keys: readonly { readonly name: string; readonly secret: string }[];
  readonly stage: 'start' | 'reencrypt_active' | 'reencrypt_finished';
}

export function firstEncryption(): Encryption {
  return { keys: [newKey('aescbckey')], stage: 'start' };
}

export function newKey(name: string): Encryption['keys'][number] {
  return { name, secret: randomBytes(32).toString('base64') };
}

/** The keys as a server keeps them. */
function configText({ keys }: Encryption): string {
  const providers = [{ aescbc: { keys } }, { identity: {} }];
  const resources = [{ resources: ['secrets'], providers }];
  return JSON.stringify({ kind: 'EncryptionConfiguration', apiVersion: 'apiserver.config.k8s.io/v1', resources });
}

/** Writes what a server knows of the encryption to its disk; what is there already stays as it is. */
export function writeEncryption(host: PracticeHost, dataDir: string, encryption: Encryption | undefined): void {
  if (encryption === undefined) return;
  const text = configText(encryption);
  const hash = createHash('sha256').update(text).digest('hex');
  const secret = { mode: 0o600 };
  const write = (name: string, content: string): void => {
    const path = `${dataDir}/server/cred/${name}`;
    if (host.files.get(path)?.content !== content) host.files.write(path, content, secret);
  };
  write('encryption-config.json', text);
  write('encryption-state.json', `${encryption.stage}-${hash}`);
}

/** The hash of the keys that a server has on its disk. */
export function encryptionHash(host: PracticeHost, dataDir: string): string | undefined {
  const text = host.files.get(`${dataDir}/server/cred/encryption-config.json`)?.content;
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
}

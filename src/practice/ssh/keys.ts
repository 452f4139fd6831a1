import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { utils } from 'ssh2';

/** An ed25519 key in OpenSSH's formats. */
export interface SshKey {
  /** PEM, "OPENSSH PRIVATE KEY". */
  readonly private: string;
  /** `ssh-ed25519 AAAA…` without a comment. */
  readonly public: string;
}

const TYPE = 'ssh-ed25519';

/**
 * Makes a key from Node's own generator. ssh2's generator drops leading zero bytes of the public key, which makes
 * about one key in 256 unreadable.
 */
export function createSshKey(comment: string): SshKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const publicBlob = Buffer.concat([field(TYPE), field(raw)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, publicBlob, field(Buffer.concat([seed, raw])), field(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    one,
    field(publicBlob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    private: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    public: `${TYPE} ${publicBlob.toString('base64')}`,
  };
}

/** The key of a text that {@link createSshKey} made; undefined when it is anything else. */
export function readSshKey(text: string): SshKey | undefined {
  const key = utils.parseKey(text);
  if (key instanceof Error || !key.isPrivateKey() || key.type !== TYPE) return undefined;
  return { private: text, public: `${TYPE} ${key.getPublicSSH().toString('base64')}` };
}

/** `address` as it stands in known_hosts. */
export function knownHostsName(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

function field(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

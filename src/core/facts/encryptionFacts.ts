import type { FactTopic } from './topic';

/** How a server encrypts Secrets; absent where it does not. */
export interface EncryptionTopic {
  readonly encryption?: EncryptionFacts;
}

export interface EncryptionFacts {
  /** The first key encrypts what is written; off, it only reads what was encrypted earlier. */
  readonly enabled: boolean;
  /** sha256 of the configuration with the keys, which K3s compares between servers. */
  readonly hash: string;
  /** When it was written, seconds since 1970. */
  readonly written: number;
  /** Where the last rotation is: `start`, `reencrypt_active`, `reencrypt_finished` … */
  readonly stage: string;
}

export const encryptionFacts: FactTopic<EncryptionTopic> = {
  name: 'encryption',
  script: `if [ -f "$1/server/cred/encryption-config.json" ]; then
  file=$1/server/cred/encryption-config.json
  enabled=yes
  if tr -d ' \\n' < "$file" | grep -q '"providers":\\[{"identity"'; then enabled=no; fi
  stage=$(sed -n '1s/^\\([a-z_]*\\)-.*/\\1/p' "$1/server/cred/encryption-state.json" 2>/dev/null)
  put encryption "$(stat -c %Y "$file") $(sha256sum < "$file" | cut -c1-64) $enabled $stage"
fi
`,
  read: (values) => {
    const [written = '', hash = '', enabled = '', stage = 'start'] = values.words('encryption');
    if (hash === '') return {};
    return { encryption: { enabled: enabled === 'yes', hash, written: Number(written) || 0, stage } };
  },
};

import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { isWritten } from '../../cluster/written';

export const secretsEncryptionOff = defineRule({
  id: 'secrets-encryption-off',
  severity: 'hint',
  title: later`Secrets are stored in plain text`,
  rationale: `Kubernetes keeps Secrets in the datastore as they are: in every etcd snapshot, in every database backup. With \`secrets-encryption\` K3s encrypts them. That has to be decided before the cluster exists: K3s does not support to switch it on for a cluster that began without.`,
  sources: [SOURCES.secretsEncryption, SOURCES.secretsEncrypt],
  check: ({ cluster, document }) => {
    if (cluster.servers.length < 2 || cluster.servers.some((server) => isWritten(server, 'secrets-encryption')))
      return [];
    return [
      {
        ...firstPlace(document, key(['servers', 'config']), key(['servers'])),
        message: say`Secrets of the cluster will lie in the datastore and its backups in plain text. secrets-encryption: true encrypts them; it has to be decided before the first start.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Add secrets-encryption: true (for a new cluster)`,
      edits: setValue(document, ['servers', 'config', 'secrets-encryption'], true),
      safe: false,
    },
  ],
});

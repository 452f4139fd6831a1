import { caHashIn } from '../k3s/joinToken';
import { PRINT_CA_HASH } from '../remote/caHash';
import type { FactTopic } from './topic';

/** What K3s has kept on the disk of this host, and of which cluster it is. */
export interface DatastoreTopic {
  readonly etcdData: boolean;
  readonly sqliteData: boolean;
  /** A server has run here. */
  readonly serverToken: boolean;
  /** sha256 of the password in the server's own token. */
  readonly tokenSha256?: string;
  /** Hash of the certificate authority of the cluster that this host belongs to: its identity. Absent before its first start. */
  readonly caHash?: string;
  /** Name of this host's etcd member: the node name and eight hexadecimal digits. */
  readonly etcdName?: string;
}

export const datastoreFacts: FactTopic<DatastoreTopic> = {
  name: 'datastore',
  script: `if [ -d "$1/server/db/etcd/member" ]; then put etcd_data yes; fi
put etcd_name "$(cat "$1/server/db/etcd/name" 2>/dev/null)"
if [ -f "$1/server/db/state.db" ]; then put sqlite_data yes; fi
if [ -f "$1/server/token" ]; then
  put server_token yes
  put ca_hash "$(${PRINT_CA_HASH})"
  put token_sha256 "$(sed 's/^K10[0-9a-f]*:://; s/^server://; s/^node://' "$1/server/token" | tr -d '\\n' | sha256sum | cut -c1-64)"
elif [ -f "$1/agent/server-ca.crt" ]; then put ca_hash "$(sha256sum < "$1/agent/server-ca.crt" | cut -c1-64)"
fi
`,
  read: (values) => {
    const caHash = caHashIn(values.text('ca_hash'));
    const tokenSha256 = values.optional('token_sha256');
    const etcdName = values.optional('etcd_name');
    return {
      etcdData: values.yes('etcd_data'),
      sqliteData: values.yes('sqlite_data'),
      serverToken: values.yes('server_token'),
      ...(tokenSha256 === undefined ? {} : { tokenSha256 }),
      ...(caHash === undefined ? {} : { caHash }),
      ...(etcdName === undefined ? {} : { etcdName }),
    };
  },
};

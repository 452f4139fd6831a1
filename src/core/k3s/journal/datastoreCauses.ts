import type { KnownCause } from './knownCause';

const OWN_FILES = '/var/lib/rancher/k3s/server/{tls,cred,token,node-token,agent-token}';

/** External databases: endpoints, logins, contents. Texts of K3s, kine, the Go drivers of MySQL and PostgreSQL. */
export const DATASTORE_CAUSES: readonly KnownCause[] = [
  {
    id: 'mysql-without-tcp',
    says: "default addr for network '…' unknown",
    pattern: /default addr for network .* unknown/,
    means: 'its MySQL endpoint lacks tcp( )',
    advice: ['Write the MySQL endpoint as mysql://user:password@tcp(host:3306)/database.'],
    cures: 'never',
  },
  {
    id: 'database-name-missing',
    says: 'missing the slash separating the database name',
    means: 'its datastore endpoint lacks the database name',
    advice: ['Append the database name to the endpoint, e.g. /k3s.'],
    cures: 'never',
  },
  {
    id: 'endpoint-bracket',
    says: 'network address not terminated',
    means: 'a bracket of its datastore endpoint is not closed',
    advice: ['Close the bracket of tcp( … ) in the datastore endpoint.'],
    cures: 'never',
  },
  {
    id: 'endpoint-scheme',
    says: 'endpoint should be a DSN URI',
    pattern: /endpoint should be a DSN URI|unknown driver/,
    means: 'its datastore endpoint has no scheme that K3s knows',
    advice: ['Give the datastore endpoint as <scheme>://…, for example mysql:// or postgres://.'],
    cures: 'never',
  },
  {
    id: 'database-login',
    says: 'Error 1045 … Access denied',
    pattern: /Error 1045|Access denied for user|password authentication failed for user/,
    means: 'the database refuses its user or password',
    advice: [
      'Check user and password of the datastore endpoint, and that the database accepts this user from this host.',
    ],
    cures: 'never',
  },
  {
    id: 'postgres-host-refused',
    says: 'no pg_hba.conf entry for host',
    means: 'PostgreSQL accepts no connection of this user from this host',
    advice: [
      'Add a line for this host, user and database to pg_hba.conf and reload PostgreSQL; where it ends in "no encryption", allow it without TLS there or set sslmode=require in the endpoint.',
    ],
    cures: 'never',
  },
  {
    id: 'database-missing',
    says: 'Error 1049 … Unknown database',
    pattern: /Error 1049|Unknown database|database "[^"]*" does not exist/,
    means: 'the database does not exist',
    advice: ['Create the database, or give its user the right to create it.'],
    cures: 'never',
  },
  {
    id: 'mysql-key-too-long',
    says: 'Error 1071',
    means: 'this MySQL cannot hold the index that K3s needs',
    advice: ['Set innodb_large_prefix=ON on the database, or use a newer K3s.'],
    cures: 'never',
  },
  {
    id: 'database-unreachable',
    says: 'failed to create driver for configured endpoint: dial tcp …',
    pattern:
      /failed to create driver for configured endpoint: .*dial |Failed to ping database connection|Failed to list latest changes/,
    means: 'the database does not answer',
    advice: ['Check that the database runs and that this host may reach its address and port.'],
    cures: 'itself',
  },
  {
    id: 'database-other-token',
    says: 'bootstrap data already found and encrypted with different token',
    pattern: /encrypted with different token/,
    means: 'the database holds a cluster with another token',
    advice: [`Use the token of the first server on all servers; on this host remove ${OWN_FILES} first.`],
    cures: 'never',
  },
  {
    id: 'files-newer',
    says: 'newer than datastore and could cause a cluster outage',
    means: 'certificates on this host are newer than those of the cluster',
    advice: [`Stop K3s on this host, remove ${OWN_FILES}, and run again.`],
    cures: 'never',
  },
];

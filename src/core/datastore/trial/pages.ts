import type { TrialId } from './ids';

interface Source {
  readonly label: string;
  readonly url: string;
}

/** What the documentation says of a finding. */
interface TrialPage {
  /** One line for tables. */
  readonly title: string;
  /** Why it matters. */
  readonly rationale: string;
  readonly sources: readonly Source[];
}

const K3S: Source = { label: 'K3s docs: Cluster datastore', url: 'https://docs.k3s.io/datastore' };
const KINE: Source = {
  label: 'kine: datastore drivers',
  url: 'https://github.com/k3s-io/kine/tree/master/pkg/drivers',
};
const KINE_TLS: Source = { label: 'kine: TLS', url: 'https://github.com/k3s-io/kine/blob/master/pkg/tls/config.go' };
const BOOTSTRAP: Source = {
  label: 'K3s: bootstrap data in the datastore',
  url: 'https://github.com/k3s-io/k3s/blob/main/pkg/cluster/encrypt.go',
};
const MYSQL: Source = {
  label: 'MySQL: error messages',
  url: 'https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html',
};
const POSTGRES: Source = {
  label: 'PostgreSQL: error codes',
  url: 'https://www.postgresql.org/docs/current/errcodes-appendix.html',
};
const COMPACTION: Source = {
  label: 'kine issue 721: compaction fails with MariaDB',
  url: 'https://github.com/k3s-io/kine/issues/721',
};

/** One page for each finding of a trial. */
export const TRIAL_PAGES: Readonly<Record<TrialId, TrialPage>> = {
  'datastore-unreachable': {
    title: 'The datastore does not answer',
    rationale:
      'No connection came about from the network of a server: nothing listens there, a firewall drops or refuses it, or the name leads nowhere. For MySQL K3s gives up at once, for the others it goes on asking and never starts.',
    sources: [KINE],
  },
  'datastore-slow': {
    title: 'The datastore gives no answer in time',
    rationale:
      'The connection was opened and then nothing came for five seconds. No new server begins with it; one that runs already goes on.',
    sources: [KINE],
  },
  'datastore-login': {
    title: 'The datastore refuses user or password',
    rationale:
      'The login of the endpoint was tried as K3s will do it, and refused. K3s would end at its start, and systemd would start it again and again. A password that was asked for is asked for anew.',
    sources: [MYSQL, POSTGRES],
  },
  'datastore-not-admitted': {
    title: 'The datastore admits nobody from a server',
    rationale:
      'User and password were not even looked at: the address of the server is not admitted (`pg_hba.conf`, the host part of a MySQL account, or a block after too many failures).',
    sources: [MYSQL, POSTGRES],
  },
  'datastore-refuses': {
    title: 'The datastore refuses for another reason',
    rationale:
      'It said no in words for which there is no page of their own; they stand in the finding as they came. K3s would meet the same answer.',
    sources: [KINE],
  },
  'datastore-not-up': {
    title: 'The datastore is starting or stopping',
    rationale:
      'PostgreSQL answers already, or still, and lets nobody in (SQLSTATE 57P03). No new server is to begin with it; the next plan tries anew.',
    sources: [POSTGRES],
  },
  'datastore-full': {
    title: 'The datastore has no connection left',
    rationale:
      'All connections are taken (MySQL error 1040, SQLSTATE 53300). A new server would not start; those that run keep the ones that they have.',
    sources: [MYSQL, POSTGRES, { label: 'K3s issue 10733', url: 'https://github.com/k3s-io/k3s/issues/10733' }],
  },
  'datastore-wants-encryption': {
    title: 'The datastore lets in only who uses TLS',
    rationale:
      'The endpoint leads to a plain connection, and the datastore takes none. For MySQL and NATS K3s uses TLS as soon as `datastore.caFile` names an authority.',
    sources: [K3S, KINE_TLS],
  },
  'datastore-not-encrypted': {
    title: 'The datastore does not speak TLS',
    rationale:
      'Endpoint or TLS files ask for encryption, and the datastore offers none. K3s would not go on without it.',
    sources: [K3S, KINE_TLS],
  },
  'datastore-certificate-authority': {
    title: 'The certificate of the datastore is of another authority',
    rationale:
      'Neither `datastore.caFile` nor, without it, the authorities that everybody trusts have issued the certificate that the datastore shows. K3s checks the same.',
    sources: [K3S, KINE_TLS],
  },
  'datastore-certificate-name': {
    title: 'The certificate of the datastore is for other names',
    rationale:
      'The certificate has neither the name nor the address that stands in the endpoint, so that K3s takes the datastore for somebody else.',
    sources: [K3S, KINE_TLS],
  },
  'datastore-certificate-expired': {
    title: 'The certificate of the datastore has expired',
    rationale: 'Servers that run go on with the connections that they have, and none comes up anew after a restart.',
    sources: [KINE_TLS],
  },
  'datastore-certificate-not-yet': {
    title: 'The certificate of the datastore is not valid yet',
    rationale: 'It begins in the future of the clock here: either this clock or the one of who issued it is wrong.',
    sources: [KINE_TLS],
  },
  'datastore-client-certificate': {
    title: 'The datastore refuses the client certificate, or misses one',
    rationale:
      'The datastore ends the handshake: it asks for a certificate of its clients, and got none or one of an authority that it does not trust (`datastore.certFile`, `datastore.keyFile`).',
    sources: [K3S, KINE_TLS],
  },
  'datastore-database-missing': {
    title: 'The database is not there, and cannot be created',
    rationale:
      'K3s creates the database of the endpoint when its user may do so. Where it may not, somebody has to create it beforehand; where the datastore does not tell, it is a note.',
    sources: [KINE],
  },
  'datastore-right-missing': {
    title: 'The login lacks a right that K3s needs',
    rationale:
      'K3s makes tables and indexes at its first start and reads, writes and deletes rows ever after. In etcd it needs all keys. Nothing is written to find this out: rights are asked for.',
    sources: [KINE],
  },
  'datastore-read-only': {
    title: 'The datastore takes no changes',
    rationale:
      'It is a replica, or was made read-only. K3s writes at its first breath; the endpoint has to lead to the instance that takes changes.',
    sources: [KINE],
  },
  'datastore-other-cluster': {
    title: 'The datastore holds the data of another cluster',
    rationale:
      'What servers share lies there, encrypted with another token. K3s would end with "bootstrap data already found and encrypted with different token", and leave files behind that block the next start. Only hashes are compared; the token goes nowhere.',
    sources: [BOOTSTRAP],
  },
  'datastore-narrow-index': {
    title: 'The database cannot hold the index of this K3s',
    rationale:
      'Before v1.25.4 the index of K3s is longer than the 767 bytes that InnoDB allows without `innodb_large_prefix` and dynamic rows: "Error 1071: Specified key was too long".',
    sources: [KINE, MYSQL],
  },
  'datastore-snapshot-isolation': {
    title: 'innodb_snapshot_isolation keeps K3s from compacting',
    rationale:
      'MariaDB has it on since 11.6.2. The compaction of K3s ends with "Error 1020: Record has changed since last read", and its table grows without end. No new server is to begin with it.',
    sources: [COMPACTION],
  },
  'datastore-alarm': {
    title: 'etcd has an alarm and takes no changes',
    rationale:
      'Its space is used up or its data is damaged. Nothing can be written until somebody has compacted, defragmented and disarmed it.',
    sources: [
      { label: 'etcd: Maintenance, space quota', url: 'https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota' },
    ],
  },
  'datastore-no-jetstream': {
    title: 'NATS has no JetStream for this user',
    rationale:
      'K3s keeps its data in a key-value bucket of JetStream; without it, on the server or for the account, nothing can be stored.',
    sources: [KINE],
  },
  'datastore-compaction-behind': {
    title: 'The table of K3s is not compacted',
    rationale:
      'K3s throws old revisions away every five minutes and keeps a thousand. When more than a hundred thousand wait, that has failed for hours: the table grows and everything gets slow. The journal of K3s says why ("Compact failed").',
    sources: [COMPACTION],
  },
  'datastore-several-writers': {
    title: 'The database takes changes in several places',
    rationale:
      'K3s counts revisions by the numbers that the database gives to new rows. With Galera, or `auto_increment_increment` above 1, these leave gaps and two writers may disagree; K3s does not support it.',
    sources: [KINE],
  },
  'datastore-few-connections': {
    title: 'The datastore allows few connections',
    rationale:
      'Each server of K3s may keep twenty connections, or as many as `KINE_DATASTORE_MAX_OPEN_CONNECTIONS` says. When they run out, servers fail with SQLSTATE 53300 or error 1040 at the worst of times.',
    sources: [{ label: 'K3s issue 10733', url: 'https://github.com/k3s-io/k3s/issues/10733' }],
  },
  'datastore-clock': {
    title: 'The clock of the datastore is wrong',
    rationale:
      'It is more than half a minute away from the clock here. Certificates, and whoever compares what happened when, rely on clocks that agree.',
    sources: [K3S],
  },
  'datastore-far': {
    title: 'The datastore is far away',
    rationale:
      'An answer takes more than 30 ms, measured from the server. K3s waits for one at every change, and its controllers make many.',
    sources: [K3S],
  },
  'datastore-has-data': {
    title: 'The bucket has other data',
    rationale:
      'A bucket of this name is there, and what it holds does not look like that of a K3s cluster. Two owners of one bucket destroy each other’s data.',
    sources: [KINE],
  },
  'datastore-version-untested': {
    title: 'The K3s project does not test this version',
    rationale:
      'K3s names the versions of databases that its tests run with. Others mostly work, and when one does not, nobody has seen it before.',
    sources: [K3S],
  },
  'datastore-not-asked': {
    title: 'A way to log in that cannot be tried from here',
    rationale:
      'The database asks for a kind of login that the client here does not have. K3s may have it; its journal will tell.',
    sources: [KINE],
  },
  'datastore-own-data': {
    title: 'The datastore holds the data of this cluster',
    rationale:
      'A cluster with the token of the file has stored what its servers share. Servers that start join it, with its nodes and workloads; they found no new one.',
    sources: [BOOTSTRAP],
  },
  'datastore-simulated': {
    title: 'The datastore is a simulation',
    rationale:
      'Beside the hosts of the practice fleet the datastore is simulated as well. It judges login and content by the cluster file; versions, rights, certificates and distances of a real one are not known.',
    sources: [{ label: 'Practice', url: '../practice.md' }],
  },
};

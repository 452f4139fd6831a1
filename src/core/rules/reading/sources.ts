import type { Rule } from '../rule';

type Source = Rule['sources'][number];

const docs = (label: string, page: string): Source => ({
  label: `K3s docs: ${label}`,
  url: `https://docs.k3s.io/${page}`,
});
const code = (label: string, file: string): Source => ({
  label: `K3s source: ${label}`,
  url: `https://github.com/k3s-io/k3s/blob/main/${file}`,
});

/** The documents and source files that the rules rest on. */
export const SOURCES = {
  ha: docs('High availability with an external database', 'datastore/ha'),
  haEmbedded: docs('High availability with embedded etcd', 'datastore/ha-embedded'),
  datastore: docs('Cluster datastore', 'datastore'),
  loadBalancer: docs('Cluster load balancer', 'datastore/cluster-loadbalancer'),
  architecture: docs('Architecture', 'architecture'),
  reservedNames: { label: 'RFC 2606: Reserved top level DNS names', url: 'https://www.rfc-editor.org/rfc/rfc2606' },
  requirements: docs('Requirements', 'installation/requirements'),
  configuration: docs('Configuration options', 'installation/configuration'),
  serverOptions: docs('k3s server', 'cli/server'),
  agentOptions: docs('k3s agent', 'cli/agent'),
  token: docs('k3s token', 'cli/token'),
  clusterAccess: docs('Cluster access', 'cluster-access'),
  advanced: docs('Advanced options', 'advanced'),
  secretsEncrypt: docs('k3s secrets-encrypt', 'cli/secrets-encrypt'),
  network: docs('Basic network options', 'networking/basic-network-options'),
  backup: docs('Backup and restore', 'datastore/backup-restore'),
  etcdSnapshot: docs('k3s etcd-snapshot', 'cli/etcd-snapshot'),
  knownIssues: docs('Known issues', 'known-issues'),
  manualUpgrade: docs('Manual upgrades', 'upgrades/manual'),
  multicloud: docs('Distributed hybrid or multicloud cluster', 'networking/distributed-multicloud'),
  secretsEncryption: docs('Secrets encryption', 'security/secrets-encryption'),
  privateRegistry: docs('Private registry configuration', 'installation/private-registry'),
  packaged: docs('Packaged components', 'installation/packaged-components'),
  embeddedRegistry: docs('Embedded registry mirror', 'installation/registry-mirror'),
  airGap: docs('Air-gap installation', 'installation/airgap'),
  serverRoles: docs('Managing server roles', 'installation/server-roles'),
  managed: code('choice of the datastore', 'pkg/cluster/managed.go'),
  bootstrap: code('bootstrap data in the datastore', 'pkg/cluster/bootstrap.go'),
  configParser: code('config file parser', 'pkg/configfilearg/parser.go'),
  installScript: code('install script', 'install.sh'),
  snapshotCode: code('etcd snapshots', 'pkg/etcd/snapshot.go'),
  s3Code: code('upload of snapshots to S3', 'pkg/etcd/s3/s3.go'),
  kine: { label: 'kine: datastore drivers', url: 'https://github.com/k3s-io/kine/tree/master/pkg/drivers' },
  mysqlDsn: {
    label: 'go-sql-driver: data source name',
    url: 'https://github.com/go-sql-driver/mysql#dsn-data-source-name',
  },
  goUrl: { label: 'Go: net/url', url: 'https://pkg.go.dev/net/url#Parse' },
  cronSyntax: {
    label: 'robfig/cron: cron expressions',
    url: 'https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format',
  },
  etcdFaq: {
    label: 'etcd: why an odd number of members',
    url: 'https://etcd.io/docs/v3.6/faq/#why-an-odd-number-of-cluster-members',
  },
  mysqlTls: { label: 'K3s issue 1093: tls in a MySQL endpoint', url: 'https://github.com/k3s-io/k3s/issues/1093' },
  kubernetesReleases: { label: 'Kubernetes: patch releases', url: 'https://kubernetes.io/releases/patch-releases/' },
  versionSkew: { label: 'Kubernetes: version skew policy', url: 'https://kubernetes.io/releases/version-skew-policy/' },
  chinaDocs: {
    label: 'K3s docs (Chinese): install script on the mirror in China',
    url: 'https://docs.k3s.io/zh/quick-start',
  },
  nodeNames: {
    label: 'Kubernetes: object names',
    url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names',
  },
  nodeLabels: {
    label: 'Kubernetes: labels that a kubelet may set',
    url: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction',
  },
  taints: {
    label: 'Kubernetes: taints and tolerations',
    url: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  },
} as const;

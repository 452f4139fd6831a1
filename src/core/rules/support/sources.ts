import type { Rule } from '../rule';

type Source = Rule['sources'][number];

const docs = (label: string, page: string): Source => ({ label: `K3s docs: ${label}`, url: `https://docs.k3s.io/${page}` });
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
  requirements: docs('Requirements', 'installation/requirements'),
  configuration: docs('Configuration options', 'installation/configuration'),
  serverOptions: docs('k3s server', 'cli/server'),
  agentOptions: docs('k3s agent', 'cli/agent'),
  token: docs('k3s token', 'cli/token'),
  network: docs('Basic network options', 'networking/basic-network-options'),
  manualUpgrade: docs('Manual upgrades', 'upgrades/manual'),
  serverRoles: docs('Managing server roles', 'installation/server-roles'),
  managed: code('choice of the datastore', 'pkg/cluster/managed.go'),
  bootstrap: code('bootstrap data in the datastore', 'pkg/cluster/bootstrap.go'),
  configParser: code('config file parser', 'pkg/configfilearg/parser.go'),
  installScript: code('install script', 'install.sh'),
  kine: { label: 'kine: datastore drivers', url: 'https://github.com/k3s-io/kine/tree/master/pkg/drivers' },
  mysqlDsn: { label: 'go-sql-driver: data source name', url: 'https://github.com/go-sql-driver/mysql#dsn-data-source-name' },
  chinaDocs: { label: 'K3s docs (Chinese): install script on the mirror in China', url: 'https://docs.k3s.io/zh/quick-start' },
  nodeNames: {
    label: 'Kubernetes: object names',
    url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names',
  },
  taints: {
    label: 'Kubernetes: taints and tolerations',
    url: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  },
} as const;

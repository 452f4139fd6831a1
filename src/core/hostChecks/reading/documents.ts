import { SOURCES } from '../../rules/reading/sources';

/** The documents that the checks of hosts rest on, beside those of the rules. */
export const DOCUMENTS = {
  requirements: SOURCES.requirements,
  etcdSpace: {
    label: 'etcd: Maintenance, space quota',
    url: 'https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota',
  },
  etcdFullReport: { label: 'K3s issue 5331: etcd is full', url: 'https://github.com/k3s-io/k3s/issues/5331' },
  compactionReport: {
    label: 'kine issue 721: compaction fails with MariaDB',
    url: 'https://github.com/k3s-io/kine/issues/721',
  },
  tunnelReport: {
    label: 'K3s issue 13279: failed to find Session for client',
    url: 'https://github.com/k3s-io/k3s/issues/13279',
  },
  advertiseReport: {
    label: 'K3s issue 10252: advertise-address of a load balancer',
    url: 'https://github.com/k3s-io/k3s/issues/10252',
  },
  knownIssues: SOURCES.knownIssues,
  airGap: SOURCES.airGap,
  agentOptions: SOURCES.agentOptions,
  network: SOURCES.network,
  installScript: SOURCES.installScript,
  nodeNames: SOURCES.nodeNames,
  networkingServices: {
    label: 'K3s docs: Networking services',
    url: 'https://docs.k3s.io/networking/networking-services',
  },
  advanced: SOURCES.advanced,
  cgroups: { label: 'Kubernetes: About cgroup v2', url: 'https://kubernetes.io/docs/concepts/architecture/cgroups/' },
  kernels: {
    label: 'Kubernetes: Kernel version requirements',
    url: 'https://kubernetes.io/docs/reference/node/kernel-version-requirements/',
  },
  certificates: { label: 'K3s docs: k3s certificate', url: 'https://docs.k3s.io/cli/certificate' },
  clock: {
    label: 'systemd: timedatectl',
    url: 'https://www.freedesktop.org/software/systemd/man/latest/timedatectl.html',
  },
  swap: {
    label: 'Kubernetes: Swap memory management',
    url: 'https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/',
  },
  flush: {
    label: 'firewalld: firewalld.conf',
    url: 'https://firewalld.org/documentation/man-pages/firewalld.conf.html',
  },
  flushReport: {
    label: 'K3s issue 7542: a reload of firewalld cuts the network',
    url: 'https://github.com/k3s-io/k3s/issues/7542',
  },
  kubeVipNodes: {
    label: 'kube-vip issue 1288: addresses of nodes on one machine',
    url: 'https://github.com/kube-vip/kube-vip/issues/1288',
  },
  movedServer: {
    label: 'K3s issue 11778: the address of a server changed',
    url: 'https://github.com/k3s-io/k3s/issues/11778',
  },
  otherOperatorReport: {
    label: 'Rancher issue 46246: a plan puts the old release back',
    url: 'https://github.com/rancher/rancher/issues/46246',
  },
  kured: { label: 'kured: Operation', url: 'https://kured.dev/docs/operation/' },
  twoUnits: {
    label: 'k3s-ansible issue 504: two units on one machine',
    url: 'https://github.com/k3s-io/k3s-ansible/issues/504',
  },
  appArmor: { label: 'Kubernetes: AppArmor', url: 'https://kubernetes.io/docs/tutorials/security/apparmor/' },
  etcdDisks: { label: 'etcd: hardware recommendations', url: 'https://etcd.io/docs/v3.6/op-guide/hardware/#disks' },
  machineId: {
    label: 'systemd: machine-id',
    url: 'https://www.freedesktop.org/software/systemd/man/latest/machine-id.html',
  },
} as const;

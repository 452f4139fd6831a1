import { parseCidr } from '../../core/k3s/cidr';
import type { K3sConfig } from './config';

const BACKENDS = ['none', 'vxlan', 'host-gw', 'wireguard-native', 'tailscale'];

/** Labels below kubernetes.io and k8s.io that a kubelet may set on itself. */
const ALLOWED_LABEL =
  /^(?:(?:[^/]*\.)?(?:kubelet|node)\.(?:kubernetes|k8s)\.io\/|kubernetes\.io\/(?:hostname|arch|os|instance-type)$|(?:topology|failure-domain\.beta|beta)\.kubernetes\.io\/)/;

/** Checks of the configuration alone, before anything is opened. The text of the fatal message, or undefined. */
export function configProblem(config: K3sConfig): string | undefined {
  return (config.role === 'server' ? serverProblem(config) : undefined) ?? nodeProblem(config);
}

function serverProblem(config: K3sConfig): string | undefined {
  const endpoint = config.text('datastore-endpoint');
  const external = endpoint !== undefined && endpoint !== '';
  if (external && config.flag('disable-apiserver'))
    return 'invalid flag use; cannot use --disable-apiserver with --datastore-endpoint';
  if (external && config.flag('disable-etcd'))
    return 'invalid flag use; cannot use --disable-etcd with --datastore-endpoint';
  if (config.flag('disable-etcd') && config.text('server') === undefined)
    return 'invalid flag use; --server is required with --disable-etcd';
  for (const name of ['cluster-cidr', 'service-cidr']) {
    const wrong = config.list(name).find((cidr) => parseCidr(cidr) === undefined);
    if (wrong !== undefined) return `invalid ${name} ${wrong}: invalid CIDR address: ${wrong}`;
  }
  const backend = config.text('flannel-backend');
  if (backend !== undefined && !BACKENDS.includes(backend))
    return `Cannot configure unknown flannel backend '${backend}'`;
  return undefined;
}

function nodeProblem(config: K3sConfig): string | undefined {
  const taint = config
    .list('node-taint')
    .find((text) => !/^[^=:,]+(=[^:,]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/.test(text));
  if (taint !== undefined) return `failed to parse node taints: invalid taint spec: ${taint}`;
  const refused = config
    .list('node-label')
    .map((label) => label.split('=')[0] ?? '')
    .filter((key) => /(^|\.)(kubernetes|k8s)\.io\//.test(key) && !ALLOWED_LABEL.test(key));
  if (refused.length === 0) return undefined;
  return `unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${refused.join(' ')}]\n--node-labels in the 'kubernetes.io' namespace must begin with an allowed prefix (kubelet.kubernetes.io, node.kubernetes.io) or be in the specifically allowed set`;
}

/** How K3s names a value that differs: of a network the first byte, counted as in a 16 byte address, or the first of its mask. */
export function mismatchTag(name: string, theirs: string | undefined, ours: string): string {
  const field = name === 'cluster-cidr' ? 'ClusterIPRange' : name === 'service-cidr' ? 'ServiceIPRange' : undefined;
  const [one, other] = [theirs ?? '', ours].map((cidr) => /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/\d+$/.exec(cidr)?.slice(1));
  if (field === undefined || one === undefined || other === undefined) return name;
  const byte = one.findIndex((value, i) => value !== other[i]);
  return byte < 0 ? `${field}.Mask` : `${field}.IP.slice[${12 + byte}]`;
}

/** The values that K3s compares when a server joins, by the tag that it logs. https://docs.k3s.io/cli/server#critical-configuration-values */
export function criticalValues(config: K3sConfig): ReadonlyMap<string, string> {
  const text = (name: string, fallback: string): [string, string] => [name, config.list(name).join(',') || fallback];
  const flag = (name: string): [string, string] => [name, String(config.flag(name))];
  return new Map([
    text('cluster-cidr', '10.42.0.0/16'),
    text('service-cidr', '10.43.0.0/16'),
    text('cluster-dns', '10.43.0.10'),
    text('cluster-domain', 'cluster.local'),
    text('egress-selector-mode', 'agent'),
    text('flannel-backend', 'vxlan'),
    text('secrets-encryption-provider', 'aescbc'),
    ...[
      'disable-cloud-controller',
      'disable-helm-controller',
      'disable-network-policy',
      'embedded-registry',
      'flannel-external-ip',
      'flannel-ipv6-masq',
      'secrets-encryption',
      'supervisor-metrics',
    ].map(flag),
    ['disable-service-lb', String(config.list('disable').includes('servicelb'))],
  ]);
}

import type { InstallCommand, Login, OptionValue, Reading, SourceText } from '../installCommand';
import { quotedList } from '../quoted';
import { listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';

type Data = Readonly<Record<string, unknown>>;

/** The file of hetzner-k3s, as far as it says something about K3s. https://github.com/vitobotta/hetzner-k3s */
export const hetznerK3s: Reader = {
  name: 'a hetzner-k3s file',
  claims: ({ text }) =>
    /^(?:masters_pool|worker_node_pools|hetzner_token)[ \t]*:/m.test(text) && recordOf(readYaml(text)) !== undefined,
  read(sources) {
    const read = sources.map(readOne);
    return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
  },
};

const READ =
  /^(?:cluster_name|k3s_version|masters_pool|worker_node_pools|networking|datastore|schedule_workloads_on_masters|addons|embedded_registry_mirror|\w+_args|cluster_(?:cidr|dns|domain)|service_cidr|(?:private|public)_ssh_key_path|api_server_hostname)$/;

const ARGUMENTS: Readonly<Record<string, string>> = {
  kube_api_server_args: 'kube-apiserver-arg',
  kube_scheduler_args: 'kube-scheduler-arg',
  kube_controller_manager_args: 'kube-controller-manager-arg',
  kube_cloud_controller_manager_args: 'kube-cloud-controller-manager-arg',
  kubelet_args: 'kubelet-arg',
  kube_proxy_args: 'kube-proxy-arg',
};

function readOne({ text }: SourceText): Reading {
  const data = recordOf(readYaml(text)) ?? {};
  const name = scalarOf(data['cluster_name']) ?? 'cluster';
  const version = scalarOf(data['k3s_version']);
  const networking = recordOf(data['networking']) ?? {};
  const masters = recordOf(data['masters_pool']) ?? {};
  const base = {
    env: (version === undefined ? {} : { INSTALL_K3S_VERSION: version }) as Record<string, string>,
    ssh: login(data, networking),
    clusterName: name,
    notes: [],
  };
  const forAll = Object.fromEntries(['kubelet_args', 'kube_proxy_args'].flatMap((key) => argument(data, key)));
  const places = listOf(masters['locations'] ?? masters['location']).flatMap((place) => scalarOf(place) ?? []);
  const server = { ...serverOptions(data, networking), ...forAll };
  const external = server['datastore-endpoint'] !== undefined;
  const servers = Array.from({ length: counted(masters) }, (_none, index): InstallCommand => {
    const zone = places[index % Math.max(places.length, 1)];
    return {
      ...base,
      role: 'server',
      options: {
        'node-name': `${name}-master${index + 1}`,
        ...(index === 0 && !external ? { 'cluster-init': true } : {}),
        ...server,
        ...poolOptions(masters),
      },
      ...(zone === undefined ? {} : { zone }),
    };
  });
  const agents = listOf(data['worker_node_pools']).flatMap((entry) => {
    const pool = recordOf(entry) ?? {};
    const zone = scalarOf(pool['location']);
    return Array.from({ length: counted(pool) }, (_none, index): InstallCommand => ({
      ...base,
      role: 'agent',
      options: {
        'node-name': `${name}-pool-${scalarOf(pool['name']) ?? 'workers'}-worker${index + 1}`,
        ...forAll,
        ...poolOptions(pool),
      },
      ...(zone === undefined ? {} : { zone }),
    }));
  });
  const left = Object.entries(data).filter(([key]) => !READ.test(key));
  return {
    commands: [...servers, ...agents],
    notes: [
      'hetzner-k3s creates its machines; K3s HA works on machines that are there. Fill in their addresses.',
      ...autoscaled(data),
      ...(left.length === 0
        ? []
        : [
            `Settings of hetzner-k3s that say nothing to K3s HA, and were not taken over: ${quotedList(left.map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`))}.`,
          ]),
    ],
  };
}

function counted(pool: Data): number {
  return Math.min(Number(scalarOf(pool['instance_count']) ?? 0) || 0, 600);
}

function login(data: Data, networking: Data): Login {
  const ssh = recordOf(networking['ssh']) ?? {};
  const key = scalarOf(ssh['private_key_path']) ?? scalarOf(data['private_ssh_key_path']);
  const port = Number(scalarOf(ssh['port']) ?? 22);
  return {
    user: 'root',
    ...(key === undefined ? {} : { identityFile: key }),
    ...(port === 22 || Number.isNaN(port) ? {} : { port }),
  };
}

function serverOptions(data: Data, networking: Data): Record<string, OptionValue> {
  const store = recordOf(data['datastore']) ?? {};
  const endpoint = store['mode'] === 'external' ? scalarOf(store['external_datastore_endpoint']) : undefined;
  const etcd = recordOf(store['etcd']) ?? {};
  const cni = recordOf(networking['cni']) ?? {};
  const ownCni = scalarOf(cni['mode']) ?? 'flannel';
  const addons = recordOf(data['addons']) ?? {};
  const off = ['traefik', 'servicelb', 'metrics_server'].filter(
    (addon) => recordOf(addons[addon])?.['enabled'] !== true,
  );
  const network = (key: string): string | undefined => scalarOf(networking[key]) ?? scalarOf(data[key]);
  const san = scalarOf(data['api_server_hostname']);
  const given: Record<string, OptionValue | undefined> = {
    'datastore-endpoint': endpoint,
    'disable-cloud-controller': true,
    disable: [...off.map((addon) => addon.replace('_', '-')), 'local-storage'],
    'cluster-cidr': network('cluster_cidr') ?? '10.244.0.0/16',
    'service-cidr': network('service_cidr'),
    'cluster-dns': network('cluster_dns'),
    'cluster-domain': network('cluster_domain'),
    // Another network has policies of its own.
    'disable-network-policy': ownCni === 'flannel' ? undefined : true,
    'flannel-backend': ownCni !== 'flannel' ? 'none' : cni['encryption'] === true ? 'wireguard-native' : undefined,
    'node-taint': data['schedule_workloads_on_masters'] === true ? undefined : ['CriticalAddonsOnly=true:NoExecute'],
    'etcd-snapshot-retention': scalarOf(etcd['snapshot_retention']),
    'etcd-snapshot-schedule-cron': scalarOf(etcd['snapshot_schedule_cron']),
    ...(etcd['s3_enabled'] === true
      ? {
          'etcd-s3': true,
          ...Object.fromEntries(
            ['endpoint', 'region', 'bucket', 'access_key', 'secret_key', 'folder'].map((key) => [
              `etcd-s3-${key.replace('_', '-')}`,
              scalarOf(etcd[`s3_${key}`]),
            ]),
          ),
        }
      : {}),
    'embedded-registry':
      recordOf(addons['embedded_registry_mirror'] ?? data['embedded_registry_mirror'])?.['enabled'] === true
        ? true
        : undefined,
    'tls-san': san === undefined ? undefined : [san],
    ...Object.fromEntries(
      Object.keys(ARGUMENTS)
        .filter((key) => !/^kube(?:let|_proxy)_/.test(key))
        .flatMap((key) => argument(data, key)),
    ),
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function argument(data: Data, key: string): [string, readonly string[]][] {
  const items = listOf(data[key]).flatMap((item) => scalarOf(item) ?? []);
  return items.length === 0 ? [] : [[ARGUMENTS[key] ?? key, items]];
}

function poolOptions(pool: Data): Record<string, OptionValue> {
  const pairs = (key: string): string[] =>
    listOf(pool[key]).flatMap((item) => {
      const entry = recordOf(item);
      return entry === undefined
        ? (scalarOf(item) ?? [])
        : `${scalarOf(entry['key']) ?? ''}=${scalarOf(entry['value']) ?? ''}`;
    });
  const [labels, taints] = [pairs('labels'), pairs('taints')];
  return {
    ...(labels.length === 0 ? {} : { 'node-label': labels }),
    ...(taints.length === 0 ? {} : { 'node-taint': taints }),
  };
}

function autoscaled(data: Data): readonly string[] {
  const pools = listOf(data['worker_node_pools']).flatMap((entry) => {
    const pool = recordOf(entry) ?? {};
    return recordOf(pool['autoscaling'])?.['enabled'] === true ? [scalarOf(pool['name']) ?? 'without a name'] : [];
  });
  return pools.map(
    (pool) => `The pool "${pool}" has machines that come and go by themselves: a cluster file has no such machines.`,
  );
}

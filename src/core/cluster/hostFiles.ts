import type { Path } from '../base/path';
import { DEFAULT_REGISTRIES_PATH } from '../k3s/paths';
import { shownRegistries } from '../k3s/registries';
import type { Cluster, ClusterNode, DatastoreUpload, LoadBalancer } from './cluster';
import { leadsOutside } from './installScript';
import { dataDir, optionText } from './options';
import { servesApi } from './roles';

/** What a file is, which decides what is checked before it is sent. */
export type HostFileKind =
  'ca' | 'certificate' | 'key' | 'registries' | 'manifest' | 'hook' | 'file' | 'binary' | 'images' | 'record';

/** Where the content of a file comes from. */
export type HostFileSource =
  /** A file of this machine; of manifests also a pattern for the names of several. */
  | { readonly kind: 'local'; readonly from: string }
  /** What the cluster file says, with references still in it, and as it may be shown. */
  | { readonly kind: 'written'; readonly data: Readonly<Record<string, unknown>>; readonly shown: string }
  /** The manifest of kube-vip that the settings of the load balancer give. */
  | { readonly kind: 'kube-vip'; readonly loadBalancer: LoadBalancer };

/** A file beside config.yaml that belongs on a host. */
export interface HostFile {
  readonly source: HostFileSource;
  /** Absolute path on the host; of a manifest the folder. */
  readonly to: string;
  /** Octal, four digits. */
  readonly mode: string;
  readonly owner?: string;
  readonly kind: HostFileKind;
  /** K3s reads it only when it starts. */
  readonly restart: boolean;
  /** The key of the cluster file that asks for it, e.g. `datastore.keyFile`. */
  readonly use: string;
  /** Where that stands in the cluster file. */
  readonly path: Path;
}

const KINDS = { caFile: 'ca', certFile: 'certificate', keyFile: 'key' } as const;

const PRIVATE = '0600';

/** The files that belong on a node, in the order in which they are laid down. */
export function hostFiles(cluster: Cluster, node: ClusterNode): readonly HostFile[] {
  return [
    ...datastoreUploads(cluster, node),
    ...registriesOf(cluster, node),
    ...(node.files ?? []).map(({ from, ...file }): HostFile => ({
      ...file,
      source: { kind: 'local', from },
      kind: 'file',
      use: 'files',
    })),
    ...manifestsOf(cluster, node),
  ];
}

function datastoreUploads({ datastore }: Cluster, { role }: ClusterNode): readonly HostFile[] {
  if (role === 'agent') return [];
  return (datastore.uploads ?? []).map(({ key, from, to }) => ({
    source: { kind: 'local', from },
    to,
    mode: PRIVATE,
    kind: KINDS[key],
    restart: true,
    use: `datastore.${key}`,
    path: ['datastore', key],
  }));
}

/** https://docs.k3s.io/installation/private-registry */
function registriesOf(cluster: Cluster, node: ClusterNode): readonly HostFile[] {
  const { registries } = cluster;
  if (registries === undefined) return [];
  const isFile = registries.kind === 'file';
  const source: HostFileSource = isFile
    ? { kind: 'local', from: registries.from }
    : { kind: 'written', data: registries.data, shown: shownRegistries(registries.data) };
  const use = isFile ? 'registries.file' : 'registries';
  const to = optionText(cluster, node, 'private-registry') ?? DEFAULT_REGISTRIES_PATH;
  return [{ source, to, mode: PRIVATE, kind: 'registries', restart: true, use, path: use.split('.') }];
}

/**
 * Every server that applies manifests gets the same ones: each watches its own folder, and servers with different files
 * undo each other's work. https://docs.k3s.io/installation/packaged-components#auto-deploying-manifests-addons
 */
function manifestsOf(cluster: Cluster, node: ClusterNode): readonly HostFile[] {
  if (node.role === 'agent' || !servesApi(cluster, node)) return [];
  const common = { to: manifestFolder(cluster, node), mode: PRIVATE, kind: 'manifest', restart: false } as const;
  const { loadBalancer } = cluster;
  return [
    ...(loadBalancer?.type === 'kube-vip'
      ? [
          {
            ...common,
            source: { kind: 'kube-vip', loadBalancer } as const,
            use: 'loadBalancer',
            path: ['loadBalancer', 'type'],
          },
        ]
      : []),
    ...(cluster.manifests ?? []).map((from, index) => ({
      ...common,
      source: { kind: 'local', from } as const,
      use: 'manifests',
      path: ['manifests', index],
    })),
  ];
}

/** The folder whose manifests K3s applies. */
export function manifestFolder(cluster: Pick<Cluster, 'k3s'>, node: ClusterNode): string {
  return `${dataDir(cluster, node)}/server/manifests`;
}

/**
 * Whether a person has to agree before a file goes to a host: what holds a secret by its kind, and whatever did not come
 * with the cluster file, because its path leads out of the folder or into something hidden such as `.env` or `.git`.
 */
export function needsAgreement(from: string, kind: HostFileKind): boolean {
  if (kind === 'key' || kind === 'registries') return true;
  return leadsOutside(from) || from.split(/[/\\]/).some((part) => /^\.(?!\.?$)/.test(part));
}

/** A TLS file of the datastore that has to be on a server. */
interface ExpectedFile {
  readonly key: DatastoreUpload['key'];
  readonly path: string;
}

/** Files that K3s on a node will look for and that nobody brings there: absolute paths of `datastore:` and of `config:`. */
export function expectedFiles(cluster: Cluster, node: ClusterNode): readonly ExpectedFile[] {
  if (node.role === 'agent') return [];
  const sent = new Set(hostFiles(cluster, node).map(({ to }) => to));
  return (Object.keys(KINDS) as DatastoreUpload['key'][]).flatMap((key) => {
    const path = cluster.datastore[key];
    return path?.startsWith('/') === true && !sent.has(path) ? [{ key, path }] : [];
  });
}

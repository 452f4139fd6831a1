import { json, type Reply } from './reply';

interface Resource {
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly short?: string;
}

const resource = (name: string, kind: string, namespaced: boolean, short?: string): Resource => ({
  name,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
  ...(short === undefined ? {} : { short }),
});

/** What the practice API knows, by group and version. Lists of what is not simulated are empty. */
const GROUPS: Readonly<Record<string, readonly Resource[]>> = {
  v1: [
    resource('nodes', 'Node', false, 'no'),
    resource('namespaces', 'Namespace', false, 'ns'),
    resource('pods', 'Pod', true, 'po'),
    resource('persistentvolumes', 'PersistentVolume', false, 'pv'),
    resource('events', 'Event', true, 'ev'),
    resource('services', 'Service', true, 'svc'),
    resource('endpoints', 'Endpoints', true, 'ep'),
    resource('configmaps', 'ConfigMap', true, 'cm'),
    resource('secrets', 'Secret', true),
  ],
  'apps/v1': [resource('daemonsets', 'DaemonSet', true, 'ds'), resource('deployments', 'Deployment', true, 'deploy')],
  'coordination.k8s.io/v1': [resource('leases', 'Lease', true)],
  'policy/v1': [resource('poddisruptionbudgets', 'PodDisruptionBudget', true, 'pdb')],
  'events.k8s.io/v1': [resource('events', 'Event', true, 'ev')],
};

/** Discovery documents: which groups, versions and resources there are; undefined when `path` is no such document. */
export function discovery(path: string, advertise: string): Reply | undefined {
  if (path === '/api')
    return json({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: advertise }],
    });
  if (path === '/apis')
    return json({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: Object.keys(GROUPS)
        .filter((name) => name !== 'v1')
        .map(group),
    });
  const name = path === '/api/v1' ? 'v1' : path.startsWith('/apis/') ? path.slice('/apis/'.length) : undefined;
  if (name === undefined) return undefined;
  const resources = GROUPS[name];
  if (resources !== undefined) {
    const verbs = ['delete', 'get', 'list', 'patch', 'watch'];
    return json({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: name,
      resources: resources.map(({ short, singular, ...rest }) => ({
        ...rest,
        singularName: singular,
        verbs,
        ...(short === undefined ? {} : { shortNames: [short] }),
      })),
    });
  }
  const whole = Object.keys(GROUPS).find((known) => known.startsWith(`${name}/`));
  return whole === undefined ? undefined : json({ kind: 'APIGroup', apiVersion: 'v1', ...group(whole) });
}

function group(groupVersion: string): Record<string, unknown> {
  const [name = '', version = ''] = groupVersion.split('/');
  return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
}

export interface ResourcePath {
  readonly groupVersion: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Takes `/api/v1/namespaces/x/pods/y` apart; undefined for resources that are not there. */
export function resourcePath(path: string): ResourcePath | undefined {
  const match =
    /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/status)?$/.exec(
      path,
    );
  const groupVersion = match?.[1] ?? match?.[2];
  const known = groupVersion === undefined ? undefined : GROUPS[groupVersion]?.find(({ name }) => name === match?.[4]);
  if (match === null || groupVersion === undefined || known === undefined) return undefined;
  const [, , , namespace, , name] = match;
  return {
    groupVersion,
    resource: known.name,
    kind: known.kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name: decodeURIComponent(name) }),
  };
}

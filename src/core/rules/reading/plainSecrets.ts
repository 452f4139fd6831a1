import { later, said } from '../../base/say';
import type { Path } from '../../base/path';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { isLiteralSecret, listReferences } from '../../cluster/references';
import type { TextRange } from '../../base/text';
import type { RuleContext } from '../rule';
import { isFilledIn } from './blanks';
import { writtenOptions } from './places';
import { isMap, valueAt } from './read';
import { slug } from '../../base/names';
import { scalarText } from '../../cluster/configValue';

/** A secret that is written out in the file. */
interface PlainSecret {
  readonly path: Path;
  /** The whole value at `path`. */
  readonly text: string;
  /** The secret inside `text`. */
  readonly range: TextRange;
  /** What it is, and what it lets its finder do. */
  readonly what: string;
  readonly harm: string;
  /** Proposed name for the secret store. */
  readonly name: string;
}

const JOIN = later`join machines to the cluster and read everything in it`;
const DATABASE = later`read and change the cluster's data`;

interface Kind {
  readonly what: string;
  readonly harm: string;
}

const OPTIONS: Readonly<Record<string, Kind>> = {
  token: { what: later`The cluster token`, harm: JOIN },
  'agent-token': { what: later`The agent token`, harm: later`join agents to the cluster` },
  'vpn-auth': { what: later`The VPN key`, harm: later`enter the nodes' private network` },
  'etcd-s3-access-key': { what: later`The S3 access key`, harm: later`reach the etcd snapshots` },
  'etcd-s3-secret-key': {
    what: later`The S3 secret key`,
    harm: later`read the etcd snapshots, which hold every secret of the cluster`,
  },
  'etcd-s3-session-token': {
    what: later`The S3 session token`,
    harm: later`read the etcd snapshots, which hold every secret of the cluster`,
  },
};

const ENVIRONMENT: Readonly<Record<string, Kind>> = {
  K3S_TOKEN: { what: later`The cluster token`, harm: JOIN },
  K3S_AGENT_TOKEN: { what: later`The agent token`, harm: later`join agents to the cluster` },
  AWS_ACCESS_KEY_ID: { what: later`The S3 access key`, harm: later`reach the etcd snapshots` },
  AWS_SECRET_ACCESS_KEY: {
    what: later`The S3 secret key`,
    harm: later`read the etcd snapshots, which hold every secret of the cluster`,
  },
};

const REGISTRY: Readonly<Record<string, Kind>> = {
  password: { what: later`The password of a registry`, harm: later`pull and push images in your name` },
  auth: { what: later`The login of a registry`, harm: later`pull and push images in your name` },
  identity_token: { what: later`The token of a registry`, harm: later`pull and push images in your name` },
};

const SSH: Readonly<Record<string, Kind & { readonly slug: string }>> = {
  password: { what: later`The SSH password`, harm: later`log in to the hosts`, slug: 'ssh-password' },
  passphrase: {
    what: later`The passphrase of the SSH key`,
    harm: later`use the key, if they have it, to log in to the hosts`,
    slug: 'ssh-passphrase',
  },
  sudoPassword: { what: later`The sudo password`, harm: later`become root on the hosts`, slug: 'sudo-password' },
};

const VRRP: Kind = { what: later`The password of keepalived`, harm: later`take the fixed address over` };

/** Every secret that stands in the file as plain text. */
export function plainSecrets(context: RuleContext): readonly PlainSecret[] {
  const { cluster, document } = context;
  const base = slug(cluster.name) || 'cluster';
  const at = (path: Path, kind: Kind, name: string, part?: TextRange): PlainSecret[] => {
    const text = scalarText(valueAt(document.data, path));
    if (text === undefined) return [];
    const range = part ?? { start: 0, end: text.length };
    const secret = text.slice(range.start, range.end);
    if (!isLiteralSecret(secret) || !isFilledIn(secret, 'token')) return [];
    return [{ path, text, range, what: said(kind.what), harm: said(kind.harm), name: `${base}-${slug(name)}` }];
  };
  const ssh = (path: Path, owner: string): PlainSecret[] =>
    Object.entries(SSH).flatMap(([name, kind]) => at([...path, name], kind, `${owner}${kind.slug}`));
  const options = writtenOptions(context).flatMap(({ name, path, role, value }) => {
    const owner = path[1] === 'nodes' ? `${ownerName(context, path)}-` : role === 'agent' ? 'agents-' : '';
    const kind = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (kind !== undefined) return at(path, kind, `${owner}${name}`);
    return name === 'datastore-endpoint' ? endpoint(at, path, scalarText(value), `${owner}db-password`) : [];
  });
  const env = valueAt(document.data, ['k3s', 'install', 'env']);
  const variables = Object.entries(isMap(env) ? env : {}).flatMap(([name, value]) => {
    const path = ['k3s', 'install', 'env', name];
    const kind = Object.hasOwn(ENVIRONMENT, name) ? ENVIRONMENT[name] : undefined;
    if (kind !== undefined) return at(path, kind, name.replace(/^K3S_/, ''));
    if (name === 'K3S_DATASTORE_ENDPOINT') return endpoint(at, path, scalarText(value), 'db-password');
    return /_proxy$/i.test(name) ? proxy(at, path, scalarText(value)) : [];
  });
  const nodes = (['servers', 'agents', 'loadBalancer'] as const).flatMap((section) => {
    const entries = valueAt(document.data, [section, 'nodes']);
    return Array.isArray(entries)
      ? entries.flatMap((_, i) => ssh([section, 'nodes', i, 'ssh'], `${ownerName(context, [section, 'nodes', i])}-`))
      : [];
  });
  const configs = valueAt(document.data, ['registries', 'configs']);
  const registries = Object.keys(isMap(configs) ? configs : {}).flatMap((host) =>
    Object.entries(REGISTRY).flatMap(([name, kind]) =>
      at(['registries', 'configs', host, 'auth', name], kind, `registry-${slug(host)}-${name}`),
    ),
  );
  const datastore: Path = ['datastore', 'endpoint'];
  return [
    ...at(['token'], OPTIONS['token'] ?? { what: '', harm: '' }, 'token'),
    ...endpoint(at, datastore, scalarText(valueAt(document.data, datastore)), 'db-password'),
    ...at(['loadBalancer', 'vrrp', 'password'], VRRP, 'vrrp'),
    ...registries,
    ...ssh(['ssh'], ''),
    ...nodes,
    ...options,
    ...variables,
  ];
}

type At = (path: Path, kind: Kind, name: string, part?: TextRange) => PlainSecret[];

function endpoint(at: At, path: Path, text: string | undefined, name: string): readonly PlainSecret[] {
  const password = text === undefined ? undefined : parseDatastoreEndpoint(text).password;
  return password === undefined ? [] : at(path, { what: later`The database password`, harm: DATABASE }, name, password);
}

function proxy(at: At, path: Path, text: string | undefined): readonly PlainSecret[] {
  const match = /^[a-z]+:\/\/[^:@/]*:([^@]+)@/i.exec(text ?? '');
  const secret = match?.[1];
  if (match === null || secret === undefined) return [];
  const end = match[0].length - 1;
  return at(path, { what: later`The proxy password`, harm: later`use the proxy in your name` }, 'proxy-password', {
    start: end - secret.length,
    end,
  });
}

function ownerName({ document }: RuleContext, path: Path): string {
  const entry = path.slice(0, 3);
  return (
    scalarText(valueAt(document.data, [...entry, 'name'])) ??
    scalarText(valueAt(document.data, [...entry, 'host'])) ??
    `node-${String(path[2])}`
  );
}

/** A name that the file does not use for something else yet. */
export function freeName(text: string, wanted: string): string {
  const used = new Set(listReferences(text).map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!used.has(name)) return name;
  }
}

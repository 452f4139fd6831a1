import { parseDatastoreEndpoint } from '../../core/datastore/endpoint/dsn';
import { registrySecrets } from '../../core/k3s/registries';
import { shownValue } from '../../core/language/shownValue';
import type { Cluster } from '../../core/cluster/cluster';
import { credentialsIn } from '../../core/cluster/installScript';
import { nodesOf } from '../../core/cluster/roles';
import type { ResolvedSecrets } from './resolveSecrets';

/**
 * Secrets that the file holds in plain text, and those inside a value that a reference gave: tokens, the password of the
 * datastore's address, options and variables whose name or value says that they are secret.
 */
export function writtenSecrets(cluster: Cluster, { text }: ResolvedSecrets): string[] {
  const settings = [cluster.k3s.install.env, ...nodesOf(cluster).map(({ config }) => config)].flatMap((block) =>
    Object.entries(block),
  );
  const values = settings.flatMap(([key, value]) =>
    [value]
      .flat()
      .filter((item) => typeof item === 'string')
      .filter((item) => shownValue(key, item) === undefined),
  );
  const passwords = [cluster.token, cluster.loadBalancer?.vrrp?.password].filter((one) => one !== undefined);
  const found = [...passwords, ...values].map(text);
  const { registries } = cluster;
  const logins = registries?.kind === 'written' ? registrySecrets(registries.data).map(text) : [];
  const others = [
    ...logins,
    ...passwordOf(cluster.datastore.endpoint, text),
    ...scriptCredentials(cluster.k3s.install.scriptUrl),
  ];
  return [...new Set([...found, ...others])].filter((value) => value !== '');
}

/** The password of the install script's address, or what stands in its place: a token as the user, or in the query. */
function scriptCredentials(url: string): string[] {
  const [user = '', ...rest] = credentialsIn(url)?.split(':') ?? [];
  return [rest.length === 0 ? user : rest.join(':'), /\?([^#]*)/.exec(url)?.[1] ?? ''];
}

function passwordOf(endpoint: string | undefined, text: (written: string) => string): string[] {
  if (endpoint === undefined) return [];
  const address = text(endpoint);
  const { password } = parseDatastoreEndpoint(address);
  return password === undefined ? [] : [address.slice(password.start, password.end)];
}

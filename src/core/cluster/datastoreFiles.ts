import type { Datastore, DatastoreUpload } from './cluster';

type Written = Readonly<Partial<Record<DatastoreUpload['key'], string>>>;

/**
 * Where servers get TLS files of the datastore. Beside config.yaml and not in the data-dir: K3s owns that and `data-dir`
 * moves it. k3s-uninstall.sh removes the folder, so that no key outlives K3s. The names are constant: a file that is
 * called otherwise here is the same one there. https://github.com/k3s-io/k3s/blob/main/install.sh, create_uninstall
 */
const PLACES: Readonly<Record<DatastoreUpload['key'], string>> = {
  caFile: '/etc/rancher/k3s/k3s-ha/datastore-ca.crt',
  certFile: '/etc/rancher/k3s/k3s-ha/datastore-client.crt',
  keyFile: '/etc/rancher/k3s/k3s-ha/datastore-client.key',
};

/**
 * TLS files of `datastore:` as the servers have them. An absolute path is one of theirs; any other is a file of this machine
 * that goes to them. `config` is what `config:` of the servers says of the same options: it wins, and is never a file of this machine.
 */
export function datastoreFiles(
  block: Written,
  config: Written,
): Pick<Datastore, 'caFile' | 'certFile' | 'keyFile' | 'uploads'> {
  const uploads = (Object.keys(PLACES) as DatastoreUpload['key'][]).flatMap((key) => {
    const from = block[key];
    return from === undefined || from.startsWith('/') || config[key] !== undefined
      ? []
      : [{ key, from, to: PLACES[key] }];
  });
  const sent = Object.fromEntries(uploads.map(({ key, to }) => [key, to]));
  return { ...block, ...config, ...sent, ...(uploads.length === 0 ? {} : { uploads }) };
}

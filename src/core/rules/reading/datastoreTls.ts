import type { Path } from '../../base/path';
import type { TextEdit } from '../../base/text';
import type { ClusterNode } from '../../cluster/cluster';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { inSequence } from '../../document/inSequence';
import type { RuleContext } from '../rule';
import { optionPaths } from './places';
import { valueAt } from './read';
import { scalarText } from '../../cluster/configValue';

const TLS_FILES = {
  ca: { block: 'caFile', option: 'datastore-cafile', variable: 'K3S_DATASTORE_CAFILE', file: 'ca.crt' },
  cert: { block: 'certFile', option: 'datastore-certfile', variable: 'K3S_DATASTORE_CERTFILE', file: 'client.crt' },
  key: { block: 'keyFile', option: 'datastore-keyfile', variable: 'K3S_DATASTORE_KEYFILE', file: 'client.key' },
} as const;

export type TlsFile = keyof typeof TLS_FILES;

/** Where a TLS file of the datastore is given that belongs beside `sibling`: in the datastore block, as an option or as a variable. */
export function tlsFilePath(sibling: Path, tlsFile: TlsFile): Path {
  const { block, option, variable } = TLS_FILES[tlsFile];
  const name = sibling.at(-1);
  return [
    ...sibling.slice(0, -1),
    sibling[0] === 'datastore' ? block : String(name).startsWith('K3S_') ? variable : option,
  ];
}

/** All places where a TLS file of the datastore can be given for the whole cluster. */
export function clusterTlsPaths(tlsFile: TlsFile): readonly Path[] {
  const { block, option, variable } = TLS_FILES[tlsFile];
  return [
    ['datastore', block],
    ['servers', 'config', option],
    ['k3s', 'install', 'env', variable],
  ];
}

/** Names a TLS file whose real path only the user knows; beside an option it is a path on the servers. */
export function addTlsFile(document: ClusterDocument, sibling: Path, tlsFile: TlsFile): readonly TextEdit[] {
  const folder = sibling[0] === 'datastore' ? './certs' : '/etc/rancher/k3s/datastore';
  return setValue(document, tlsFilePath(sibling, tlsFile), `${folder}/${TLS_FILES[tlsFile].file}`);
}

/** Writes another endpoint and names the TLS files. */
export function rewriteWithTls(
  document: ClusterDocument,
  path: Path,
  text: string,
  tlsFiles: readonly TlsFile[],
): readonly TextEdit[] {
  return inSequence(
    document,
    (current) => setValue(current, path, text),
    ...tlsFiles.map((tlsFile) => (current: ClusterDocument) => addTlsFile(current, path, tlsFile)),
  );
}

/** Where the file is named that this server uses for TLS to the datastore; `undefined` when it has none. */
export function tlsFilePlace(context: RuleContext, server: ClusterNode, tlsFile: TlsFile): Path | undefined {
  const { data } = context.document;
  const option = String(tlsFilePath(['servers', 'config', 'datastore-endpoint'], tlsFile).at(-1));
  const candidates = [...optionPaths(context, server, option), ...clusterTlsPaths(tlsFile)];
  return candidates.find((path) => scalarText(valueAt(data, path)) !== undefined);
}

import type { Path } from '../../base/path';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { optionPaths } from '../reading/places';
import { scalarText, valueAt } from '../reading/read';
import { clusterTlsPaths, tlsFilePath, type TlsFile } from './endpoints';

/** Where the file is named that this server uses for TLS to the datastore; `undefined` when it has none. */
export function tlsFilePlace(context: RuleContext, server: ClusterNode, tlsFile: TlsFile): Path | undefined {
  const { data } = context.document;
  const option = String(tlsFilePath(['servers', 'config', 'datastore-endpoint'], tlsFile).at(-1));
  const candidates = [...optionPaths(context, server, option), ...clusterTlsPaths(tlsFile)];
  return candidates.find((path) => scalarText(valueAt(data, path)) !== undefined);
}

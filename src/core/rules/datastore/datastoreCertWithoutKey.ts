import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { formatPath } from '../../base/path';
import { removeEntry } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { addTlsFile, tlsFilePath, type TlsFile, tlsFilePlace } from '../reading/datastoreTls';

export const datastoreCertWithoutKey = defineRule({
  id: 'datastore-cert-without-key',
  severity: 'error',
  title: later`A client certificate for the datastore without its key, or the reverse`,
  rationale: `To prove to the datastore who it is, K3s needs a certificate and the private key that belongs to it. With only one of the two it cannot set up TLS: the server stops before it has reached the datastore.

A CA certificate (\`caFile\`) is a different matter. It verifies the datastore and needs no partner.`,
  sources: [SOURCES.datastore],
  check: (context) =>
    lonelyFiles(context).map(({ path, has, servers }) => ({
      ...firstPlace(context.document, value(path)),
      message: say`${String(path.at(-1))} has no ${String(tlsFilePath(path, missing(has)).at(-1))} beside it: ${nodeLabels(servers)} would stop, because a client certificate is of no use without its private key ("KeyFile and CertFile must both be present").`,
      data: { has },
    })),
  fix: ({ document }, finding) => {
    const has = finding.data?.['has'] === 'key' ? 'key' : 'cert';
    const name = String(tlsFilePath(finding.path, missing(has)).at(-1));
    return [
      {
        title: say`Add ${name} (correct its path)`,
        edits: addTlsFile(document, finding.path, missing(has)),
        safe: false,
      },
      {
        title: say`Remove ${String(finding.path.at(-1))} (connect without a client certificate)`,
        edits: removeEntry(document, finding.path),
        safe: false,
      },
    ];
  },
});

function missing(has: 'cert' | 'key'): TlsFile {
  return has === 'cert' ? 'key' : 'cert';
}

interface LonelyFile {
  readonly path: Path;
  readonly has: 'cert' | 'key';
  readonly servers: readonly ClusterNode[];
}

/** Files without their partner, once for all servers that use the same entry. */
function lonelyFiles(context: RuleContext): readonly LonelyFile[] {
  if (datastoreKind(context.cluster) !== 'external') return [];
  const found = new Map<string, LonelyFile>();
  for (const server of context.cluster.servers) {
    const cert = tlsFilePlace(context, server, 'cert');
    const key = tlsFilePlace(context, server, 'key');
    const path = cert ?? key;
    if (path === undefined || (cert !== undefined && key !== undefined)) continue;
    const known = found.get(formatPath(path))?.servers ?? [];
    found.set(formatPath(path), { path, has: cert === undefined ? 'key' : 'cert', servers: [...known, server] });
  }
  return [...found.values()];
}

import { problem, type Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { parseDatastoreEndpoint } from '../../core/datastore/endpoint/dsn';
import type { CopiedDatastore } from '../../core/datastore/kind';
import { datastoreOfType } from '../../core/datastore/registry';
import { said, say } from '../../core/base/say';
import { shellWord } from '../../core/remote/shell';

/** Why there are no snapshots of a cluster, with the commands that copy its datastore instead; undefined for embedded etcd. */
export function noSnapshotsProblem({ datastore }: Cluster): Problem | undefined {
  const { label, copy, port = 0 } = datastoreOfType(datastore.type);
  if (copy === undefined) return undefined;
  const { save, restore } = copy(copied(datastore.endpoint ?? '', port));
  return problem('no-snapshots', say`K3s saves no snapshots of ${said(label)}`, {
    why: say`Snapshots are copies of etcd in the servers themselves; any other datastore is copied with its own tools.`,
    nextSteps: [
      say`To save a copy: ${save}`,
      say`To restore it: stop K3s on all servers ("systemctl stop k3s"), run ${restore}, and start K3s on one server after another ("systemctl start k3s").`,
      say`Keep the token of the cluster with every copy: the certificate authorities in it are encrypted with the token.`,
    ],
  });
}

/** Where the endpoint leads; what a reference hides, or is not written, is said in capitals. */
function copied(endpoint: string, usual: number): CopiedDatastore {
  const [first] = parseDatastoreEndpoint(endpoint).addresses;
  const [, user] = /:\/\/([^:@/]+)[:@]/.exec(endpoint) ?? [];
  const [, database] = /\/([^/?@]+)(?:\?.*)?$/.exec(endpoint.replace(/^[^:]+:\/\//, '')) ?? [];
  const word = (text: string | undefined, instead: string): string =>
    text === undefined || text.includes('$') || text.includes('\uFFFC') ? instead : shellWord(text);
  return {
    host: word(first?.host, 'HOST'),
    port: first?.port ?? usual,
    user: word(user, 'USER'),
    database: word(database, 'kubernetes'),
  };
}

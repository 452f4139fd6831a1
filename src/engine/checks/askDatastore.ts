import type { Cluster } from '../../core/cluster/cluster';
import { datastoreOfType } from '../../core/datastore/registry';
import type { HostFacts } from '../../core/facts/probe';
import type { HostLook } from '../../core/hostChecks/hostCheck';
import { tokenPassword } from '../../core/k3s/joinToken';
import type { MachineId } from '../../core/plan/step';
import type { Clock, DatabaseClients, RemoteHosts, SecretSource } from '../ports';
import { tryDatastore } from '../planning/datastoreTrial';
import { readLocalFiles, type LocalFileDependencies } from '../planning/localFiles';
import type { Sha256 } from '../planning/sha256';
import { isRunning } from '../planning/starts';
import { runMask } from '../run/mask';
import { resolveSecrets } from '../secrets/resolveSecrets';

/** What it takes to ask a datastore outside of the servers. */
export interface AskedDatastore extends Omit<LocalFileDependencies, 'clock'> {
  readonly databases: DatabaseClients;
  readonly clock: Clock;
  readonly sha256: Sha256;
}

/**
 * What the datastore of a running cluster tells, asked through one server that runs: its journal says only how the last compaction
 * ended. Undefined where no server runs on one, and where a secret or a file that the login takes cannot be read.
 */
export async function askDatastore(
  cluster: Cluster,
  facts: ReadonlyMap<MachineId, HostFacts>,
  { hosts, secrets }: { readonly hosts: RemoteHosts; readonly secrets: SecretSource },
  asked: AskedDatastore,
  signal: AbortSignal | undefined,
): Promise<HostLook['datastore']> {
  const { type, endpoint } = cluster.datastore;
  const server = cluster.servers.find((node) => isRunning(node, facts));
  if (datastoreOfType(type).home !== 'outside' || endpoint === undefined || server === undefined) return undefined;
  const { token } = cluster;
  const resolved = await resolveSecrets([endpoint, ...(token === undefined ? [] : [token])], secrets);
  if (!resolved.ok) return undefined;
  const { text, masks } = resolved.value;
  // Of the files only those of the datastore's own TLS are needed.
  const own = { ...cluster, files: [], manifests: [], hooks: [] };
  const { files } = await readLocalFiles(own, asked);
  const desired = new Map([
    [
      server.id,
      {
        endpoint: text(endpoint),
        ...(token === undefined ? {} : { tokenSha256: asked.sha256(tokenPassword(text(token))) }),
      },
    ],
  ]);
  const tried = await tryDatastore({ cluster, desired, facts }, [server], {
    hosts,
    databases: asked.databases,
    clock: asked.clock,
    files: { files },
    parallel: 1,
    ...(signal === undefined ? {} : { signal }),
  });
  const found = tried.get(server.id);
  if (found?.kind !== 'tried') return undefined;
  const { line } = runMask(masks, hosts);
  const findings = found.findings.map((one) => ({
    ...one,
    says: line(one.says),
    ...(one.why === undefined ? {} : { why: line(one.why) }),
  }));
  return { through: server.id, findings };
}

import type { Step } from '../../core/plan/step';
import type { DatabaseClients, SecretSource } from '../ports';
import { openingServers, refusedPassword } from './datastoreFindings';
import { tryDatastore, type TrialDependencies } from './datastoreTrial';
import type { Situation } from './situation';

export interface DatastoreDependencies extends Omit<TrialDependencies, 'databases'> {
  readonly databases?: DatabaseClients;
  readonly secrets: Pick<SecretSource, 'refused'>;
}

/**
 * Has the servers that these steps start or restart try the datastore. Where nothing is started nobody asks: a database that
 * is slow right now does not stand in the way of a look at a cluster that runs on it.
 */
export async function withDatastore(
  situation: Situation,
  steps: readonly Step[],
  { databases, secrets, ...deps }: DatastoreDependencies,
): Promise<Situation> {
  const servers = databases === undefined ? [] : openingServers(situation, steps);
  if (databases === undefined || servers.length === 0) return situation;
  const datastore = await tryDatastore(situation, servers, { ...deps, databases });
  const tried = datastore.size === 0 ? situation : { ...situation, datastore };
  const refused = refusedPassword(tried);
  if (refused !== undefined) secrets.refused(refused);
  return tried;
}

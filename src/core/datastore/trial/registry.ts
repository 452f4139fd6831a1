import type { DatastoreType } from '../kind';
import { etcdTrial } from './etcdTrial';
import { mysqlTrial } from './mysqlTrial';
import { natsTrial } from './natsTrial';
import { postgresTrial } from './postgresTrial';
import type { DatastoreTrial } from './trial';

/** How each kind outside the servers is tried; apart from the kinds themselves, because an editor that opens a file needs none of it. */
export const TRIALS: readonly DatastoreTrial[] = [mysqlTrial, postgresTrial, etcdTrial, natsTrial];

/** The trial of a kind; undefined for one whose data is on the servers. */
export function trialOf(type: DatastoreType): DatastoreTrial | undefined {
  return TRIALS.find((trial) => trial.type === type);
}

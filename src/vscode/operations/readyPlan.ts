import type { PreparedPlan } from '../../engine/run/prepare';
import type { StoredCluster } from '../clusters/clusterStore';
import type { ClusterStore } from '../clusters/clusterStore';
import type { LocalFile } from '../services/localFile';
import type { Session } from '../services/services';
import type { OfferedOperation } from './offered';

/** A plan with all that is needed to carry it out. Whoever holds it disposes of its session. */
export interface ReadyPlan {
  readonly offered: OfferedOperation;
  readonly file: LocalFile;
  /** The file as it was when the plan was made. */
  readonly state: StoredCluster;
  readonly session: Session;
  readonly prepared: PreparedPlan;
  /** When the hosts were examined, in milliseconds since 1970. */
  readonly examined: number;
}

/** Whether the file says something else now than when the plan was made. */
export async function isOutdated(
  { file, state }: Pick<ReadyPlan, 'file' | 'state'>,
  store: ClusterStore,
): Promise<boolean> {
  return (await store.get(file.uri))?.document.text !== state.document.text;
}

/** `14:02`, as this computer writes it. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

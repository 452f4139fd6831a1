import { say } from '../base/say';
import { TRIAL_IDS } from '../datastore/trial/ids';
import { LIVE_IDS } from '../health/live/liveIds';
import { HOST_CHECK_IDS } from '../hostChecks/ids';

/** What a file has in common with another one. */
export const IN_OTHER_FILE = 'in-other-file';

/** Where a finding of {@link ELSEWHERE_IDS} comes from. */
export function originOf(id: string): string {
  if (id === IN_OTHER_FILE) return say`check of files`;
  if (TRIAL_IDS.some((known) => known === id)) return say`trial of the datastore`;
  return LIVE_IDS.some((known) => known === id) ? say`live problem` : say`check of hosts`;
}

/** Ids of findings that the file alone does not show: those of machines, datastores and running clusters, and what other files have as well. */
export const ELSEWHERE_IDS: readonly string[] = [...HOST_CHECK_IDS, ...TRIAL_IDS, ...LIVE_IDS, IN_OTHER_FILE];

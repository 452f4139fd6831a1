import { LIVE_IDS } from '../health/live/liveIds';
import { HOST_CHECK_IDS } from '../hostChecks/ids';

/** What a file has in common with another one. */
export const IN_OTHER_FILE = 'in-other-file';

/** Ids of findings that the file alone does not show: those of machines and of the running cluster, and what other files have as well. */
export const ELSEWHERE_IDS: readonly string[] = [...HOST_CHECK_IDS, ...LIVE_IDS, IN_OTHER_FILE];

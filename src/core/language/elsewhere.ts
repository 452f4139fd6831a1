import { HOST_CHECK_IDS } from '../hostChecks/ids';

/** What a file has in common with another one. */
export const IN_OTHER_FILE = 'in-other-file';

/** Ids of findings that the file alone does not show: those of machines, and what other files have as well. */
export const ELSEWHERE_IDS: readonly string[] = [...HOST_CHECK_IDS, IN_OTHER_FILE];

/**
 * The ids of all that a trial of a datastore can find, with what each is: an error keeps servers from starting with it. Apart from
 * the trials, because the editor has to know them and tries nothing at its start.
 */
export const TRIAL_SEVERITIES = {
  'datastore-unreachable': 'error',
  'datastore-slow': 'error',
  'datastore-login': 'error',
  'datastore-not-admitted': 'error',
  'datastore-refuses': 'error',
  'datastore-not-up': 'error',
  'datastore-full': 'error',
  'datastore-wants-encryption': 'error',
  'datastore-not-encrypted': 'error',
  'datastore-certificate-authority': 'error',
  'datastore-certificate-name': 'error',
  'datastore-certificate-expired': 'error',
  'datastore-certificate-not-yet': 'error',
  'datastore-client-certificate': 'error',
  'datastore-database-missing': 'error',
  'datastore-right-missing': 'error',
  'datastore-read-only': 'error',
  'datastore-other-cluster': 'error',
  'datastore-narrow-index': 'error',
  'datastore-snapshot-isolation': 'error',
  'datastore-alarm': 'error',
  'datastore-no-jetstream': 'error',
  'datastore-compaction-behind': 'warning',
  'datastore-several-writers': 'warning',
  'datastore-few-connections': 'warning',
  'datastore-clock': 'warning',
  'datastore-far': 'warning',
  'datastore-has-data': 'warning',
  'datastore-version-untested': 'info',
  'datastore-not-asked': 'info',
  'datastore-own-data': 'info',
  'datastore-simulated': 'info',
} as const;

export type TrialId = keyof typeof TRIAL_SEVERITIES;

export const TRIAL_IDS = Object.keys(TRIAL_SEVERITIES) as readonly TrialId[];

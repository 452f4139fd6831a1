import { CONFIG_CAUSES } from './configCauses';
import { DATASTORE_CAUSES } from './datastoreCauses';
import { ETCD_CAUSES } from './etcdCauses';
import { HOST_CAUSES } from './hostCauses';
import { JOIN_CAUSES } from './joinCauses';
import type { KnownCause } from './knownCause';

/** Every text that is understood. The first that a line holds is its meaning. */
export const JOURNAL_CAUSES: readonly KnownCause[] = [
  ...CONFIG_CAUSES,
  ...DATASTORE_CAUSES,
  ...ETCD_CAUSES,
  ...HOST_CAUSES,
  ...JOIN_CAUSES,
];

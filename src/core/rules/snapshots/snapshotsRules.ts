import type { Rule } from '../rule';
import { retentionInvalid } from './retentionInvalid';
import { s3BucketMissing } from './s3BucketMissing';
import { s3EndpointForm } from './s3EndpointForm';
import { s3SecretIgnored } from './s3SecretIgnored';
import { snapshotCronInvalid } from './snapshotCronInvalid';
import { snapshotCronSameMinute } from './snapshotCronSameMinute';
import { snapshotFlagsWithoutEtcd } from './snapshotFlagsWithoutEtcd';
import { snapshotsDisabled } from './snapshotsDisabled';
import { snapshotsOnlyLocal } from './snapshotsOnlyLocal';

/** Rules about the snapshots of embedded etcd, the most valuable first. */
export const SNAPSHOTS_RULES: readonly Rule[] = [
  snapshotsDisabled,
  snapshotsOnlyLocal,
  snapshotFlagsWithoutEtcd,
  s3BucketMissing,
  s3EndpointForm,
  s3SecretIgnored,
  snapshotCronInvalid,
  snapshotCronSameMinute,
  retentionInvalid,
];

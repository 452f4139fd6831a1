import { say } from '../../base/say';
import { listed, megabytes } from '../../base/words';
import type { EtcdLoad } from '../../facts/etcdLoadFacts';

/** How much of its quota etcd takes: `2147 MB of 2147 MB (100 %)`. */
export function roomWords({ size, quota }: EtcdLoad): string {
  return say`${megabytes(size)} of ${megabytes(quota)} (${Math.round((size / quota) * 100)} %)`;
}

/** The kinds that have the most objects, as the end of a sentence; empty where they were not asked for. */
export function filledBy({ objects }: EtcdLoad): string {
  if (objects.length === 0) return '';
  return say`; most objects are ${listed(objects.map(({ kind, count }) => `${kind} (${Math.round(count)})`))}`;
}

/** What gives etcd room for its writes. */
export function roomSteps(): readonly string[] {
  return [
    say`Delete what fills it.`,
    say`Or write "etcd-arg: [quota-backend-bytes=8589934592]" under servers.config and provision: one server after another starts with it, which defragments it and clears the alarm.`,
  ];
}

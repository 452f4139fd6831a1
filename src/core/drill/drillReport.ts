import { say } from '../base/say';
import { count, listed } from '../base/words';
import type { Answer, Quorum } from '../topology/model';
import type { Gaps } from './gaps';

/** What the diagram and the workloads said before a part was taken away. */
export interface Predicted {
  readonly api: Answer;
  readonly quorum?: Pick<Quorum, 'alive' | 'members' | 'needed'>;
  /** Workloads of which nothing would be left, `shop/db`; absent when they could not be read. */
  readonly stops?: readonly string[];
}

/** What was seen while it was away. */
export interface Seen {
  readonly api: Gaps;
  /** The same of the cluster DNS, asked from a pod; a reason where it was not asked. */
  readonly dns?: Gaps | { readonly notAsked: string };
  readonly quorum?: Pick<Quorum, 'alive' | 'members'>;
  /** Pods that went from their node and came up elsewhere, and workloads of which nothing was Ready at the end. */
  readonly moved?: readonly string[];
  readonly stopped?: readonly string[];
  /** From when it was taken away until it was proved to be back. */
  readonly awayMs: number;
  readonly back: boolean;
}

export interface DrilledPart {
  readonly part: string;
  readonly words: string;
  /** `false`: it was not its turn any more. */
  readonly taken: boolean;
  readonly predicted: Predicted;
  readonly seen?: Seen;
  /** Where what was seen is not what was predicted, as sentences. */
  readonly differences: readonly string[];
}

export interface DrillReport {
  readonly cluster: string;
  /** ISO 8601. */
  readonly began: string;
  readonly ended: string;
  /** What was asked, e.g. `https://10.0.0.100:6443`. */
  readonly address: string;
  readonly everyMs: number;
  readonly watchedSeconds: number;
  readonly simulated: boolean;
  readonly result: 'done' | 'failed' | 'cancelled';
  /** Why it ended early. */
  readonly surprises: readonly string[];
  readonly parts: readonly DrilledPart[];
}

/** An election of etcd takes up to 10 s, and a load balancer some seconds to notice: a longer silence is not what "it goes on" means. */
export const LONGEST_GAP_MS = 15_000;

/** Where the two differ. */
export function differencesOf(predicted: Predicted, seen: Seen): readonly string[] {
  const { api, quorum, stops } = predicted;
  return [
    ...(api.outcome !== 'no' && seen.api.longestMs > LONGEST_GAP_MS
      ? [say`The API was to go on, and was away for ${seconds(seen.api.longestMs)}.`]
      : []),
    ...(api.outcome === 'no' && seen.api.failed === 0
      ? [say`The API was to be away, and answered all the while.`]
      : []),
    ...(quorum !== undefined && seen.quorum !== undefined && quorum.alive !== seen.quorum.alive
      ? [say`${count(quorum.alive, 'voting member')} were to be left, and ${seen.quorum.alive} answered.`]
      : []),
    ...(seen.dns !== undefined && 'failed' in seen.dns && seen.dns.longestMs > LONGEST_GAP_MS
      ? [say`The cluster DNS was silent for ${seconds(seen.dns.longestMs)}.`]
      : []),
    ...surplus(seen.stopped, stops, (names) => say`Nothing was left of ${names}, which was to go on.`),
    ...surplus(stops, seen.stopped, (names) => say`${names} was to stop, and something of it was Ready at the end.`),
    ...(seen.back ? [] : [say`It was not seen to be back: look at it.`]),
  ];
}

function surplus(
  these: readonly string[] | undefined,
  those: readonly string[] | undefined,
  words: (names: string) => string,
): readonly string[] {
  if (these === undefined || those === undefined) return [];
  const more = these.filter((name) => !those.includes(name));
  return more.length === 0 ? [] : [words(listed(more))];
}

/** `0.3 s`, `12.0 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import { megabytes } from '../../core/base/words';
import type { Clock } from '../ports';

/** Below this a file has arrived before anybody could read a word about it. */
const LARGE = 1e6;
/** Parts of a file that are worth a new word. */
const PARTS = 20;

/** Tells how far a large file has got, how fast, and how long the rest will take. */
export function sentWords(
  progress: (message: string) => void,
  clock: Pick<Clock, 'now'>,
): (bytes: number, size: number) => void {
  let told = -1;
  const begin = clock.now();
  return (bytes, size) => {
    const part = Math.floor((bytes * PARTS) / Math.max(size, 1));
    if (size < LARGE || part === told) return;
    told = part;
    const ms = clock.now() - begin;
    const pace =
      bytes >= size || bytes === 0 || ms < 1000
        ? ''
        : say`, ${megabytes((bytes * 1000) / ms)}/s, ${duration(((size - bytes) * ms) / bytes)} left`;
    progress(say`${megabytes(bytes)} of ${megabytes(size)} sent${pace}`);
  };
}

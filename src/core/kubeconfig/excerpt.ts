import { readBlockText, type ListPlaces } from './blockText';
import type { Fields } from './fields';
import type { ListName } from './kubeconfigText';
import { entriesOf, LIST_NAMES } from './kubeconfigText';

/** A kubeconfig without the entries that an edit has nothing to do with. */
interface Excerpt {
  readonly text: string;
  /** Puts the other entries back into the edited excerpt; undefined when it is not certain where they belong. */
  restore(edited: string): string | undefined;
}

/** What is left out of one list, as offsets: the entries from `start` to `from`, and those from `to` to `end`. */
interface Cut {
  readonly list: ListName;
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/**
 * The text with the entry `name` of each list, or with the last entry, behind which a new one comes. Editing and printing
 * these few lines gives the same lines as doing it with the whole file. `data` and `places` are what the text reads as;
 * undefined when a list has no entries yet.
 */
export function excerptOf(text: string, data: Fields, places: ListPlaces, name: string): Excerpt | undefined {
  const cuts: Cut[] = [];
  for (const list of LIST_NAMES) {
    const offsets = places.get(list) ?? [];
    const found = entriesOf(data, list).findIndex((entry) => entry.name === name);
    const index = found === -1 ? offsets.length - 2 : found;
    const [start, from, to, end] = [offsets[0], offsets[index], offsets[index + 1], offsets.at(-1)];
    if (start === undefined || from === undefined || to === undefined || end === undefined) return undefined;
    cuts.push({ list, start, from, to, end });
  }
  cuts.sort((a, b) => a.start - b.start);
  const kept = cuts.map(({ start, from, to }, i) => text.slice(cuts[i - 1]?.end ?? 0, start) + text.slice(from, to));
  return { text: kept.join('') + text.slice(cuts.at(-1)?.end), restore: (edited) => restore(edited, text, cuts) };
}

function restore(edited: string, text: string, cuts: readonly Cut[]): string | undefined {
  const read = readBlockText(edited);
  let result = '';
  let done = 0;
  for (const { list, start, from, to, end } of cuts) {
    const [first, next] = read?.lists.get(list) ?? [];
    // Lists may not change places.
    if (first === undefined || next === undefined || first < done) return undefined;
    result += edited.slice(done, first) + text.slice(start, from) + edited.slice(first, next) + text.slice(to, end);
    done = next;
  }
  return result + edited.slice(done);
}

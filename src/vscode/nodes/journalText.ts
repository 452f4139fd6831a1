import { printableLine } from '../../core/base/printable';

/** Lines of a journal that are kept; older ones go. */
const MOST_LINES = 20_000;
/** The same in characters, for lines that are long. */
const MOST_CHARACTERS = 8 * 1024 * 1024;
/** Trimmed by so much at once, so that not every line moves all others. */
const SLACK = 1.1;

/** The end of a journal, within bounds, as it may be shown. */
export interface JournalText {
  add(lines: readonly string[]): void;
  lines(): readonly string[];
  clear(): void;
}

export function journalText(limits = { lines: MOST_LINES, characters: MOST_CHARACTERS }): JournalText {
  let kept: string[] = [];
  let characters = 0;
  const trim = (): void => {
    if (kept.length <= limits.lines * SLACK && characters <= limits.characters * SLACK) return;
    let from = Math.max(0, kept.length - limits.lines);
    let left = kept.slice(from).reduce((sum, line) => sum + line.length + 1, 0);
    for (; left > limits.characters && from < kept.length - 1; from += 1) left -= (kept[from]?.length ?? 0) + 1;
    kept = kept.slice(from);
    characters = left;
  };
  return {
    add(lines) {
      for (const line of lines) {
        const shown = printableLine(line);
        kept.push(shown);
        characters += shown.length + 1;
      }
      trim();
    },
    lines: () => kept,
    clear() {
      kept = [];
      characters = 0;
    },
  };
}

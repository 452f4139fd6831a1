import type { Path } from '../base/path';
import { LineIndex } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';

/** On which lines (one-based, ascending) of the file each of `texts` stands as a value; texts that stand nowhere are absent. */
export function linesOf(document: ClusterDocument, texts: ReadonlySet<string>): ReadonlyMap<string, readonly number[]> {
  const lines = new LineIndex(document.text);
  const found = new Map<string, Set<number>>();
  // What anchors share is walked once: a file may nest them until walking every use takes for ever.
  const seen = new WeakSet<object>();
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === 'string' && texts.has(value)) {
      const range = document.rangeOf(path, 'value');
      if (range === undefined) return;
      const at = found.get(value) ?? new Set();
      found.set(value, at.add(lines.positionAt(range.start).line + 1));
    }
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
    else for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
  };
  visit(document.data, []);
  return new Map([...found].map(([text, at]) => [text, [...at].sort((a, b) => a - b)]));
}

/** The one-based line of the file on which a value stands; undefined where there is none. */
export function lineOf(document: ClusterDocument, path: Path): number | undefined {
  const range = document.rangeOf(path, 'value');
  return range === undefined ? undefined : new LineIndex(document.text).positionAt(range.start).line + 1;
}

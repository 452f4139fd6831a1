import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { ClusterDocument, PathPart } from '../document/clusterDocument';

/** Where to underline something: the place itself, its key when nothing is written there, one line at most. */
export function visibleRange(document: ClusterDocument, path: Path, part: PathPart): TextRange {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const at = path.slice(0, depth);
    const exact = depth === path.length ? document.rangeOf(at, part) : undefined;
    const found = exact !== undefined && exact.end > exact.start ? exact : document.rangeOf(at, 'key');
    if (found !== undefined && found.end > found.start) return firstLineOf(document.text, found);
  }
  const start = document.text.search(/\S/);
  return start < 0 ? { start: 0, end: 0 } : firstLineOf(document.text, { start, end: document.text.length });
}

function firstLineOf(text: string, range: TextRange): TextRange {
  const lineEnd = text.slice(range.start, range.end).search(/\r?\n/);
  return lineEnd < 0 ? range : { start: range.start, end: range.start + lineEnd };
}

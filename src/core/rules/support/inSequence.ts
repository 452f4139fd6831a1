import type { TextEdit } from '../../base/text';
import { applyEdits } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { parseDocument } from '../../document/parse';

type Step = (document: ClusterDocument) => readonly TextEdit[];

/**
 * The edits of several steps as one list. Steps that touch the same place (two additions at the end of the file) are
 * made one after the other and come out as a single edit; if one of them cannot be made, there are no edits at all.
 */
export function inSequence(document: ClusterDocument, ...steps: readonly Step[]): readonly TextEdit[] {
  const each = steps.map((step) => step(document));
  const all = each.flat().sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const apart = all.every((edit, i) => i === 0 || (all[i - 1]?.range.end ?? 0) < edit.range.start);
  if (apart) return each.some((edits) => edits.length === 0) ? [] : all;
  let current = document;
  for (const step of steps) {
    const edits = step(current);
    if (edits.length === 0) return [];
    current = parseDocument(applyEdits(current.text, edits));
  }
  return [difference(document.text, current.text)];
}

function difference(before: string, after: string): TextEdit {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < limit - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { range: { start, end: before.length - tail }, newText: after.slice(start, after.length - tail) };
}

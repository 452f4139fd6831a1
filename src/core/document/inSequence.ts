import { difference } from '../base/difference';
import type { TextEdit } from '../base/text';
import { applyEdits } from '../base/text';
import type { ClusterDocument } from './clusterDocument';
import { parseDocument } from './parse';

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
    current = parseDocument(applyEdits(current.text, edits), current);
  }
  return difference(document.text, current.text);
}

import { difference } from '../base/difference';
import { applyEdits, type TextEdit } from '../base/text';
import type { RuleLevels } from './control';
import { fixes, type DiagnosticFix } from './validate';

/** A fix can bring up the next finding; this many rounds are never needed by a file that can be mended. */
const MAX_ROUNDS = 200;

export interface FixedAll {
  readonly edits: readonly TextEdit[];
  /** What was done, in order. */
  readonly titles: readonly string[];
}

/** Takes every fix that is right without looking, one after the other, and gives the whole as one edit. */
export function fixAll(text: string, levels: RuleLevels = {}): FixedAll {
  const titles: string[] = [];
  const seen = new Set([text]);
  let current = text;
  while (titles.length < MAX_ROUNDS) {
    const fix = safeFixes(current, levels).find((candidate) => !seen.has(applyEdits(current, candidate.edits)));
    if (fix === undefined) break;
    current = applyEdits(current, fix.edits);
    seen.add(current);
    titles.push(fix.title);
  }
  return { edits: difference(text, current), titles };
}

function safeFixes(text: string, levels: RuleLevels): readonly DiagnosticFix[] {
  return fixes(text, { start: 0, end: text.length }, { levels }).filter((fix) => fix.safe && fix.storeSecrets === undefined);
}

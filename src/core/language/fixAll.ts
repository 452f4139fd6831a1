import { difference } from '../base/difference';
import { applyEdits, type TextEdit } from '../base/text';
import { parseDocument } from '../document/parse';
import type { RuleLevels } from './control';
import { untriedFixes, type DiagnosticFix } from './validate';

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
    const found = nextFix(current, levels, seen);
    if (found === undefined) break;
    const { fix, text: next } = found;
    current = next;
    seen.add(current);
    titles.push(fix.title);
  }
  return { edits: difference(text, current), titles };
}

/** The first safe fix that leaves a readable text which was not there before. */
function nextFix(text: string, levels: RuleLevels, seen: ReadonlySet<string>): { readonly fix: DiagnosticFix; readonly text: string } | undefined {
  const document = parseDocument(text);
  for (const fix of untriedFixes(document, { start: 0, end: text.length }, { levels })) {
    if (!fix.safe || fix.storeSecrets !== undefined) continue;
    const fixed = applyEdits(text, fix.edits);
    if (!seen.has(fixed) && parseDocument(fixed).syntaxProblems.length <= document.syntaxProblems.length) return { fix, text: fixed };
  }
  return undefined;
}

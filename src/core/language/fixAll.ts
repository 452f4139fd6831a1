import { difference } from '../base/difference';
import { finish, type Steps } from '../base/steps';
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
  return finish(fixAllInSteps(text, levels));
}

/** {@link fixAll} with a pause after each fix that is tried. */
export function* fixAllInSteps(text: string, levels: RuleLevels = {}): Steps<FixedAll> {
  const titles: string[] = [];
  const seen = new Set([text]);
  let current = text;
  while (titles.length < MAX_ROUNDS) {
    const found = yield* nextFix(current, levels, seen);
    if (found === undefined) break;
    const { fix, text: next } = found;
    current = next;
    seen.add(current);
    titles.push(fix.title);
  }
  return { edits: difference(text, current), titles };
}

/** The first safe fix that leaves a readable text which was not there before. */
function* nextFix(
  text: string,
  levels: RuleLevels,
  seen: ReadonlySet<string>,
): Steps<{ readonly fix: DiagnosticFix; readonly text: string } | undefined> {
  const document = parseDocument(text);
  for (const fix of untriedFixes(document, { start: 0, end: text.length }, { levels })) {
    yield;
    if (!fix.safe || fix.storeSecrets !== undefined) continue;
    const fixed = applyEdits(text, fix.edits);
    if (!seen.has(fixed) && parseDocument(fixed).syntaxProblems.length <= document.syntaxProblems.length)
      return { fix, text: fixed };
  }
  return undefined;
}

import { isDeepStrictEqual } from 'node:util';
import { importCommands } from '../../src/core/authoring/import/importCommands';
import { applyEdits } from '../../src/core/base/text';
import type { ClusterDocument } from '../../src/core/document/clusterDocument';
import { parseDocument, treeOf } from '../../src/core/document/parse';
import { complete } from '../../src/core/language/complete';
import { fixAll } from '../../src/core/language/fixAll';
import { hover } from '../../src/core/language/hover';
import { documentSymbols } from '../../src/core/language/symbols';
import { fixes, validate } from '../../src/core/language/validate';
import { accident } from './inputs';
import { pasteInput } from './pastes';
import type { Random } from './random';

/** Runs one feature of the editor and gives its result; the caller measures. */
export type Feature = <T>(name: string, work: () => T) => T;

/** What must hold for any text whatever; throws with words when it does not. */
export function checkText(text: string, random: Random, feature: Feature): void {
  const document = feature('parse', () => parseDocument(text));
  const diagnostics = feature('validate', () => validate(document));
  for (const { range, message, related } of diagnostics) {
    for (const place of [range, ...related.map((other) => other.range)])
      if (!(place.start >= 0 && place.end >= place.start && place.end <= text.length))
        throw new Error(`range ${place.start}-${place.end} of "${message}" is not in the text`);
    if (/\bundefined\b|\[object|\bNaN\b/.test(message)) throw new Error(`message is not for people: ${message}`);
  }
  checkChanges(document, random, feature);
  checkImport(pasteInput(random, accident), feature);
  feature('symbols', () => documentSymbols(document));
  for (let i = 0; i < 2; i += 1) {
    const offset = random.below(text.length + 1);
    feature('hover', () => hover(document, offset));
    for (const item of feature('complete', () => complete(text, offset, { document })))
      if (item.range.start > offset || item.range.end < offset)
        throw new Error(`completion "${item.label}" replaces text away from the cursor`);
  }
  if (document.syntaxProblems.length === 0) checkFixes(text, random, feature);
}

/** An import leaves a file that can be read, and shows no secret. */
function checkImport(pasted: string, feature: Feature): void {
  const { edits, notes, done, storeSecrets } = feature('import', () => importCommands(parseDocument(''), pasted));
  const text = applyEdits('', edits);
  const broken = parseDocument(text).syntaxProblems[0];
  if (broken !== undefined) throw new Error(`importing ${JSON.stringify(pasted)} breaks the file: ${broken.message}`);
  const shown = [...notes, ...done, text].join('\n');
  if (/[\ue000-\ue1ff]|\bundefined\b|\[object/.test(shown))
    throw new Error(`importing ${JSON.stringify(pasted)} tells ${JSON.stringify(shown)}`);
  for (const secret of Object.values(storeSecrets))
    if (secret.length > 11 && notes.some((note) => note.includes(secret)))
      throw new Error(`importing ${JSON.stringify(pasted)} shows a secret`);
}

/** Reading only what has changed since the last keystroke gives what reading everything gives. */
export function checkChanges(start: ClusterDocument, random: Random, feature: Feature): void {
  let before = start;
  for (let edits = 0; edits < 4; edits += 1) {
    const text = accident(before.text, random);
    const after = feature('parse change', () => parseDocument(text, before));
    const whole = parseDocument(text);
    for (const [part, of] of Object.entries(PARTS))
      if (!isDeepStrictEqual(of(after), of(whole)))
        throw new Error(`the ${part} of ${JSON.stringify(text)} read after ${JSON.stringify(before.text)} differs`);
    before = after;
  }
}

const PARTS: Readonly<Record<string, (document: ClusterDocument) => unknown>> = {
  problems: (document) => document.syntaxProblems,
  data: (document) => document.data,
  tree: (document) => treeOf(document),
};

const count = <T>(items: readonly T[], is: (item: T) => boolean): number => items.filter(is).length;

/** A fix must leave a readable file with fewer findings of its kind; those of a few findings are tried for each text. */
function checkFixes(text: string, random: Random, feature: Feature): void {
  const before = validate(text);
  for (let tries = Math.min(3, before.length); tries > 0; tries -= 1) {
    const { range } = random.pick(before);
    for (const fix of feature('fixes', () => fixes(text, range))) {
      const after = parseDocument(applyEdits(text, fix.edits));
      const label = `fix "${fix.title}" of ${fix.diagnosticCode}`;
      if (after.syntaxProblems.length > 0)
        throw new Error(`${label} breaks the file: ${after.syntaxProblems[0]?.message ?? ''}`);
      const left = validate(after);
      const gone = before
        .filter(({ code }) => code === fix.diagnosticCode)
        .some((finding) => {
          const same = (other: { readonly code: string; readonly message: string }) =>
            other.code === finding.code && other.message === finding.message;
          return count(left, same) < count(before, same);
        });
      if (!gone) throw new Error(`${label} does not remove the finding`);
    }
  }
  // Many checks one after the other, asked for by a command: no matter of milliseconds.
  const { edits } = fixAll(text);
  const broken = parseDocument(applyEdits(text, edits)).syntaxProblems[0];
  if (broken !== undefined) throw new Error(`"fix all" breaks the file: ${broken.message}`);
}

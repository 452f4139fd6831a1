import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { fixesFor, RULES } from '../../../src/core/rules/registry';
import type { Finding } from '../../../src/core/rules/rule';
import catalogue from './catalogue.json';
import { contextOf, findingsOf, goldenFiles, linesOf, readGolden, wantedFixes, wantsOf } from './goldenFile';
import { hunksOf } from './hunks';
import { forgottenSections, readSaid, writeSaid } from './said';

const files = goldenFiles();
/** Whether a golden file lies in the folder of the rule. */
const isOf = (name: string, ruleId: string) => name.split('/')[1] === ruleId;
const updating = process.env['UPDATE_GOLDEN'] === '1';

describe.each(files)('%s', (name) => {
  const text = readGolden(name);
  const context = contextOf(text);

  it('is a readable file', () => {
    expect(context.document.syntaxProblems).toEqual([]);
  });

  // Advice (info, hint) that the file is not about may be given besides.
  const askedFor = () => {
    const wanted = new Set(wantsOf(text).map(({ ruleId }) => ruleId));
    const isAsked = ({ ruleId, severity }: Finding) =>
      severity === 'error' || severity === 'warning' || wanted.has(ruleId) || isOf(name, ruleId);
    return findingsOf(context).filter(({ finding }) => isAsked(finding));
  };

  it('has exactly the findings it wants', () => {
    const wants = wantsOf(text);
    const found = askedFor().map(({ line, finding }) => ({ line, ruleId: finding.ruleId, message: finding.message }));
    const shortened = found.map((item) => {
      const want = wants.find(
        ({ line, ruleId, message }) => line === item.line && ruleId === item.ruleId && item.message.includes(message),
      );
      return want === undefined ? item : { ...item, message: want.message };
    });
    const order = (a: { line: number; ruleId: string }, b: { line: number; ruleId: string }) =>
      a.line - b.line || a.ruleId.localeCompare(b.ruleId);
    expect(shortened.sort(order)).toEqual(wants.sort(order));
  });

  it('says about them what stands in said.txt', () => {
    const said = askedFor().flatMap((found) => linesOf(context, found));
    if (updating) writeSaid(name, said);
    expect(said).toEqual(readSaid(name));
  });

  it.each(wantedFixes(text))('fix $name of $ruleId', ({ name: fixName, ruleId, title }) => {
    const found = findingsOf(context).find(({ finding }) => finding.ruleId === ruleId);
    if (found === undefined) throw new Error(`no finding ${ruleId}`);
    const fixes = fixesFor(context, found.finding);
    const fix = fixes.find((candidate) => candidate.title.includes(title));
    expect(fix, `a fix "${title}" among ${JSON.stringify(fixes.map((candidate) => candidate.title))}`).toBeDefined();
    const changes = hunksOf(text, applyEdits(text, fix?.edits ?? []));
    if (updating) writeSaid(name, changes, fixName);
    expect(changes, 'run with UPDATE_GOLDEN=1 if this is what the fix is to change').toEqual(readSaid(name, fixName));
  });

  it('every offered fix leaves a readable file without the finding', () => {
    for (const { finding } of findingsOf(context)) {
      for (const fix of fixesFor(context, finding)) {
        const label = `${finding.ruleId}: ${fix.title}`;
        const after = contextOf(applyEdits(text, fix.edits));
        expect(after.document.syntaxProblems, label).toEqual([]);
        const before = findingsOf(context).filter((other) => other.finding.ruleId === finding.ruleId).length;
        const left = findingsOf(after).filter((other) => other.finding.ruleId === finding.ruleId);
        expect(
          left.map((other) => other.finding.message),
          label,
        ).not.toContain(finding.message);
        expect(left.length, label).toBeLessThan(before);
        for (const [secretName, secret] of Object.entries(fix.storeSecrets ?? {})) {
          expect(after.document.text, label).toContain(`\${secret:${secretName}}`);
          expect(secret, label).not.toBe('');
        }
      }
    }
  });

  it('no message holds a secret of the file', () => {
    for (const { finding } of findingsOf(context)) {
      const secrets = fixesFor(context, finding).flatMap((fix) => Object.values(fix.storeSecrets ?? {}));
      const words = [
        finding.message,
        ...(finding.related ?? []).map(({ message }) => message),
        ...fixesFor(context, finding).map(({ title }) => title),
      ];
      for (const secret of secrets.filter((candidate) => candidate.length > 4))
        expect(words.join('\n')).not.toContain(secret);
    }
  });

  it('every related place is in the file', () => {
    for (const { finding } of findingsOf(context)) {
      for (const place of finding.related ?? [])
        expect(context.document.rangeOf(place.path, place.part), finding.ruleId).toBeDefined();
    }
  });
});

describe('coverage', () => {
  it.each(RULES.map((rule) => ({ id: rule.id, isFixable: rule.fix !== undefined })))(
    '$id has a file with the finding, one without, and a fixed one if it has fixes',
    ({ id, isFixable }) => {
      const folder = files.find((name) => isOf(name, id))?.replace(/[^/]*$/, '') ?? `no folder ${id}/`;
      expect(files).toContain(`${folder}bad.k3s.yaml`);
      expect(files).toContain(`${folder}ok.k3s.yaml`);
      const bad = readGolden(`${folder}bad.k3s.yaml`);
      expect(wantsOf(bad).map(({ ruleId }) => ruleId)).toContain(id);
      expect(wantsOf(readGolden(`${folder}ok.k3s.yaml`)).map(({ ruleId }) => ruleId)).not.toContain(id);
      if (isFixable) expect(wantedFixes(bad).map(({ ruleId }) => ruleId)).toContain(id);
      else
        expect(
          findingsOf(contextOf(bad)).flatMap(({ finding }) =>
            finding.ruleId === id ? fixesFor(contextOf(bad), finding) : [],
          ),
        ).toEqual([]);
    },
  );
});

describe('said.txt', () => {
  it('is about files and fixes that are there', () => {
    expect(forgottenSections()).toEqual([]);
  });
});

describe('the catalogue', () => {
  it.each(Object.entries(catalogue))(
    '%s is a rule of that severity, or there is a reason why it is not',
    (id, wanted: { readonly severity: string; readonly note?: string; readonly elsewhere?: string }) => {
      const rule = RULES.find((candidate) => candidate.id === id);
      if (wanted.elsewhere !== undefined) {
        expect(wanted.elsewhere).toMatch(/^[A-Z].{20,}\.$/);
        expect(rule).toBeUndefined();
      } else if (wanted.note === undefined) expect(rule?.severity).toBe(wanted.severity);
      else expect(rule, wanted.note).toBeDefined();
    },
  );
});

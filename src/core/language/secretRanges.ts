import { isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { TextRange } from '../base/text';
import { readPlainConfig } from '../k3s/plainConfig';
import { shownValue } from './shownValue';

/** Where a config.yaml of K3s holds secrets: values that {@link shownValue} does not show, by the key that they stand under. */
export function secretRanges(text: string): readonly TextRange[] {
  const plain = readPlainConfig(text);
  if (plain !== undefined)
    return plain.flatMap(({ key, values }) =>
      values.filter((value) => shownValue(key, value.text) === undefined).map(({ start, end }) => ({ start, end })),
    );
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent' });
  // Of a text that is no YAML nothing is known, so all of it counts.
  if (document.errors.length > 0) return text === '' ? [] : [{ start: 0, end: text.length }];
  const found: TextRange[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? String(key.value) : '';
      for (const item of isSeq(value) ? value.items : [value]) {
        if (!isScalar(item) || item.value === null || item.range === undefined || item.range === null) continue;
        if (shownValue(name, String(item.value)) !== undefined) continue;
        const [start, end] = item.range;
        // The line end of a text of several lines is that of the key.
        found.push({ start, end: start + text.slice(start, end).trimEnd().length });
      }
    },
  });
  return found;
}

import { isPlainKey, isPlainText, ITEM, WHOLE_NUMBER } from './plainConfig';

const QUOTED = /^"([ !#-[\]-~]*)"$/;

/** A value, and where it stands in the file, quotes included. */
export interface PlainValue {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** An option of a config.yaml; `key` as it stands there. */
export interface PlainOption {
  readonly key: string;
  readonly values: readonly PlainValue[];
}

const OPTION = /^([a-z][a-z0-9-]*\+?):(?: (\S*.*))?$/;

/** The options of a config.yaml; undefined when it has anything that is not plain: then only the parser knows. */
export function readPlainConfig(text: string): readonly PlainOption[] | undefined {
  if (text.includes('\r')) return undefined;
  const options: { readonly key: string; readonly values: PlainValue[] }[] = [];
  const keys = new Set<string>();
  let items: PlainValue[] | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const start = at;
    at += line.length + 1;
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith(ITEM)) {
      const item = plainValue(line.slice(ITEM.length), start + ITEM.length);
      if (items === undefined || item === undefined) return undefined;
      items.push(item);
      continue;
    }
    const [, key, written] = OPTION.exec(line) ?? [];
    // A key without a value or an item is null, and one that stands twice is an error.
    if (key === undefined || items?.length === 0 || keys.has(key)) return undefined;
    if (!isPlainKey(key.replace(/\+$/, ''))) return undefined;
    const value = written === undefined ? undefined : plainValue(written, start + key.length + 2);
    if (written !== undefined && value === undefined) return undefined;
    const values = value === undefined ? [] : [value];
    items = value === undefined ? values : undefined;
    keys.add(key);
    options.push({ key, values });
  }
  return items?.length === 0 ? undefined : options;
}

function plainValue(written: string, start: number): PlainValue | undefined {
  const isPlain = isPlainText(written) || written === 'true' || written === 'false' || WHOLE_NUMBER.test(written);
  const text = isPlain ? written : QUOTED.exec(written)?.[1];
  return text === undefined ? undefined : { text, start, end: start + written.length };
}

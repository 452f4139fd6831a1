import { applyEdits } from '../../core/base/text';
import type { ConfigValue } from '../../core/cluster/cluster';
import { secretRanges } from '../../core/language/secretRanges';
import { shownValue } from '../../core/language/shownValue';

const HIDDEN = '«secret»';

/** A config.yaml of a host as it may be shown. */
export function hideInText(text: string): string {
  return applyEdits(
    text,
    secretRanges(text).map((range) => ({ range, newText: HIDDEN })),
  );
}

/** The same of the options of a config.yaml that is written here: nothing has to be read again. */
export function hideInOptions(options: Readonly<Record<string, ConfigValue>>): Readonly<Record<string, ConfigValue>> {
  const shown = <T extends string | number | boolean | null>(name: string, value: T): T | string =>
    value === null || shownValue(name, String(value)) !== undefined ? value : HIDDEN;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]): [string, ConfigValue] => [
      name,
      value !== null && typeof value === 'object'
        ? value.map((item) => shown<typeof item>(name, item))
        : shown(name, value),
    ]),
  );
}

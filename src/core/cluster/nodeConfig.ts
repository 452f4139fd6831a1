import type { ConfigValue } from './cluster';
import { asRecord, remembered } from './shape';

type Config = Readonly<Record<string, ConfigValue>>;

/** The readable K3s options of a `config:` block; maps and nested lists, which K3s has no use for, are left out. */
export const readConfig = remembered((data): Config => {
  const entries = Object.entries(asRecord(data)).flatMap(([key, value]) => {
    const read = readConfigValue(value);
    return read === undefined ? [] : [[key, read] as const];
  });
  return Object.fromEntries(entries);
});

function readConfigValue(value: unknown): ConfigValue | undefined {
  if (isScalar(value) || value === null) return value;
  return Array.isArray(value) ? value.filter(isScalar) : undefined;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/**
 * Lays `own` over `base` as K3s does with several config files: a plain key replaces, `key+` appends.
 * The result has no `key+` any more. https://docs.k3s.io/installation/configuration#value-merge-behavior
 */
export function mergeConfig(base: Config, own: Config): Config {
  const merged = new Map<string, ConfigValue>();
  for (const layer of [base, own]) {
    for (const [key, value] of Object.entries(layer)) if (!key.endsWith('+')) merged.set(key, value);
    for (const [key, value] of Object.entries(layer)) {
      if (key.endsWith('+')) merged.set(key.slice(0, -1), [...asList(merged.get(key.slice(0, -1))), ...asList(value)]);
    }
  }
  return Object.fromEntries(merged);
}

function asList(value: ConfigValue | undefined): readonly (string | number | boolean)[] {
  if (value === undefined || value === null) return [];
  return isScalar(value) ? [value] : value;
}

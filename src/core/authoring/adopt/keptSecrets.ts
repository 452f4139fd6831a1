import type { KeepSecret } from './hostOptions';

/** Secrets that were found on hosts, by the names under which an adopted file refers to them. */
export interface KeptSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** The reference to a value; the same one for the same value of the same option. */
  readonly keep: KeepSecret;
}

/** `prefix`: name of the cluster, since stores of secrets hold those of several. */
export function keptSecrets(prefix: string): KeptSecrets {
  const values: Record<string, string> = {};
  return {
    values,
    keep: (option, value) => {
      const base = `${prefix}-${option.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
      for (let number = 1; ; number += 1) {
        const name = number === 1 ? base : `${base}-${number}`;
        values[name] ??= value;
        if (values[name] === value) return `\${secret:${name}}`;
      }
    },
  };
}

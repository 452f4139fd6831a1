import { shownValue } from './shownValue';

/** A key and its value on one line, in YAML, JSON, TOML and files of variables. */
const PAIR = /^[\s-]*["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*["']?(\S.*)$/gm;

/**
 * Whether a text may hold a secret and is better not shown: a private key, a Secret of Kubernetes, or a value under a
 * name that says so.
 */
export function mayHoldSecret(text: string): boolean {
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text) || /^kind:\s*["']?Secret["']?\s*$/m.test(text)) return true;
  return [...text.matchAll(PAIR)].some(
    ([, key = '', value = '']) => shownValue(key.replaceAll('_', '-'), value) === undefined,
  );
}

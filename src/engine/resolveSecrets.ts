import type { Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import type { SecretSource } from './ports';

/** Values of references, by the text that holds them; the only place in a run where secrets are plain. */
export interface ResolvedSecrets {
  /** The text with every reference replaced; a text without references comes back unchanged. */
  text(written: string): string;
  /** Everything that has to be masked wherever it might be shown. */
  readonly masks: readonly string[];
}

const REFERENCE = /\$\{(secret|env|file):([^}]+)\}/g;

/** Resolves all references of `texts` once. Reports every missing one, not only the first. */
export async function resolveSecrets(texts: readonly string[], source: SecretSource): Promise<Result<ResolvedSecrets, readonly Problem[]>> {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  for (const reference of new Set(texts.flatMap((text) => text.match(REFERENCE) ?? []))) {
    const value = await source.resolve(reference);
    if (value.ok) values.set(reference, value.value);
    else problems.push(value.error);
  }
  if (problems.length > 0) return err(problems);
  return ok({
    text: (written) => written.replaceAll(REFERENCE, (reference) => values.get(reference) ?? reference),
    masks: [...values.values()].filter((value) => value !== ''),
  });
}

import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { applyEdits } from '../../core/base/text';
import { listReferences } from '../../core/cluster/references';
import type { SecretSource } from '../ports';

/** Values of references, by the text that holds them; the only place in a run where secrets are plain. */
export interface ResolvedSecrets {
  /** The text with every reference replaced; a text without references comes back unchanged. */
  text(written: string): string;
  /** Everything that has to be masked wherever it might be shown. */
  readonly masks: readonly string[];
}

/** Resolves all references of `texts` once. Reports every missing one, not only the first. */
export async function resolveSecrets(
  texts: readonly string[],
  source: SecretSource,
): Promise<Result<ResolvedSecrets, readonly Problem[]>> {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  for (const reference of new Set(texts.flatMap(referencesIn))) {
    const value = await source.resolve(reference);
    if (value.ok) values.set(reference, value.value);
    else problems.push(value.error);
  }
  if (problems.length > 0) return err(problems);
  return ok({
    text: (written) =>
      applyEdits(
        written,
        listReferences(written).map(({ range }) => ({
          range,
          newText: values.get(written.slice(range.start, range.end)) ?? '',
        })),
      ),
    masks: [...values.values()].filter((value) => value !== ''),
  });
}

function referencesIn(text: string): string[] {
  return listReferences(text).map(({ range }) => text.slice(range.start, range.end));
}

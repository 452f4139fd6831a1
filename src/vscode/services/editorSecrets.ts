import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { applyEdits, type TextEdit } from '../../core/base/text';
import { listReferences } from '../../core/cluster/references';
import type { SecretSource } from '../../engine/ports';
import type { FileSecrets } from './secretVault';

/** What was typed in this session and has not worked yet, and what a host refused, by name. */
export interface TypedSecrets {
  readonly typed: Map<string, string>;
  readonly doubted: Set<string>;
}

/**
 * Resolves references for the editor: `${secret:…}` from the secrets of the file, asking for what they do not hold;
 * everything else (`env`, `file`) by `other`. What was typed is stored when it has worked, and asked for again when not.
 */
export function editorSecrets(
  stored: FileSecrets,
  other: SecretSource,
  session: TypedSecrets,
  ask: (name: string, refused: boolean) => Thenable<string | undefined>,
): SecretSource {
  const { typed, doubted } = session;
  const used = new Set<string>();

  const secret = async (name: string): Promise<Result<string, Problem>> => {
    used.add(name);
    const known = doubted.has(name) ? undefined : (typed.get(name) ?? (await stored.get(name)));
    if (known !== undefined) return ok(known);
    const value = await ask(name, doubted.has(name));
    if (value === undefined || value === '') {
      return err(
        problem('secret-missing', say`The secret "${name}" is not known`, {
          nextSteps: [say`Run the command again and enter it, or change \${secret:${name}} in the cluster file.`],
        }),
      );
    }
    typed.set(name, value);
    doubted.delete(name);
    return ok(value);
  };

  return {
    async resolve(text) {
      const edits: TextEdit[] = [];
      for (const { kind, name, range } of listReferences(text)) {
        const value: Result<string, Problem> =
          kind === 'secret' ? await secret(name) : await other.resolve(text.slice(range.start, range.end));
        if (!value.ok) return value;
        edits.push({ range, newText: value.value });
      }
      return ok(applyEdits(text, edits));
    },
    async worked(text) {
      for (const name of text === undefined ? used : secretNames(text)) {
        const value = typed.get(name);
        if (value === undefined) continue;
        await stored.store(name, value);
        typed.delete(name);
      }
    },
    refused(text) {
      for (const name of secretNames(text)) {
        typed.delete(name);
        doubted.add(name);
      }
    },
  };
}

function secretNames(text: string): string[] {
  return listReferences(text).flatMap(({ kind, name }) => (kind === 'secret' ? [name] : []));
}

import { isMap, parseDocument } from 'yaml';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Files } from '../../engine/ports';
import { readPrivateFile } from './privateFile';

/**
 * Adds secrets to a file that the person named, which only they can read. A name that has another value there is refused,
 * and nothing is written then.
 */
export async function addSecrets(
  path: string,
  secrets: Readonly<Record<string, string>>,
  files: Pick<Files, 'writeAtomic'>,
): Promise<Result<void, Problem>> {
  const read = await readPrivateFile(path, 'Secrets');
  if (!read.ok) return read;
  // As when they are read: every value is a text.
  const document = parseDocument(read.value ?? '', { schema: 'failsafe', prettyErrors: false });
  const isEmpty = (read.value ?? '').trim() === '';
  if (document.errors.length > 0 || !(isEmpty || isMap(document.contents)))
    return err(
      problem('secret-file-invalid', `The secrets file ${path} is no list of names and values, so nothing was added.`, {
        nextSteps: ['Write one "name: value" per line, or name another file.'],
      }),
    );
  const present = new Map(
    Object.keys(secrets).flatMap((name) => {
      const value = isMap(document.contents) ? (document.contents.get(name) as unknown) : undefined;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const other = [...present].filter(([name, value]) => value !== secrets[name]).map(([name]) => name);
  if (other.length > 0)
    return err(
      problem('secret-differs', `${path} has another value of ${other.join(', ')}, so nothing was added.`, {
        why: 'A running cluster may need the old one.',
        nextSteps: ['Name another file, or give the cluster another name with --name.'],
      }),
    );
  const lines = Object.entries(secrets)
    .filter(([name]) => !present.has(name))
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}\n`);
  if (lines.length === 0) return ok(undefined);
  const before = isEmpty ? '' : (read.value ?? '').replace(/\n*$/, '\n');
  await files.writeAtomic(path, before + lines.join(''), 0o600);
  return ok(undefined);
}

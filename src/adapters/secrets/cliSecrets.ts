import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../../core/base/problem';
import { problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import type { TextEdit } from '../../core/base/text';
import { applyEdits } from '../../core/base/text';
import type { Reference } from '../../core/cluster/references';
import { listReferences } from '../../core/cluster/references';
import type { SecretSource } from '../../engine/ports';
import { contains } from '../files/realPath';
import { readPrivateFile } from './privateFile';

export interface CliSecretsOptions {
  /** YAML or JSON map from secret name to value, readable by its owner only. Default: ~/.config/k3s-ha/secrets.yaml */
  readonly file?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that `${file:…}` is relative to: the one of the cluster file. */
  readonly baseDir: string;
}

/**
 * Secrets without an editor: `${env:NAME}`, `${file:path}`, and `${secret:name}` from the environment
 * (`K3S_HA_SECRET_<NAME>`) or the secrets file. Problems name the reference, never a value.
 */
export function createCliSecrets(options: CliSecretsOptions): SecretSource {
  return {
    async resolve(text) {
      const edits: TextEdit[] = [];
      for (const reference of listReferences(text)) {
        const value = await valueOf(reference, options);
        if (!value.ok) return value;
        edits.push({ range: reference.range, newText: value.value });
      }
      return ok(applyEdits(text, edits));
    },
    // Nothing is stored here, and nobody is asked again.
    worked: async () => undefined,
    refused: () => undefined,
  };
}

type Value = Promise<Result<string, Problem>>;

function valueOf(reference: Reference, options: CliSecretsOptions): Value {
  switch (reference.kind) {
    case 'env':
      return fromEnvironment(reference.name, options.env);
    case 'file':
      return fromFile(reference.name, options.baseDir);
    case 'secret':
      return fromSecrets(reference.name, options);
  }
}

async function fromEnvironment(name: string, env: CliSecretsOptions['env']): Value {
  const value = env[name];
  return value === undefined
    ? missing(`\${env:${name}}`, 'The environment variable is not set.', [
        `Set ${name} in the environment of this command.`,
      ])
    : ok(value);
}

async function fromFile(name: string, baseDir: string): Value {
  const path = locate(name, baseDir);
  // Whoever agreed to a path that shows that it leads elsewhere (/…, ~/…, ../…) has seen it; a link inside the folder shows nothing.
  const read = await readPrivateFile(
    path,
    `\${file:${name}}`,
    showsWhere(name, path, baseDir) ? {} : { inside: baseDir },
  );
  if (!read.ok) return read;
  if (read.value === undefined)
    return missing(`\${file:${name}}`, `There is no file ${path}.`, [
      `Write the value to ${path} and allow access to its owner only (chmod 600).`,
    ]);
  // Editors and echo end a file with a line break that is not part of the secret.
  return ok(read.value.replace(/\r?\n$/, ''));
}

async function fromSecrets(name: string, options: CliSecretsOptions): Value {
  const variable = `K3S_HA_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
  const fromEnv = options.env[variable];
  if (fromEnv !== undefined && fromEnv !== '') return ok(fromEnv);
  const path = locate(options.file ?? '~/.config/k3s-ha/secrets.yaml', options.baseDir);
  const read = await readPrivateFile(path, `\${secret:${name}}`);
  if (!read.ok) return read;
  const found = read.value === undefined ? ok(undefined) : lookUp(read.value, name, path);
  if (!found.ok) return found;
  if (found.value !== undefined && found.value !== '') return ok(found.value);
  const why = `${read.value === undefined ? `There is no file ${path}` : `${path} has no value for "${name}"`}, and ${variable} is not set.`;
  return missing(`\${secret:${name}}`, why, [
    `Add a line "${name}: <value>" to ${path} (chmod 600), or set ${variable} in the environment of this command.`,
  ]);
}

/** Every value is read as text: `007` and `yes` are passwords here, not a number and a boolean. */
function lookUp(text: string, name: string, path: string): Result<string | undefined, Problem> {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', prettyErrors: false, lineCounter: lines });
  const fault = document.errors[0];
  const invalid = (why: string): Result<never, Problem> =>
    err(
      problem('secret-file-invalid', `The secrets file ${path} cannot be used.`, {
        why,
        nextSteps: ['Write one "name: value" per line; put values with special characters in quotes.'],
      }),
    );
  if (fault !== undefined) return invalid(`Line ${lines.linePos(fault.pos[0]).line} is not valid YAML.`);
  if (document.contents === null) return ok(undefined);
  if (!isMap(document.contents))
    return isScalar(document.contents) && document.contents.value === ''
      ? ok(undefined)
      : invalid('It is not a map from names to values.');
  const value = document.contents.get(name) as unknown;
  return value === undefined || typeof value === 'string' ? ok(value) : invalid(`The value of "${name}" is not text.`);
}

function locate(path: string, baseDir: string): string {
  if (isOfHome(path)) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(baseDir, path);
}

function showsWhere(name: string, path: string, baseDir: string): boolean {
  return isAbsolute(name) || isOfHome(name) || !contains(resolve(baseDir), path);
}

function isOfHome(path: string): boolean {
  return path === '~' || path.startsWith('~/');
}

function missing(reference: string, why: string, nextSteps: readonly string[]): Result<never, Problem> {
  return err(problem('secret-missing', `${reference} has no value.`, { why, nextSteps }));
}
